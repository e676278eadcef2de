package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ConnectionPolicy;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerNamePolicy;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsVersion;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate and protocol clients get, and with which alert others are refused, as they see it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GateAlertTest {

    private static final TestCa CA = TestCa.create();
    private static final CertificateIndex CERTIFICATES = CertificateIndex.create();
    private static final Credential FALLBACK = CA.issue("fallback.example");

    static {
        CERTIFICATES.add(CA.issue("a.example", "modern.example"));
        CERTIFICATES.add(
                CA.leaf("a.example").keyAlgorithm(KeyAlgorithm.RSA_2048).issue());
    }

    private GateServer server;

    @BeforeEach
    void start() throws Exception {
        server = GateServer.start(ServerTls.builder(CERTIFICATES)
                .policy("modern.example", ConnectionPolicy.of(TlsVersion.TLS_1_3))
                .missingServerName(ServerNamePolicy.serve(FALLBACK))
                .build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TlsClient connect(String name, String version, String... alpn) throws IOException {
        return TlsClient.connect(server.port(), name, CA.sslContext(), version, alpn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void unknownNameIsUnrecognized(String version) throws Exception {
        assertThatThrownBy(() -> connect("unknown.example", version))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void unknownNameIsUnrecognizedByOpenSsl(String version) throws Exception {
        String output = new OpenSslClient(server.port()).visit("unknown.example", version);

        assertThat(output).contains("unrecognized name").contains("SSL alert number 112");
    }

    @Test
    void nameWithAHigherLowestVersionRefusesOlderClients() throws Exception {
        assertThatThrownBy(() -> connect("modern.example", "TLSv1.2"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("protocol_version");
        try (TlsClient modern = connect("modern.example", "TLSv1.3");
                TlsClient other = connect("a.example", "TLSv1.2")) {
            assertThat(modern.get("Host: modern.example")).startsWith("HTTP/1.1 200");
            assertThat(other.get("Host: a.example")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void clientWithoutServerNameGetsTheFallback() throws Exception {
        try (TlsClient client = connect("", "TLSv1.3")) {
            assertThat(client.get("Host: a.example")).startsWith("HTTP/1.1 200").contains("name=null");
        }
    }

    @ParameterizedTest
    @CsvSource({"h2;http/1.1,h2", "http/1.1;h2,h2", "http/1.1,http/1.1", "foo;http/1.1,http/1.1", "'',''"})
    void applicationProtocolIsTheBestThatBothSpeak(String offered, String chosen) throws Exception {
        String[] protocols = offered.isEmpty() ? new String[0] : offered.split(";");
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (TlsClient client = connect("a.example", version, protocols)) {
                assertThat(client.applicationProtocol()).isEqualTo(chosen);
            }
        }
    }

    @Test
    void foreignApplicationProtocolIsRefused() throws Exception {
        assertThatThrownBy(() -> connect("a.example", "TLSv1.3", "imap"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("no_application_protocol");
        assertThat(new OpenSslClient(server.port()).visit("a.example", "-alpn", "imap"))
                .contains("SSL alert number 120");
    }

    @ParameterizedTest
    @CsvSource({
        "-tls1_3,ECDSA+SHA256,ECDSA",
        "-tls1_3,RSA-PSS+SHA256,RSA-PSS",
        "-tls1_2,ECDSA+SHA256,ECDSA",
        "-tls1_2,RSA-PSS+SHA256:RSA+SHA256,RSA-PSS"
    })
    void keyIsOneThatTheClientCanVerify(String version, String algorithms, String signature) throws Exception {
        String output = new OpenSslClient(server.port()).visit("a.example", version, "-sigalgs", algorithms);

        assertThat(output).contains("Peer signature type: " + signature).contains("HTTP/1.1 200");
    }
}
