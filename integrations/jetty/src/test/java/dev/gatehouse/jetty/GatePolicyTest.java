package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientAuthentication;
import dev.gatehouse.tls.ConnectionPolicy;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server names with connection policies of their own: client certificates for one, none for others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GatePolicyTest {

    private static final TestCa CA = TestCa.create();
    private static final TestCa CLIENT_CA = TestCa.create();
    private static final CertificateMaterial OPERATOR = CLIENT_CA.issueClient("operator");
    private static final CertificateIndex CERTIFICATES = CertificateIndex.create();

    static {
        CERTIFICATES.add(CA.issue("admin.example.com", "shop.example.com", "other.example.com", "localhost"));
    }

    private final LogLines log = new LogLines();
    private GateServer server;

    @BeforeEach
    void start() throws Exception {
        ClientAuthentication operators = ClientAuthentication.required(List.of(CLIENT_CA.rootCertificate()));
        server = GateServer.start(ServerTls.builder(CERTIFICATES)
                .policy("admin.example.com", ConnectionPolicy.of(TlsVersion.TLS_1_2, operators))
                .build());
    }

    @AfterEach
    void stop() {
        server.close();
        log.close();
    }

    private TlsClient connect(String name, SSLContext client, String version) throws IOException {
        return TlsClient.connect(server.port(), name, client, version);
    }

    private static SSLContext operator() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "operator", OPERATOR.privateKey(), new char[0], OPERATOR.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new TrustManager[] {CA.trustManager()}, null);
        return context;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void nameThatDemandsAClientCertificateSeesIt(String version) throws Exception {
        try (TlsClient client = connect("admin.example.com", operator(), version)) {
            assertThat(client.get("Host: admin.example.com"))
                    .startsWith("HTTP/1.1 200")
                    .contains("secure=true", "name=admin.example.com", "client=CN=operator");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientWithoutCertificateIsRefusedThereAndServedElsewhere(String version) throws Exception {
        assertThatThrownBy(() -> {
                    try (TlsClient client = connect("admin.example.com", CA.sslContext(), version)) {
                        assertThat(client.get("Host: admin.example.com")).startsWith("HTTP");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*Received fatal alert: (bad_certificate|handshake_failure|certificate_required)");
        try (TlsClient client = connect("shop.example.com", CA.sslContext(), version)) {
            assertThat(client.get("Host: shop.example.com"))
                    .startsWith("HTTP/1.1 200")
                    .contains("client=none");
        }
        await().untilAsserted(() -> assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("admin.example.com: handshake of 127.0.0.1 refused: "));
    }

    @Test
    void certificateOfAnUnknownAuthorityIsRefused() throws Exception {
        CertificateMaterial stranger = TestCa.create().issueClient("stranger");

        assertThat(new OpenSslClient(server.port()).visit("admin.example.com", clientOptions(stranger)))
                .contains("alert")
                .doesNotContain("HTTP/1.1 200");
        assertThat(new OpenSslClient(server.port()).visit("admin.example.com", clientOptions(OPERATOR)))
                .contains("HTTP/1.1 200")
                .contains("client=CN=operator");
    }

    private String[] clientOptions(CertificateMaterial client) throws IOException {
        Path pem = Files.createTempFile("client", ".pem");
        pem.toFile().deleteOnExit();
        Files.writeString(pem, client.certificatePem() + client.privateKeyPem());
        return new String[] {"-cert", pem.toString(), "-key", pem.toString(), "-cert_chain", pem.toString()};
    }

    @Test
    void requestForAHostUnderAnotherPolicyIsMisdirected() throws Exception {
        try (TlsClient client = connect("shop.example.com", operator(), "TLSv1.3")) {
            assertThat(client.get("Host: ADMIN.example.com.:443")).startsWith("HTTP/1.1 421 ");
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("Request from 127.0.0.1: ADMIN.example.com.:443 has another connection policy than"
                        + " shop.example.com")
                .endsWith("(answered 421)");
        try (TlsClient client = connect("admin.example.com", operator(), "TLSv1.3")) {
            assertThat(client.get("Host: shop.example.com")).startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void connectionGoesOnAfterAMisdirectedRequest() throws Exception {
        try (TlsClient client = connect("shop.example.com", CA.sslContext(), "TLSv1.3")) {
            String responses = client.send("GET / HTTP/1.1\r\nHost: admin.example.com\r\n\r\n"
                    + "GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n");

            assertThat(responses).startsWith("HTTP/1.1 421 ").contains("HTTP/1.1 200 ", "host=shop.example.com");
        }
    }

    @Test
    void hostsUnderTheSamePolicyShareAConnection() throws Exception {
        try (TlsClient client = connect("shop.example.com", CA.sslContext(), "TLSv1.3")) {
            assertThat(client.get("Host: other.example.com")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void hostThatIsNoneIsABadRequest() throws Exception {
        try (TlsClient client = connect("shop.example.com", CA.sslContext(), "TLSv1.3")) {
            assertThat(client.get("Host: admin.example.com..")).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void absoluteTargetCannotSmuggleAHostIn() throws Exception {
        try (TlsClient client = connect("shop.example.com", CA.sslContext(), "TLSv1.3")) {
            assertThat(client.send("GET https://admin.example.com/ HTTP/1.1\r\n"
                            + "Host: shop.example.com\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void requestWithoutAHostIsOneForTheAddress() throws Exception {
        try (TlsClient shop = connect("shop.example.com", CA.sslContext(), "TLSv1.3");
                TlsClient admin = connect("admin.example.com", operator(), "TLSv1.3")) {
            assertThat(shop.send("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(admin.send("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 421 ");
        }
    }

    /** OkHttp takes one connection for names that share certificate and address, as browsers do. */
    @Test
    void clientThatSharesAConnectionComesAgainOnOneOfItsOwn() throws Exception {
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> List.of(InetAddress.getLoopbackAddress()))
                .sslSocketFactory(operator().getSocketFactory(), CA.trustManager())
                .build();

        String shop = get(client, "shop.example.com");
        String other = get(client, "other.example.com");
        String admin = get(client, "admin.example.com");

        assertThat(shop).contains("HTTP/2.0", "host=shop.example.com", "name=shop.example.com", "client=none");
        assertThat(other).contains("HTTP/2.0", "host=other.example.com", "name=shop.example.com", "client=none");
        assertThat(admin)
                .contains("HTTP/2.0", "host=admin.example.com", "name=admin.example.com", "client=CN=operator");
        assertThat(log.lines()).singleElement().asString().endsWith("(answered 421)");
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }

    private String get(OkHttpClient client, String host) throws IOException {
        Request request = new Request.Builder()
                .url("https://" + host + ":" + server.port() + "/")
                .build();
        try (Response response = client.newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
            return response.body().string();
        }
    }
}
