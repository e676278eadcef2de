package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of {@link ServerTls} do to real handshakes. */
@Timeout(60)
class ServerTlsSettingsTest {

    private static final String APP = "app.example.com";

    private final Credential app = Certificates.ec(APP);
    private final Credential fallback = Certificates.ec("fallback.example.com");
    private final CertificateIndex index = CertificateIndex.create();

    ServerTlsSettingsTest() {
        index.add(app);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void missingServerNameIsServedTheFallbackIfThePolicySaysSo(String protocol) throws Exception {
        ServerTls tls = ServerTls.builder(index)
                .missingServerName(ServerNamePolicy.serve(fallback))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThat(client.handshake(null, protocol)).isEqualTo(fallback.leaf());
            assertThat(client.handshake(APP, protocol)).isEqualTo(app.leaf());
            assertThatThrownBy(() -> client.handshake("stranger.example.com", protocol))
                    .hasMessageContaining("unrecognized_name");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void unmatchedServerNameIsServedTheFallbackIfThePolicySaysSo(String protocol) throws Exception {
        ServerTls tls = ServerTls.builder(index)
                .unmatchedServerName(ServerNamePolicy.serve(fallback))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThat(client.handshake("stranger.example.com", protocol)).isEqualTo(fallback.leaf());
            assertThatThrownBy(() -> client.handshake(null, protocol)).hasMessageContaining("handshake_failure");
        }
    }

    @Test
    void resolverThatDecidesAgainstACertificateLeavesTheFallback() throws Exception {
        ServerTls tls = ServerTls.builder(
                        hello -> CompletableFuture.failedFuture(new NoCertificateException("nobody permits it.")))
                .unmatchedServerName(ServerNamePolicy.serve(fallback))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            assertThat(new HandshakeClient(server.port()).handshake(APP, "TLSv1.3"))
                    .isEqualTo(fallback.leaf());
        }
    }

    @Test
    void resolverThatFailsIsNotAnUnmatchedServerName() throws Exception {
        ServerTls tls = ServerTls.builder(hello -> CompletableFuture.failedFuture(new IOException("no database")))
                .unmatchedServerName(ServerNamePolicy.serve(fallback))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            assertThatThrownBy(() -> new HandshakeClient(server.port()).handshake(APP, "TLSv1.3"))
                    .hasMessageContaining("unrecognized_name");
        }
    }

    @Test
    void modernProfileRefusesTls12() throws Exception {
        ServerTls tls = ServerTls.builder(index).profile(TlsProfile.MODERN).build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThat(client.handshake(APP, "TLSv1.3")).isEqualTo(app.leaf());
            assertThatThrownBy(() -> client.handshake(APP, "TLSv1.2")).hasMessageContaining("protocol_version");
        }
    }

    @Test
    void intermediateProfileHasNoCipherSuitesWithoutForwardSecrecy() throws Exception {
        index.add(Certificates.rsa("rsa.example.com"));
        try (HandshakeServer server = new HandshakeServer(ServerTls.using(index).sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThat(client.handshake("rsa.example.com", "TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
                    .isNotNull();
            for (String weak : List.of("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256")) {
                // Later JDKs do not even offer the first one.
                assertThatThrownBy(() -> client.handshake("rsa.example.com", "TLSv1.2", weak))
                        .isInstanceOf(SSLException.class);
            }
        }
    }

    @Test
    void cipherSuitesOfOnesOwnAreInTheServersOrder() throws Exception {
        String first = "TLS_CHACHA20_POLY1305_SHA256";
        String second = "TLS_AES_128_GCM_SHA256";
        ServerTls tls = ServerTls.builder(index)
                .cipherSuites(List.of("TLS_UNKNOWN_TO_ALL", first, second))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext());
                SSLSocket socket = connect(
                        server,
                        clientContext(null),
                        parameters -> parameters.setCipherSuites(new String[] {second, first}))) {
            assertThat(socket.getSession().getCipherSuite()).isEqualTo(first);
        }
    }

    @Test
    void applicationProtocolsAreNegotiatedInTheServersOrder() throws Exception {
        ServerTls tls =
                ServerTls.builder(index).applicationProtocols("h2", "http/1.1").build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext());
                SSLSocket socket = connect(
                        server,
                        clientContext(null),
                        parameters -> parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"}))) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @Test
    void clientsWithoutATrustedCertificateAreRefusedWhereOneIsRequired() throws Exception {
        HeldCertificate authority = clientAuthority();
        ServerTls tls = ServerTls.builder(index)
                .clientAuthentication(ClientAuthentication.required(List.of(authority.certificate())))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            SSLContext trusted = clientContext(
                    new HeldCertificate.Builder().signedBy(authority).build());
            SSLContext stranger = clientContext(strangersCertificate());

            connect(server, trusted, parameters -> {}).close();
            assertThatThrownBy(() -> connect(server, stranger, parameters -> {}))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> connect(server, clientContext(null), parameters -> {}))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void clientsWithoutACertificateAreServedWhereItIsOptional() throws Exception {
        HeldCertificate authority = clientAuthority();
        ServerTls tls = ServerTls.builder(index)
                .clientAuthentication(ClientAuthentication.optional(List.of(authority.certificate())))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            connect(server, clientContext(null), parameters -> {}).close();
            assertThatThrownBy(() -> connect(server, clientContext(strangersCertificate()), parameters -> {}))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void plainContextIsRefusedWhereNamesHavePoliciesOfTheirOwn() {
        ServerTls tls = ServerTls.builder(index)
                .policy("admin.example.com", ConnectionPolicy.of(TlsVersion.TLS_1_3))
                .build();

        assertThatThrownBy(tls::sslContext)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Use gate() through a host adapter");
        assertThat(tls.gate()).isNotNull();
    }

    @Test
    void contradictionsAreRefused() {
        ConnectionPolicy policy = ConnectionPolicy.of(TlsVersion.TLS_1_3);

        assertThatThrownBy(() -> ServerTls.builder(index)
                        .profile(TlsProfile.MODERN)
                        .minVersion(TlsVersion.TLS_1_2)
                        .build())
                .hasMessage(
                        "minVersion TLSv1.2 is below that of the profile MODERN, TLSv1.3. Raise it, or choose another"
                                + " profile.");
        assertThatThrownBy(() -> ServerTls.builder(index)
                        .profile(TlsProfile.MODERN)
                        .cipherSuites(List.of("TLS_AES_128_GCM_SHA256"))
                        .build())
                .hasMessage("cipherSuites and profile were both set. Set one of them.");
        assertThatThrownBy(() ->
                        ServerTls.builder(index).policy("a.example.com", policy).policy("A.example.com.", policy))
                .hasMessageStartingWith("The policy of A.example.com. was already set");
        assertThatThrownBy(() -> ServerTls.builder(index).provider("NoSuchProvider"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "provider: 'NoSuchProvider' is not a JSSE provider of this JVM (registered: SunJSSE");
        assertThatThrownBy(() -> ServerTls.builder(index)
                        .cipherSuites(List.of("TLS_NONE_SUCH"))
                        .build()
                        .sslContext())
                .hasMessageContaining("has none of the cipher suites [TLS_NONE_SUCH]");
    }

    @Test
    void systemPropertiesOfJsseAreAsBeforeOnceAContextIsMade() {
        ServerTls.builder(index).stapleOcspResponses().build().sslContext();

        assertThat(System.getProperty(JsseContexts.SESSION_TICKETS)).isNull();
        assertThat(System.getProperty(JsseContexts.OCSP_STAPLING)).isNull();
    }

    private static HeldCertificate clientAuthority() {
        return new HeldCertificate.Builder()
                .certificateAuthority(0)
                .commonName("client authority")
                .build();
    }

    /** Of an authority with the name of the trusted one, since the client would keep it to itself otherwise. */
    private static HeldCertificate strangersCertificate() {
        return new HeldCertificate.Builder().signedBy(clientAuthority()).build();
    }

    private static SSLContext clientContext(HeldCertificate identity) {
        HandshakeCertificates.Builder certificates =
                new HandshakeCertificates.Builder().addTrustedCertificate(Certificates.root());
        if (identity != null) {
            certificates.heldCertificate(identity);
        }
        return certificates.build().sslContext();
    }

    /** Completes a handshake and reads the greeting, since a TLS 1.3 client learns only then that it was refused. */
    private static SSLSocket connect(HandshakeServer server, SSLContext context, Consumer<SSLParameters> settings)
            throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(APP)));
        settings.accept(parameters);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            if (socket.getInputStream().read() != '!') {
                throw new IOException("The server closed the connection");
            }
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
