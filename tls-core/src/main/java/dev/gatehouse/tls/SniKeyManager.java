package dev.gatehouse.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

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

    private final BoundedWait wait;
    private final RecentlyChosen recentlyChosen;

    private SniKeyManager(BoundedWait wait, RecentlyChosen recentlyChosen) {
        this.wait = wait;
        this.recentlyChosen = recentlyChosen;
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
        return using(BoundedWait.on(resolver, maxWait, maxWaiters));
    }

    static SniKeyManager using(BoundedWait wait) {
        return new SniKeyManager(wait, new RecentlyChosen(InstantSource.system()));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return engine == null ? null : choose(keyType, engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return socket instanceof SSLSocket sslSocket ? choose(keyType, sslSocket.getHandshakeSession()) : null;
    }

    /**
     * A null session is normal: JDK 25 asks while it checks a session ticket, before the server name is known. It gets
     * the cheap answer, which makes the handshake a full one.
     */
    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        if (!(session instanceof ExtendedSSLSession handshake)) {
            return null;
        }
        Optional<KeyType> family = KeyType.ofJsse(keyType);
        if (family.isEmpty()) {
            return null;
        }
        return HandshakeChoice.in(handshake, wait)
                .ofType(family.get(), wait)
                .map(recentlyChosen::remember)
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return recentlyChosen.find(alias).map(Credential::privateKey).orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return recentlyChosen
                .find(alias)
                .map(credential -> credential.chain().toArray(X509Certificate[]::new))
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
