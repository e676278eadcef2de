package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients are told that do not get a connection, and which protocol the others get. */
@Timeout(60)
class GateAlertTest {

    private static final TestCa CA = TestCa.create();
    private static final String[] ALL_VERSIONS = {};

    private final CertificateIndex index = CertificateIndex.create();
    private final LogLines log = LogLines.of(ServerTls.class);
    private GateServer server;

    @BeforeEach
    void start() {
        index.add(CA.issue("a.example"));
        index.add(CA.leaf("both.example").keyAlgorithm(KeyAlgorithm.EC_P256).issue());
        index.add(CA.leaf("both.example").keyAlgorithm(KeyAlgorithm.RSA_2048).issue());
        server = GateServer.start(
                ServerTls.using(index),
                exchange -> exchange.getResponseSender().send("page over " + exchange.getProtocol()));
    }

    @AfterEach
    void stop() {
        server.close();
        log.close();
    }

    private byte[] answerTo(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().readAllBytes();
        }
    }

    private static byte[] alert(int code) {
        return new byte[] {21, 3, 3, 0, 2, 2, (byte) code};
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensslSeesThatANameIsUnknown(String version) throws Exception {
        assertThat(OpenSsl.request(server.port(), "unknown.example", version)).contains("alert number 112");
        assertThat(log.all()).anyMatch(line -> line.startsWith("unknown.example: ") && line.contains("no certificate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void opensslIsServed(String version) throws Exception {
        assertThat(OpenSsl.request(server.port(), "a.example", version)).contains("HTTP/1.1 200 OK");
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_2, ECDSA+SHA256, ECDSA",
        "-tls1_3, ECDSA+SHA256, ECDSA",
        "-tls1_2, RSA-PSS+SHA256:RSA+SHA256, RSA",
        "-tls1_3, RSA-PSS+SHA256:RSA+SHA256, RSA",
    })
    void certificateIsOneThatTheClientCanVerify(String version, String signatures, String expected) throws Exception {
        assertThat(OpenSsl.request(server.port(), "both.example", version, "-sigalgs", signatures))
                .containsPattern("Peer signature type: " + expected)
                .contains("HTTP/1.1 200 OK");
    }

    @Test
    void malformedHelloIsAnsweredWithTheRightAlert() throws Exception {
        byte[] hello = GateClient.hello("a.example", CA.sslContext());
        byte[] tooLong = hello.clone();
        tooLong[6] = 1;
        byte[] notAHello = hello.clone();
        notAHello[5] = 2;
        byte[] sessionIdTooLong = hello.clone();
        sessionIdTooLong[43] = (byte) 200;

        assertThat(answerTo(tooLong)).isEqualTo(alert(47));
        assertThat(answerTo(notAHello)).isEqualTo(alert(10));
        assertThat(answerTo(sessionIdTooLong)).isEqualTo(alert(50));
        assertThat(answerTo(new byte[] {23, 3, 3, 0, 1, 0})).isEqualTo(alert(10));
        assertThat(log.all()).anyMatch(line -> line.contains("sent a malformed ClientHello"));
    }

    @Test
    void plainHttpIsClosedWithALineThatSaysSo() throws Exception {
        assertThat(answerTo("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(log.all()).anyMatch(line -> line.contains("speaks plain HTTP to a TLS port"));
    }

    private String protocolFor(String... offered) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        try (GateClient client =
                GateClient.connect(socket, "a.example", CA.sslContext(), ALL_VERSIONS, List.of(offered))) {
            return client.applicationProtocol();
        }
    }

    @Test
    void applicationProtocolIsTheBestThatBothSpeak() throws Exception {
        assertThat(protocolFor("http/1.1", "h2")).isEqualTo("h2");
        assertThat(protocolFor("http/1.1")).isEqualTo("http/1.1");
        assertThat(protocolFor("spdy/1", "http/1.1")).isEqualTo("http/1.1");
        assertThat(protocolFor()).isEmpty();
    }

    @Test
    void unknownApplicationProtocolIsRefused() {
        assertThatThrownBy(() -> protocolFor("imap"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no_application_protocol");
    }

    @Test
    void clientWithoutApplicationProtocolsSpeaksHttp11() throws Exception {
        try (GateClient client = GateClient.connect(server.port(), "a.example", CA.sslContext())) {
            assertThat(client.get("a.example")).startsWith("HTTP/1.1 200 OK").endsWith("page over HTTP/1.1");
        }
    }
}
