package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.RecordingTrustManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client that makes one TLS handshake and tells what came of it.
 *
 * <pre>{@code
 * TlsProbeResult result = TlsProbe.builder().serverName("app.example.com").trust(ca).build().probe(server.address());
 * assertThat(result.succeeded()).isTrue();
 * }</pre>
 *
 * <p>The host name is checked (RFC 9525) when a server name is sent as a name and trust is anything but
 * {@link Builder#trustEverything()}. Each probe opens a connection of its own; with a {@link TestCa} or without trust it
 * never resumes a session. In TLS 1.3 a server judges the client's certificate after the client has finished: a probe
 * with {@link Builder#clientCertificate} waits for this verdict.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class TlsProbe {
    private final Builder settings;
    private final Duration timeout;

    private TlsProbe(Builder settings, Duration timeout) {
        this.settings = settings;
        this.timeout = timeout;
    }

    /** {@return a builder; server name and trust have to be chosen} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Connects and makes one handshake. Blocks, at most for the time-out to connect and once more for the handshake.
     *
     * @param server the address
     * @return the outcome, also of a handshake that failed or took too long
     * @throws IOException if no connection comes about, so that there was no handshake
     */
    public TlsProbeResult probe(InetSocketAddress server) throws IOException {
        RecordingTrustManager trust = new RecordingTrustManager(settings.delegate());
        try (Socket plain = new Socket()) {
            plain.connect(server, millis());
            plain.setSoTimeout(millis());
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                    () -> close(plain), CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
            try {
                return handshake(plain, server, trust);
            } catch (IOException e) {
                boolean late = deadline.isDone() || e instanceof SocketTimeoutException;
                return TlsProbeResult.failure(trust.shown(), late ? timedOut(server, e) : e);
            } finally {
                deadline.cancel(false);
            }
        }
    }

    private TlsProbeResult handshake(Socket plain, InetSocketAddress server, RecordingTrustManager trust)
            throws IOException {
        String host = settings.hostName == null ? server.getHostString() : settings.hostName;
        try (SSLSocket socket =
                (SSLSocket) context(trust).getSocketFactory().createSocket(plain, host, server.getPort(), true)) {
            socket.setSSLParameters(parameters(socket.getSSLParameters()));
            socket.startHandshake();
            SSLSession session = socket.getSession();
            TlsProbeResult result = TlsProbeResult.success(
                    certificates(session),
                    session.getProtocol(),
                    session.getCipherSuite(),
                    socket.getApplicationProtocol());
            if (settings.clientCertificate != null && session.getProtocol().equals("TLSv1.3")) {
                awaitVerdict(socket);
            }
            return result;
        }
    }

    /** Ends our half of the connection; the server answers with its own end, or with an alert. */
    private static void awaitVerdict(SSLSocket socket) throws IOException {
        socket.shutdownOutput();
        socket.getInputStream().skip(1);
    }

    private SSLParameters parameters(SSLParameters parameters) {
        parameters.setServerNames(settings.serverNames());
        if (settings.hostName != null && !settings.trustsEverything) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (settings.protocols != null) {
            parameters.setProtocols(settings.protocols.toArray(String[]::new));
        }
        if (settings.cipherSuites != null) {
            parameters.setCipherSuites(settings.cipherSuites.toArray(String[]::new));
        }
        if (settings.applicationProtocols != null) {
            parameters.setApplicationProtocols(settings.applicationProtocols.toArray(String[]::new));
        }
        return parameters;
    }

    private SSLContext context(RecordingTrustManager trust) {
        if (settings.context != null) {
            return settings.context;
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = settings.clientCertificate == null
                    ? new KeyManager[0]
                    : new KeyManager[] {settings.clientCertificate.keyManager()};
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make a TLS context.", e);
        }
    }

    private static List<X509Certificate> certificates(SSLSession session) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : session.getPeerCertificates()) {
            chain.add((X509Certificate) certificate);
        }
        return chain;
    }

    private SocketTimeoutException timedOut(InetSocketAddress server, IOException cause) {
        SocketTimeoutException late = new SocketTimeoutException("The handshake with " + server + " did not end within "
                + timeout + ". Look at what the server waits for, or choose a longer timeout.");
        late.initCause(cause);
        return late;
    }

    private int millis() {
        return Math.toIntExact(Math.max(1, timeout.toMillis()));
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // The reader sees the end of the connection either way.
        }
    }

    /** A server name of type host_name with any bytes, which {@link SNIHostName} would refuse. */
    private static final class RawServerName extends SNIServerName {
        RawServerName(byte[] encoded) {
            super(StandardConstants.SNI_HOST_NAME, encoded);
        }
    }

    /** Settings of a {@link TlsProbe}. Each is made at most once. Not safe for use by several threads. */
    public static final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
        private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

        private @Nullable List<SNIServerName> serverNames;
        private @Nullable String hostName;
        private @Nullable List<String> protocols;
        private @Nullable List<String> cipherSuites;
        private @Nullable List<String> applicationProtocols;
        private @Nullable TestCa ca;
        private @Nullable SSLContext context;
        private boolean trustsEverything;
        private @Nullable CertificateMaterial clientCertificate;
        private @Nullable Duration timeout;

        private Builder() {}

        /**
         * Sends a name.
         *
         * @param name a host name as {@link SNIHostName} takes it
         * @return this builder
         */
        public Builder serverName(String name) {
            sni(List.of(new SNIHostName(name)));
            hostName = name;
            return this;
        }

        /** {@return this builder, which sends no server name} */
        public Builder withoutServerName() {
            return sni(List.of());
        }

        /**
         * Sends a name byte for byte, also one that no sane client sends.
         *
         * @param encoded the bytes of the host name
         * @return this builder
         */
        public Builder rawServerName(byte[] encoded) {
            return sni(List.of(new RawServerName(encoded.clone())));
        }

        /**
         * Chooses the protocol versions; the default is the JDK's.
         *
         * @param names JSSE names, such as {@code TLSv1.2}
         * @return this builder
         */
        public Builder protocols(String... names) {
            Settings.requireUnset("protocols", protocols);
            protocols = List.of(names);
            return this;
        }

        /**
         * Chooses the cipher suites; the default is the JDK's.
         *
         * @param names JSSE names, best first
         * @return this builder
         */
        public Builder cipherSuites(String... names) {
            Settings.requireUnset("cipherSuites", cipherSuites);
            cipherSuites = List.of(names);
            return this;
        }

        /**
         * Offers protocols by ALPN (RFC 7301); the default offers none.
         *
         * @param names such as {@code h2}, best first
         * @return this builder
         */
        public Builder applicationProtocols(String... names) {
            Settings.requireUnset("applicationProtocols", applicationProtocols);
            applicationProtocols = List.of(names);
            return this;
        }

        /**
         * Trusts a CA and no other.
         *
         * @param newCa the CA
         * @return this builder
         */
        public Builder trust(TestCa newCa) {
            requireNoTrust();
            ca = Objects.requireNonNull(newCa, "ca");
            return this;
        }

        /**
         * Leaves trust, and client certificates, to a context.
         *
         * @param newContext a client context
         * @return this builder
         */
        public Builder trust(SSLContext newContext) {
            requireNoTrust();
            context = Objects.requireNonNull(newContext, "context");
            return this;
        }

        /** {@return this builder, which accepts whatever the server shows, for any host name} */
        public Builder trustEverything() {
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
        public Builder clientCertificate(CertificateMaterial material) {
            Settings.requireUnset("clientCertificate", clientCertificate);
            clientCertificate = Objects.requireNonNull(material, "clientCertificate");
            return this;
        }

        /**
         * Bounds the time to connect, and the time of the handshake; the default is ten seconds.
         *
         * @param newTimeout more than zero, at most five minutes
         * @return this builder
         */
        public Builder timeout(Duration newTimeout) {
            Settings.requireUnset("timeout", timeout);
            if (Settings.positive("timeout", newTimeout).compareTo(LONGEST_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "timeout: " + newTimeout + " (expected: <= " + LONGEST_TIMEOUT + ")");
            }
            timeout = newTimeout;
            return this;
        }

        /**
         * Makes the probe.
         *
         * @return a new probe
         * @throws IllegalStateException if server name or trust is not chosen, or a client certificate is set beside a
         *     context
         */
        public TlsProbe build() {
            if (serverNames == null) {
                throw new IllegalStateException(
                        "serverName: not chosen. Call serverName, rawServerName or withoutServerName.");
            }
            if (ca == null && context == null && !trustsEverything) {
                throw new IllegalStateException("trust: not chosen. Call trust or trustEverything.");
            }
            if (context != null && clientCertificate != null) {
                throw new IllegalStateException(
                        "clientCertificate: the SSLContext decides on it. Put the certificate into the context.");
            }
            return new TlsProbe(copy(), timeout == null ? DEFAULT_TIMEOUT : timeout);
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.serverNames = serverNames;
            copy.hostName = hostName;
            copy.protocols = protocols;
            copy.cipherSuites = cipherSuites;
            copy.applicationProtocols = applicationProtocols;
            copy.ca = ca;
            copy.context = context;
            copy.trustsEverything = trustsEverything;
            copy.clientCertificate = clientCertificate;
            return copy;
        }

        private Builder sni(List<SNIServerName> names) {
            Settings.requireUnset("serverName", serverNames);
            serverNames = names;
            return this;
        }

        private void requireNoTrust() {
            if (ca != null || context != null || trustsEverything) {
                throw new IllegalStateException("trust was already chosen. Choose it once.");
            }
        }

        private List<SNIServerName> serverNames() {
            return serverNames == null ? List.of() : serverNames;
        }

        private @Nullable X509ExtendedTrustManager delegate() {
            return ca == null ? null : (X509ExtendedTrustManager) ca.trustManager();
        }
    }
}
