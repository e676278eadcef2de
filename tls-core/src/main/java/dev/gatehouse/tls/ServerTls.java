package dev.gatehouse.tls;

import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS side of a server: makes the {@link SSLContext} whose handshakes are answered by a {@link CertificateResolver}.
 * Any JSSE server takes it.
 *
 * <p>Engines and sockets of the context come with an {@link javax.net.ssl.SNIMatcher} installed. It ends a handshake for
 * a name that is not served with the alert {@code unrecognized_name}, and makes the JDK refuse to resume a session
 * under another name. A server that replaces {@code SSLParameters} wholesale must keep their matchers.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ServerTls {

    static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(25);
    static final int DEFAULT_MAX_WAITERS = 100;

    private final BoundedWait wait;

    private ServerTls(BoundedWait wait) {
        this.wait = wait;
    }

    /**
     * Takes a resolver and the defaults: handshakes wait at most 25 seconds, at most 100 of them at once.
     *
     * @param resolver finds the credentials
     * @return the TLS side
     */
    public static ServerTls using(CertificateResolver resolver) {
        return builder(resolver).build();
    }

    /**
     * Starts with a resolver.
     *
     * @param resolver finds the credentials
     * @return a builder
     */
    public static Builder builder(CertificateResolver resolver) {
        return new Builder(resolver);
    }

    /**
     * Makes a context of the default JSSE provider. It trusts the JVM's certificate authorities, should a server ask for
     * client certificates.
     *
     * @return a new context; sessions are resumed within one context, so a server makes it once
     * @throws IllegalStateException if the JVM has no TLS
     */
    public SSLContext sslContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager()}, null, null);
            return SniMatchingContext.around(context, wait);
        } catch (GeneralSecurityException noTls) {
            throw new IllegalStateException("The JVM has no JSSE provider with TLS. Check java.security.", noTls);
        }
    }

    /** {@return a key manager alone, for a server that makes its context itself and installs its own SNI matcher} */
    public SniKeyManager keyManager() {
        return SniKeyManager.using(wait);
    }

    /** Collects the settings. Not safe for use by several threads. */
    public static final class Builder {

        private final CertificateResolver resolver;
        private @Nullable Duration maxWait;
        private @Nullable Integer maxWaiters;

        private Builder(CertificateResolver resolver) {
            this.resolver = resolver;
        }

        /**
         * Bounds how long one handshake waits for the resolver. Default 25 seconds.
         *
         * @param maxWait more than zero
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder maxWait(Duration maxWait) {
            requireUnset(this.maxWait, "maxWait");
            this.maxWait = maxWait;
            return this;
        }

        /**
         * Bounds how many handshakes wait for the resolver at once; the others are refused. Keep it below the number of
         * threads on which the server runs handshakes. Default 100.
         *
         * @param maxWaiters at least 1
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder maxWaiters(int maxWaiters) {
            requireUnset(this.maxWaiters, "maxWaiters");
            this.maxWaiters = maxWaiters;
            return this;
        }

        /**
         * Makes the TLS side.
         *
         * @return the TLS side
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public ServerTls build() {
            return new ServerTls(BoundedWait.on(
                    resolver,
                    maxWait == null ? DEFAULT_MAX_WAIT : maxWait,
                    maxWaiters == null ? DEFAULT_MAX_WAITERS : maxWaiters));
        }

        private static void requireUnset(@Nullable Object value, String setting) {
            if (value != null) {
                throw new IllegalStateException(setting + " was already set to " + value);
            }
        }
    }
}
