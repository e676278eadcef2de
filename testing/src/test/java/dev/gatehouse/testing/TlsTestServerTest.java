package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TlsTestServerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final TestCa ca = TestCa.create();
    private final HttpClient client = HttpClient.newBuilder()
            .sslContext(ca.sslContext())
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    @Test
    void answersEveryRequestOfAnHttpClient() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ca.issue("localhost"))) {
            assertThat(get(server.uri())).isEqualTo("ok\n");
            assertThat(get(server.uri().resolve("/again"))).isEqualTo("ok\n");

            ClientHandshake handshake = server.awaitHandshake(SOON);
            assertThat(handshake.completed()).isTrue();
            assertThat(handshake.serverName()).isEqualTo("localhost");
            assertThat(handshake.protocol()).isEqualTo("TLSv1.3");
            assertThat(handshake.failure()).isNull();
            assertThat(server.handshakes()).as("one connection for both").hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXPIRED, TLSv1.3, certificate_expired",
        "EXPIRED, TLSv1.2, certificate_expired",
        "UNTRUSTED_ROOT, TLSv1.3, certificate_unknown",
        "WRONG_HOST, TLSv1.2, certificate_unknown"
    })
    void tellsTheAlertByWhichAClientRefused(CertificateFault fault, String protocol, String alert) throws Exception {
        try (TlsTestServer server = TlsTestServer.builder(ca.broken("localhost").with(fault))
                .protocols(protocol)
                .start()) {
            TlsProbeResult result =
                    TlsProbe.builder().serverName("localhost").trust(ca).build().probe(server.address());
            result.requireOutcome(ProbeOutcome.REFUSED_BY_PROBE);

            ClientHandshake handshake = server.awaitHandshake(SOON);
            assertThat(handshake.completed()).isFalse();
            // The JDK does not always name the reason, as TLS allows.
            assertThat(handshake.alert())
                    .as("%s, %s", handshake, result)
                    .isIn(ReceivedAlert.of(alert), ReceivedAlert.of("certificate_unknown"));
        }
    }

    @Test
    void tellsThatAClientWentWithoutAnAlert() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ca.broken("localhost").expired())) {
            assertThatThrownBy(() -> get(server.uri())).isInstanceOf(SSLException.class);

            ClientHandshake handshake = server.awaitHandshake(SOON);
            assertThat(handshake.completed()).isFalse();
            assertThat(handshake.alert()).isNull();
            assertThat(handshake.failure()).isEqualTo("Remote host terminated the handshake");
        }
    }

    @Test
    void requiresClientCertificatesAndTellsThem() throws Exception {
        try (TlsTestServer server = TlsTestServer.builder(CertificateMaterial.of(ca.issue("localhost")))
                .requireClientCertificate(ca)
                .applicationProtocols("http/1.1")
                .start()) {
            CertificateMaterial alice = ca.issueClient("alice");
            TlsProbeBuilder probe =
                    TlsProbe.builder().serverName("localhost").trust(ca).applicationProtocols("http/1.1");

            probe.clientCertificate(alice).build().probe(server.address()).requireCompleted();
            assertThat(server.awaitHandshake(SOON).clientChain()).isEqualTo(alice.chain());
            assertThat(server.handshakes().get(0).applicationProtocol()).isEqualTo("http/1.1");

            assertThatThrownBy(() -> get(server.uri())).isInstanceOf(IOException.class);
            assertThat(server.awaitHandshake(SOON).completed()).isFalse();
        }
    }

    @Test
    void closingEndsItsConnectionsAndItsPort() throws Exception {
        TlsTestServer server = TlsTestServer.start(ca.issue("localhost"));
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            idle.setSoTimeout(10_000);
            server.close();

            assertThat(endOf(idle)).isTrue();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()))
                    .isInstanceOf(IOException.class);
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void waitingForNobodyEnds() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ca.issue("localhost"))) {
            assertThatThrownBy(() -> server.awaitHandshake(Duration.ofMillis(50)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("Look at whether it connects at all");
            assertThat(server.handshakes()).isEqualTo(List.of());
        }
    }

    private String get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
