package dev.gatehouse.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key manager that shows the certificate that a {@link CertificateResolver} finds for the server name of the handshake.
 * It works with engines and sockets of any JSSE provider.
 *
 * <p><b>Waiting.</b> JSSE calls it on the thread that runs the handshake, and it waits there until the resolver has
 * answered: no longer than the bound on time, and on no more threads than the bound on waiters, so that handshakes for
 * made-up names cannot take all threads of a server. A handshake beyond the bounds is refused and logged.
 *
 * <p><b>Aliases.</b> An alias names one immutable credential, not a host, so that a key is never paired with the chain of
 * its successor. It can be asked for until some minutes after it was last chosen, even when the credential has been
 * replaced since.
 *
 * <p>It never throws: JDK 17 would leave the connection open without an alert. When nothing fits it returns null, which
 * ends the handshake. {@link ServerTls} installs it together with what makes the alert {@code unrecognized_name}.
 *
 * <p>Safe for use by several threads.
 */
public final class SniKeyManager extends X509ExtendedKeyManager {

    private static final Logger log = LoggerFactory.getLogger(SniKeyManager.class);

    private final BoundedWait wait;
    private final RecentlyChosen recentlyChosen;
    private final HandshakeChoice choice;

    /** Whether engines may bring an admission along; looking for one makes a copy of all their parameters. */
    private final boolean isBehindGate;

    private SniKeyManager(BoundedWait wait, RecentlyChosen recentlyChosen, boolean isBehindGate) {
        this.isBehindGate = isBehindGate;
        this.wait = wait;
        this.recentlyChosen = recentlyChosen;
        this.choice = new HandshakeChoice(wait, recentlyChosen);
    }

    /**
     * Makes a key manager that waits at most 25 seconds, in at most 100 handshakes at once.
     *
     * @param resolver finds the credentials
     * @return the key manager
     */
    public static SniKeyManager using(CertificateResolver resolver) {
        return using(resolver, ServerTls.DEFAULT_MAX_WAIT, ServerTls.DEFAULT_MAX_WAITERS);
    }

    /**
     * Makes a key manager with bounds of its own.
     *
     * @param resolver finds the credentials
     * @param maxWait how long one handshake waits for the resolver
     * @param maxWaiters how many handshakes wait at once; less than the threads that run handshakes
     * @return the key manager
     */
    public static SniKeyManager using(CertificateResolver resolver, Duration maxWait, int maxWaiters) {
        RefusalLog refusals = new RefusalLog(InstantSource.system(), refusal -> {});
        BoundedWait wait = BoundedWait.on(resolver, maxWait, maxWaiters, refusals);
        return new SniKeyManager(wait, new RecentlyChosen(InstantSource.system()), false);
    }

    /** Makes the key manager of a {@link ServerTls}, whose engines may come through a {@link TlsGate}. */
    static SniKeyManager behindGate(BoundedWait wait) {
        return new SniKeyManager(wait, new RecentlyChosen(InstantSource.system()), true);
    }

    /**
     * Makes the matcher that belongs to this key manager: it refuses the server names for which there is no credential, so
     * that the client gets the alert {@code unrecognized_name}, and it keeps the JDK from resuming a session under another
     * name. Contexts of {@link ServerTls} come with it. A server that makes its context itself sets it with {@link
     * javax.net.ssl.SSLParameters#setSNIMatchers} on each engine, or once on its server socket.
     *
     * <p>It waits for the resolver as the key manager does.
     *
     * @return a matcher, safe for use by several threads and any number of engines
     */
    public SNIMatcher sniMatcher() {
        return ServedNameMatcher.waiting(wait);
    }

    /**
     * Makes a matcher for servers that call it on a thread that must not wait, as Netty with OpenSSL does. It accepts a name
     * about which the resolver has not decided at once, and leaves the waiting to the key manager; a name that turns out not
     * to be served is refused with another alert then.
     *
     * @return a matcher, safe for use by several threads and any number of engines
     */
    public SNIMatcher sniMatcherThatNeverWaits() {
        return ServedNameMatcher.notWaiting(wait);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (engine == null) {
            return null;
        }
        AdmissionMatcher admission = isBehindGate ? AdmissionMatcher.of(engine) : null;
        return admission == null ? choose(keyType, engine, engine.getHandshakeSession()) : admitted(keyType, admission);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return socket instanceof SSLSocket tls ? choose(keyType, tls, tls.getHandshakeSession()) : null;
    }

    /**
     * A null session is normal: JDK 25 asks while it checks a session ticket, before the server name is known. It gets
     * the cheap answer, which makes the handshake a full one.
     */
    private @Nullable String choose(String keyType, Object connection, @Nullable SSLSession session) {
        if (!(session instanceof ExtendedSSLSession handshake)) {
            return null;
        }
        Optional<KeyType> family = KeyType.ofJsse(keyType);
        if (family.isEmpty()) {
            return null;
        }
        try {
            return choice.alias(family.get(), handshake, ProviderDisclosure.of(connection))
                    .orElse(null);
        } catch (RuntimeException failure) {
            log.warn(
                    "{}: handshake refused, the TLS provider does not show what the client asked for: {}."
                            + " Use another version of the provider.",
                    connection.getClass().getName(),
                    String.valueOf(failure));
            return null;
        }
    }

    private @Nullable String admitted(String keyType, AdmissionMatcher admission) {
        return KeyType.ofJsse(keyType)
                .flatMap(admission::ofType)
                .map(recentlyChosen::remember)
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return recentlyChosen.open(alias).map(OpenedCredential::privateKey).orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return recentlyChosen
                .open(alias)
                .map(opened -> opened.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    /** {@return null: which aliases there are is known only for a server name} */
    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    /** {@return null: this is for servers} */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    /** {@return null: this is for servers} */
    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    /** {@return null: this is for servers} */
    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return null;
    }
}
