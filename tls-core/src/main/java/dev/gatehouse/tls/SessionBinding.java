package dev.gatehouse.tls;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session from being resumed under another server name. The JDK and BouncyCastle do that by themselves as soon as
 * there is an SNI matcher. Conscrypt resumes under any name; but it compares the session id context, which an engine takes
 * over from its context when it is made. So that is the hash of the server name where it is known beforehand, and one of its
 * own for each engine where it is not, which means that nothing is resumed.
 *
 * <p>Conscrypt has the method for it, though not as public API. A version without it gets sessions that end after a second.
 *
 * <p>Safe for use by several threads.
 */
final class SessionBinding {

    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private static final int SHORTEST_LIFETIME_SECONDS = 1;

    private final SSLSessionContext sessions;
    private final @Nullable ConscryptMethods conscrypt;
    private long engines;

    private SessionBinding(SSLSessionContext sessions, @Nullable ConscryptMethods conscrypt) {
        this.sessions = sessions;
        this.conscrypt = conscrypt;
    }

    /** Takes a context that is initialised, and whose session lifetime is set. */
    static SessionBinding of(SSLContext context) {
        SSLSessionContext sessions = context.getServerSessionContext();
        if (!isConscrypt(sessions)) {
            return new SessionBinding(sessions, null);
        }
        try {
            return new SessionBinding(sessions, ConscryptMethods.of(sessions.getClass()));
        } catch (ReflectiveOperationException | RuntimeException otherVersion) {
            log.warn(
                    "Conscrypt: sessions cannot be bound to server names, so they end after {} s: {}."
                            + " Use another version of Conscrypt if clients are to resume sessions.",
                    SHORTEST_LIFETIME_SECONDS,
                    String.valueOf(otherVersion));
            sessions.setSessionTimeout(SHORTEST_LIFETIME_SECONDS);
            return new SessionBinding(sessions, null);
        }
    }

    private static boolean isConscrypt(SSLSessionContext sessions) {
        return sessions.getClass().getName().contains("conscrypt.");
    }

    /**
     * Makes an engine.
     *
     * @param factory makes it of the context
     * @param serverName what the client is going to ask for, if that is known
     */
    SSLEngine newEngine(Supplier<SSLEngine> factory, Optional<ServerName> serverName) {
        if (conscrypt == null) {
            return factory.get();
        }
        byte[] sessionIdContext = serverName.map(SessionBinding::hash).orElse(null);
        SSLEngine engine;
        synchronized (this) {
            conscrypt.setSessionIdContext(sessions, sessionIdContext == null ? next() : sessionIdContext);
            engine = factory.get();
        }
        conscrypt.setUseSessionTickets(engine, serverName.isPresent());
        return engine;
    }

    /** Whether server sockets of the context keep sessions apart. Conscrypt's give us no say when they accept a connection. */
    boolean holdsForServerSockets() {
        return !isConscrypt(sessions);
    }

    /** Shorter than a hash, so never equal to one. */
    private byte[] next() {
        return ByteBuffer.allocate(Long.BYTES).putLong(++engines).array();
    }

    private static byte[] hash(ServerName name) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name.value().getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    /** The methods of Conscrypt, which is not among the libraries that this is compiled with. */
    private record ConscryptMethods(Method setSessionIdContextMethod, Method setUseSessionTicketsMethod) {

        /** The first one is spelled with three s in Conscrypt. */
        static ConscryptMethods of(Class<?> sessionContext) throws ReflectiveOperationException {
            Method setSessionIdContext =
                    sessionContext.getSuperclass().getDeclaredMethod("setSesssionIdContext", byte[].class);
            setSessionIdContext.setAccessible(true);
            Class<?> publicApi = Class.forName(
                    sessionContext.getPackageName() + ".Conscrypt", true, sessionContext.getClassLoader());
            return new ConscryptMethods(
                    setSessionIdContext, publicApi.getMethod("setUseSessionTickets", SSLEngine.class, boolean.class));
        }

        void setSessionIdContext(SSLSessionContext sessions, byte[] sessionIdContext) {
            call(setSessionIdContextMethod, sessions, sessionIdContext);
        }

        void setUseSessionTickets(SSLEngine engine, boolean useTickets) {
            call(setUseSessionTicketsMethod, null, engine, useTickets);
        }

        private static void call(Method method, @Nullable Object target, Object... arguments) {
            try {
                method.invoke(target, arguments);
            } catch (IllegalAccessException | InvocationTargetException failure) {
                throw new IllegalStateException("Conscrypt: " + method.getName() + " failed", failure);
            }
        }
    }
}
