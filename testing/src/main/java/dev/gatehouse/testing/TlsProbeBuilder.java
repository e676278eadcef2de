package dev.gatehouse.testing;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link TlsProbe}, begun by {@link TlsProbe#builder()}. Each is made at most once. Not safe for use by several
 * threads.
 */
public final class TlsProbeBuilder {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private @Nullable List<SNIServerName> serverNames;
    private @Nullable String hostName;
    private @Nullable List<String> protocols;
    private @Nullable List<String> cipherSuites;
    private @Nullable List<String> applicationProtocols;
    private @Nullable List<SignatureScheme> signatureSchemes;
    private @Nullable X509ExtendedTrustManager trustManager;
    private @Nullable SSLContext context;
    private boolean trustsEverything;
    private @Nullable CertificateMaterial clientCertificate;
    private boolean resumeSessions;
    private @Nullable Duration timeout;

    TlsProbeBuilder() {}

    /**
     * Sends a name, and checks certificates for it.
     *
     * @param name a host name as {@link SNIHostName} takes it
     * @return this builder
     * @throws IllegalArgumentException if it is no host name, such as one with an underscore; see {@link #rawServerName}
     */
    public TlsProbeBuilder serverName(String name) {
        serverNames(List.of(new SNIHostName(name)));
        hostName = name;
        return this;
    }

    /** {@return this builder, which sends no server name} */
    public TlsProbeBuilder withoutServerName() {
        return serverNames(List.of());
    }

    /**
     * Sends a name byte for byte, also one that no sane client sends. Certificates are not checked for it. On the wire,
     * {@link HelloProbe} goes further than the JDK does.
     *
     * @param encoded the bytes of the host name
     * @return this builder
     */
    public TlsProbeBuilder rawServerName(byte[] encoded) {
        return serverNames(List.of(new RawServerName(encoded.clone())));
    }

    /**
     * Chooses the protocol versions; the default is the JDK's.
     *
     * @param names JSSE names, such as {@code TLSv1.2}
     * @return this builder
     */
    public TlsProbeBuilder protocols(String... names) {
        Settings.requireUnset("protocols", protocols);
        protocols = List.of(names);
        return this;
    }

    /**
     * Chooses the cipher suites; the default is the JDK's. In TLS 1.2 they choose the kind of the server's key, too:
     * {@code TLS_ECDHE_RSA_...} or {@code TLS_ECDHE_ECDSA_...}.
     *
     * @param names JSSE names, best first
     * @return this builder
     */
    public TlsProbeBuilder cipherSuites(String... names) {
        Settings.requireUnset("cipherSuites", cipherSuites);
        cipherSuites = List.of(names);
        return this;
    }

    /**
     * Chooses the signature schemes, and so the kinds of key that the server may show; the default is the JDK's.
     *
     * @param schemes best first; for TLS 1.3 they have to cover the signatures of the CA, too
     * @return this builder
     * @throws UnsupportedOperationException before Java 19, whose TLS does not take them; {@link HelloProbe} does
     */
    public TlsProbeBuilder signatureSchemes(SignatureScheme... schemes) {
        Settings.requireUnset("signatureSchemes", signatureSchemes);
        SignatureSchemeParameter.set(new SSLParameters(), List.of(schemes));
        signatureSchemes = List.of(schemes);
        return this;
    }

    /**
     * Offers protocols by ALPN (RFC 7301); the default offers none.
     *
     * @param names such as {@code h2}, best first
     * @return this builder
     */
    public TlsProbeBuilder applicationProtocols(String... names) {
        Settings.requireUnset("applicationProtocols", applicationProtocols);
        applicationProtocols = List.of(names);
        return this;
    }

    /**
     * Trusts a CA and no other.
     *
     * @param ca the CA
     * @return this builder
     */
    public TlsProbeBuilder trust(TestCa ca) {
        return trust((X509ExtendedTrustManager) ca.trustManager());
    }

    /**
     * Leaves trust to a trust manager, such as one that checks for revocation. It sees host name and stapled responses in the
     * handshake's session.
     *
     * @param newTrustManager accepts or refuses certificates
     * @return this builder
     */
    public TlsProbeBuilder trust(X509ExtendedTrustManager newTrustManager) {
        requireNoTrust();
        trustManager = Objects.requireNonNull(newTrustManager, "trustManager");
        return this;
    }

    /**
     * Leaves trust, client certificates, and the resumption of sessions, to a context.
     *
     * @param newContext a client context
     * @return this builder
     */
    public TlsProbeBuilder trust(SSLContext newContext) {
        requireNoTrust();
        context = Objects.requireNonNull(newContext, "context");
        return this;
    }

    /** {@return this builder, which trusts the CAs that this JVM trusts} */
    public TlsProbeBuilder trustSystem() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            return trust((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The trust store of this JVM cannot be used. Repair it, or trust a CA.", e);
        }
    }

    /** {@return this builder, which accepts whatever the server shows, for any host name} */
    public TlsProbeBuilder trustEverything() {
        requireNoTrust();
        trustsEverything = true;
        return this;
    }

    /**
     * Shows a certificate to servers that ask for one; the default shows none.
     *
     * @param material such as {@link TestCa#issueClient} makes
     * @return this builder
     */
    public TlsProbeBuilder clientCertificate(CertificateMaterial material) {
        Settings.requireUnset("clientCertificate", clientCertificate);
        clientCertificate = Objects.requireNonNull(material, "clientCertificate");
        return this;
    }

    /**
     * Keeps sessions, so that the second handshake with a server resumes that of the first if the server agrees
     * ({@link TlsProbeResult#resumed()}). After a handshake of TLS 1.3, whose tickets come later, the probe ends its half of
     * the connection and waits for the end of the other.
     *
     * @return this builder
     */
    public TlsProbeBuilder resumeSessions() {
        Settings.requireUnset("resumeSessions", resumeSessions ? true : null);
        resumeSessions = true;
        return this;
    }

    /**
     * Bounds the time to connect, and the time of the handshake; the default is ten seconds.
     *
     * @param newTimeout more than zero, at most five minutes
     * @return this builder
     */
    public TlsProbeBuilder timeout(Duration newTimeout) {
        Settings.requireUnset("timeout", timeout);
        timeout = Settings.probeTimeout(newTimeout);
        return this;
    }

    /**
     * Makes the probe.
     *
     * @return a new probe
     * @throws IllegalStateException if server name or trust is not chosen, or a client certificate is set beside a context
     */
    public TlsProbe build() {
        if (serverNames == null) {
            throw new IllegalStateException(
                    "serverName: not chosen. Call serverName, rawServerName or withoutServerName.");
        }
        if (trustManager == null && context == null && !trustsEverything) {
            throw new IllegalStateException("trust: not chosen. Call trust, trustSystem or trustEverything.");
        }
        if (context != null && clientCertificate != null) {
            throw new IllegalStateException(
                    "clientCertificate: the SSLContext decides on it. Put the certificate into the context.");
        }
        return new TlsProbe(new ProbeSettings(
                serverNames,
                hostName,
                protocols,
                cipherSuites,
                applicationProtocols,
                signatureSchemes,
                trustManager,
                context,
                clientCertificate,
                resumeSessions,
                timeout == null ? DEFAULT_TIMEOUT : timeout));
    }

    private TlsProbeBuilder serverNames(List<SNIServerName> names) {
        Settings.requireUnset("serverName", serverNames);
        serverNames = names;
        return this;
    }

    private void requireNoTrust() {
        if (trustManager != null || context != null || trustsEverything) {
            throw new IllegalStateException("trust was already chosen. Choose it once.");
        }
    }

    /** A server name of type host_name with any bytes, which {@link SNIHostName} would refuse. */
    private static final class RawServerName extends SNIServerName {
        RawServerName(byte[] encoded) {
            super(StandardConstants.SNI_HOST_NAME, encoded);
        }
    }
}
