package dev.gatehouse.routing;

import dev.gatehouse.routing.internal.table.HostName;
import dev.gatehouse.routing.internal.tls.ClientContexts;
import dev.gatehouse.routing.internal.tls.PemText;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom to trust at the other end of a TLS connection to a {@link Target}, and as whom to appear there.
 *
 * <pre>{@code
 * Target.of("https://10.0.0.5:8443").withTls(OriginTls.builder()
 *         .trustedCertificates(Path.of("/etc/app/ca.pem"))
 *         .serverName("app.internal")
 *         .clientCertificate(Path.of("/etc/app/client.pem"), Path.of("/etc/app/client.key"))
 *         .build());
 * }</pre>
 *
 * <p>The certificate of the target must have a valid chain to a trusted one, and the name of the target among its subject
 * alternative names (RFC 9525; the common name does not count). TLS 1.3 and 1.2 are spoken. Sessions are resumed, so
 * targets that share settings should share one object.
 *
 * <p>Immutable. Objects are equal if they were made of equal certificates and keys; connections are shared between equal
 * targets.
 */
public final class OriginTls {

    private static final Logger LOG = LoggerFactory.getLogger(OriginTls.class);

    private final SSLContext context;
    private final @Nullable String serverName;
    private final boolean insecure;
    private final boolean contextIsGiven;

    /** What was set, other than the above, as it is compared. */
    private final List<Object> identity;

    private final AtomicBoolean warned = new AtomicBoolean();

    /** Made when it is needed: reading the system's certificates takes a moment. */
    private static final class SystemTrust {
        static final OriginTls INSTANCE = builder().build();
    }

    private OriginTls(Builder builder) {
        serverName = builder.serverName;
        insecure = Boolean.TRUE.equals(builder.insecure);
        contextIsGiven = builder.sslContext != null;
        identity = builder.identity();
        context = builder.context();
    }

    /** {@return the settings of targets for which none are set: who is trusted by the system is trusted} */
    public static OriginTls systemTrust() {
        return SystemTrust.INSTANCE;
    }

    /** {@return a builder, which makes the same as {@link #systemTrust} if nothing is set} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes an engine for one connection. May be called by any thread; does not block.
     *
     * @param host the host of the target, which is asked for and verified unless another {@link #serverName} is set
     * @param port the port of the target; sessions are resumed where both are the same
     * @param applicationProtocols what is offered by ALPN (RFC 7301), the preferred one first
     * @return an engine in client mode
     */
    public SSLEngine newEngine(String host, int port, String... applicationProtocols) {
        String name = serverName != null ? serverName : host;
        if (insecure && !warned.getAndSet(true)) {
            LOG.warn(
                    "{}:{}: the certificate of this target is not verified, so whoever is on the way can read and change"
                            + " everything. Trust its certificate or its issuer instead",
                    host,
                    port);
        }
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(asked(name));
        parameters.setApplicationProtocols(applicationProtocols);
        if (contextIsGiven) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** An address cannot be asked for, nor a name with an underscore, as some private networks have it. */
    private static List<SNIServerName> asked(String name) {
        boolean isAskable = !name.startsWith("[") && !HostName.isIpv4(name) && name.indexOf('_') < 0;
        return isAskable ? List.of(new SNIHostName(name)) : List.of();
    }

    /** {@return the name that is asked for and verified; null if it is the host of the target} */
    public @Nullable String serverName() {
        return serverName;
    }

    /** {@return whether any certificate is accepted} */
    public boolean isInsecure() {
        return insecure;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OriginTls that
                && insecure == that.insecure
                && Objects.equals(serverName, that.serverName)
                && identity.equals(that.identity);
    }

    @Override
    public int hashCode() {
        return Objects.hash(insecure, serverName, identity);
    }

    /** {@return what distinguishes the settings, for a log; no key is part of it} */
    @Override
    public String toString() {
        return "OriginTls[" + (insecure ? "insecure" : "verifying")
                + (serverName == null ? "" : ", server name " + serverName) + "]";
    }

    /** Collects settings. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable String serverName;
        private @Nullable Boolean insecure;
        private @Nullable Set<X509Certificate> trusted;
        private @Nullable PrivateKey clientKey;
        private @Nullable List<X509Certificate> clientChain;
        private @Nullable X509KeyManager clientKeys;
        private @Nullable SSLContext sslContext;

        private Builder() {}

        /**
         * Trusts these certificates and what they have issued, in place of those that the system trusts.
         *
         * @param certificates of CAs or of targets themselves, at least one
         * @return this builder
         * @throws IllegalArgumentException if there is none
         * @throws IllegalStateException if set before
         */
        public Builder trustedCertificates(Collection<X509Certificate> certificates) {
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("trustedCertificates: none (give at least one)");
            }
            if (trusted != null) {
                throw new IllegalStateException("trustedCertificates: set twice (give all of them at once)");
            }
            trusted = Set.copyOf(certificates);
            return this;
        }

        /**
         * Trusts the certificates of a text, as {@link #trustedCertificates(Collection)} does.
         *
         * @param pem PEM text with one certificate or several
         * @return this builder
         * @throws IllegalArgumentException if there is none, or one is malformed
         * @throws IllegalStateException if set before
         */
        public Builder trustedCertificates(String pem) {
            return trustedCertificates(PemText.of("trustedCertificates", pem).certificates());
        }

        /**
         * Trusts the certificates of a file, as {@link #trustedCertificates(Collection)} does. Reads it now, and blocks.
         *
         * @param pemFile a file of PEM text with one certificate or several
         * @return this builder
         * @throws IllegalArgumentException if it cannot be read, has none, or one is malformed
         * @throws IllegalStateException if set before
         */
        public Builder trustedCertificates(Path pemFile) {
            return trustedCertificates(
                    PemText.read("trustedCertificates", pemFile).certificates());
        }

        /**
         * Sets the name that is sent to the target (SNI, RFC 6066 section 3) and must be in its certificate. The
         * {@code Host} field is not changed by it.
         *
         * @param name a host name, or an IP address, which is verified but not sent; the host of the target if not set
         * @return this builder
         * @throws IllegalArgumentException if it is not a host name
         * @throws IllegalStateException if set before
         */
        public Builder serverName(String name) {
            String normalized = HostName.normalize(Objects.requireNonNull(name, "name"));
            if (normalized == null) {
                throw new IllegalArgumentException("serverName " + name + ": not a host name (write app.example.com)");
            }
            serverName = Settings.once("serverName", serverName, normalized);
            return this;
        }

        /**
         * Accepts every certificate, expired, for other names and of unknown issuers. Whoever is on the way to the target
         * can then read and change everything; a warning is logged at the first connection.
         *
         * @return this builder
         * @throws IllegalStateException if set before
         */
        public Builder insecureWithoutVerification() {
            insecure = Settings.once("insecureWithoutVerification", insecure, true);
            return this;
        }

        /**
         * Sets the certificate with which the router authenticates itself to targets that ask for one.
         *
         * @param key the private key
         * @param chain its certificate, then those of its issuers
         * @return this builder
         * @throws IllegalArgumentException if there is no certificate
         * @throws IllegalStateException if set before
         */
        public Builder clientCertificate(PrivateKey key, List<X509Certificate> chain) {
            refuseSecondClient();
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("clientCertificate: none (give the chain of the key)");
            }
            clientKey = Objects.requireNonNull(key, "key");
            clientChain = List.copyOf(chain);
            return this;
        }

        /**
         * Sets the certificate with which the router authenticates itself to targets that ask for one. Reads the files
         * now, and blocks.
         *
         * @param pemChain a file of PEM text with its certificate, then those of its issuers
         * @param pemKey a file of PEM text with its private key as PKCS #8, not encrypted
         * @return this builder
         * @throws IllegalArgumentException if a file cannot be read or has something else
         * @throws IllegalStateException if set before
         */
        public Builder clientCertificate(Path pemChain, Path pemKey) {
            return clientCertificate(
                    PemText.read("clientCertificate", pemKey).privateKey(),
                    PemText.read("clientCertificate", pemChain).certificates());
        }

        /**
         * Sets what chooses the certificate with which the router authenticates itself, one that is renewed for instance.
         *
         * @param keys must not block; best an {@link javax.net.ssl.X509ExtendedKeyManager}
         * @return this builder
         * @throws IllegalStateException if set before
         */
        public Builder clientKeys(X509KeyManager keys) {
            refuseSecondClient();
            clientKeys = Objects.requireNonNull(keys, "keys");
            return this;
        }

        private void refuseSecondClient() {
            if (clientChain != null || clientKeys != null) {
                throw new IllegalStateException(
                        "clientCertificate: set twice (set it once, as a certificate or as a key manager)");
            }
        }

        /**
         * Uses a context that is ready, with its trust, keys, provider and protocols, in place of those that could be set
         * here. The name of the target is verified by it as for HTTPS.
         *
         * @param context an initialized context
         * @return this builder
         * @throws IllegalStateException if set before
         */
        public Builder sslContext(SSLContext context) {
            sslContext = Settings.once("sslContext", sslContext, Objects.requireNonNull(context, "context"));
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return the settings
         * @throws IllegalStateException if some contradict each other
         * @throws IllegalArgumentException if certificates or keys cannot be used
         */
        public OriginTls build() {
            if (sslContext != null
                    && (trusted != null || clientChain != null || clientKeys != null || insecure != null)) {
                throw new IllegalStateException(
                        "sslContext: stands beside trust or keys (a context that is ready has its"
                                + " own; set one or the other)");
            }
            if (insecure != null && trusted != null) {
                throw new IllegalStateException("insecureWithoutVerification: stands beside trustedCertificates, which"
                        + " would not be looked at (remove one)");
            }
            return new OriginTls(this);
        }

        private SSLContext context() {
            if (sslContext != null) {
                return sslContext;
            }
            KeyManager keys =
                    clientKey != null && clientChain != null ? ClientContexts.keys(clientKey, clientChain) : clientKeys;
            return insecure != null ? ClientContexts.acceptingAll(keys) : ClientContexts.verifying(trusted, keys);
        }

        private List<Object> identity() {
            return Stream.of(trusted, clientKey, clientChain, clientKeys, sslContext)
                    .filter(Objects::nonNull)
                    .map(Object.class::cast)
                    .toList();
        }
    }
}
