package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.tools.SystemTool;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientAuthentication;
import dev.gatehouse.tls.ConnectionPolicy;
import dev.gatehouse.tls.ServerNamePolicy;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsVersion;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RenegotiationRequiredException;
import io.undertow.server.SSLSessionInfo;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server names with a policy of their own, and the requests that would go round it. */
@Timeout(60)
class GatePolicyTest {

    private static final TestCa CA = TestCa.create();
    private static final TestCa CLIENT_CA = TestCa.create();

    private final CertificateIndex index = CertificateIndex.create();
    private GateServer server;

    @BeforeEach
    void start() {
        index.add(CA.issue("admin.example.com", "shop.example.com", "pay.example.com", "localhost"));
        ClientAuthentication operators = ClientAuthentication.required(List.of(CLIENT_CA.rootCertificate()));
        server = GateServer.start(
                ServerTls.builder(index)
                        .policy("admin.example.com", ConnectionPolicy.of(TlsVersion.TLS_1_2, operators))
                        .policy("pay.example.com", ConnectionPolicy.of(TlsVersion.TLS_1_3))
                        .missingServerName(ServerNamePolicy.serve(CA.issue("fallback.example.com")))
                        .build(),
                GatePolicyTest::answer);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void answer(HttpServerExchange exchange) throws Exception {
        SSLSessionInfo tls = exchange.getConnection().getSslSessionInfo();
        exchange.getResponseSender().send("page for " + exchange.getHostName() + " and " + clientOf(tls));
    }

    private static String clientOf(SSLSessionInfo tls) throws Exception {
        try {
            return ((X509Certificate) tls.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException | RenegotiationRequiredException none) {
            return "nobody";
        }
    }

    private static SSLContext operator() throws Exception {
        return GateClient.showing(CLIENT_CA.issueClient("operator"), CA);
    }

    private String visit(String name, String host, SSLContext client, String protocol) throws IOException {
        try (GateClient connection = GateClient.connect(server.port(), name, client, protocol)) {
            return connection.get(host);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientCertificateIsRequiredForItsNameOnly(String protocol) throws Exception {
        assertThat(visit("admin.example.com", "admin.example.com", operator(), protocol))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("page for admin.example.com and CN=operator");
        assertThat(visit("shop.example.com", "shop.example.com", operator(), protocol))
                .endsWith("page for shop.example.com and nobody");
        assertThatThrownBy(() -> visit("admin.example.com", "admin.example.com", CA.sslContext(), protocol))
                .isInstanceOf(SSLException.class)
                .hasMessageMatching(".*(certificate_required|bad_certificate|handshake_failure).*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientWithTheCertificateOfAnotherAuthorityIsRefused(String protocol) throws Exception {
        SSLContext stranger = GateClient.showing(TestCa.create().issueClient("operator"), CA);

        assertThatThrownBy(() -> visit("admin.example.com", "admin.example.com", stranger, protocol))
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin.example.com",
                "ADMIN.example.com",
                "admin.example.com:443",
                "admin.example.com.",
                "pay.example.com"
            })
    void requestForAHostOfAnotherPolicyIsMisdirected(String host) throws Exception {
        assertThat(visit("shop.example.com", host, CA.sslContext(), "TLSv1.3")).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void requestThatNamesTheHostInItsTargetIsMisdirected() throws Exception {
        try (GateClient connection = GateClient.connect(server.port(), "shop.example.com", CA.sslContext())) {
            assertThat(connection.send("GET https://admin.example.com/ HTTP/1.1\r\nHost: admin.example.com\r\n"
                            + "Connection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void requestForAnotherHostOfTheSamePolicyIsServed() throws Exception {
        assertThat(visit("shop.example.com", "localhost:8443", CA.sslContext(), "TLSv1.3"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void hostThatIsNoNameIsRefused() throws Exception {
        assertThat(visit("shop.example.com", "admin..example.com", CA.sslContext(), "TLSv1.3"))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void requestOverACoalescedConnectionIsMisdirected(String version) throws Exception {
        assertThat(curl(version, "shop.example.com", "shop.example.com"))
                .contains("page for shop.example.com")
                .endsWith("status 200 over " + (version.equals("--http2") ? "2" : "1.1"));
        assertThat(curl(version, "shop.example.com", "admin.example.com"))
                .endsWith("status 421 over " + (version.equals("--http2") ? "2" : "1.1"));
    }

    private String curl(String version, String name, String host) throws Exception {
        Process process = new ProcessBuilder(
                        SystemTool.find("curl"),
                        "--silent",
                        "--insecure",
                        version,
                        "--resolve",
                        name + ":" + server.port() + ":127.0.0.1",
                        "--header",
                        "Host: " + host,
                        "--write-out",
                        "status %{response_code} over %{http_version}",
                        "https://" + name + ":" + server.port() + "/")
                .start();
        return new String(process.getInputStream().readAllBytes());
    }

    @Test
    void lowestVersionOfANameHoldsForItAlone() throws Exception {
        assertThatThrownBy(() -> visit("pay.example.com", "pay.example.com", CA.sslContext(), "TLSv1.2"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("protocol_version");
        assertThat(visit("pay.example.com", "pay.example.com", CA.sslContext(), "TLSv1.3"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(visit("shop.example.com", "shop.example.com", CA.sslContext(), "TLSv1.2"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void missingServerNameGetsTheFallback() throws Exception {
        assertThat(OpenSsl.requestWithoutName(server.port(), "127.0.0.1")).contains("HTTP/1.1 200 OK");
        assertThat(OpenSsl.requestWithoutName(server.port(), "admin.example.com"))
                .contains("HTTP/1.1 421 ");
    }

    @Test
    void clientIsAskedAgainWhenItResumesUnderAnotherName() throws Exception {
        SSLContext client = CA.sslContext();
        assertThat(visit("shop.example.com", "shop.example.com", client, "TLSv1.3"))
                .startsWith("HTTP/1.1 200 ");

        assertThatThrownBy(() -> visit("admin.example.com", "admin.example.com", client, "TLSv1.3"))
                .isInstanceOf(SSLException.class);
    }
}
