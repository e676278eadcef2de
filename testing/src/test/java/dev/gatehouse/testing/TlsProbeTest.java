package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsProbeTest {
    private static final String NAME = "app.example.com";
    private final TestCa ca = TestCa.create();
    private final CertificateMaterial sound = CertificateMaterial.of(ca.issue(NAME));

    @Test
    void tellsWhatWasAgreedOn() throws Exception {
        try (ProbedServer server = new ProbedServer(
                sound.sslContext(), parameters -> parameters.setApplicationProtocols(new String[] {"h2"}))) {
            TlsProbeResult result = TlsProbe.builder()
                    .serverName(NAME)
                    .protocols("TLSv1.2")
                    .cipherSuites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                    .applicationProtocols("h2", "http/1.1")
                    .trust(ca)
                    .build()
                    .probe(server.address());

            assertThat(result.failure()).isEmpty();
            assertThat(result.protocol()).contains("TLSv1.2");
            assertThat(result.cipherSuite()).contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            assertThat(result.applicationProtocol()).contains("h2");
            assertThat(result.chain()).isEqualTo(sound.chain());
        }
    }

    @Test
    void readsTheAlertsOfServersThatDoNotKnowTheName() throws Exception {
        try (ProbedServer server = new ProbedServer(
                sound.sslContext(),
                parameters ->
                        parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("app\\.example\\.com"))))) {
            assertThat(TlsProbe.builder()
                            .serverName("other.example.com")
                            .trustEverything()
                            .build()
                            .probe(server.address())
                            .alertReceived())
                    .contains("unrecognized_name");
            assertThat(TlsProbe.builder()
                            .rawServerName(new byte[] {'_', (byte) 0xff})
                            .trustEverything()
                            .build()
                            .probe(server.address())
                            .succeeded())
                    .isFalse();
            assertThat(TlsProbe.builder()
                            .withoutServerName()
                            .trust(ca.sslContext())
                            .build()
                            .probe(server.address())
                            .succeeded())
                    .isTrue();
        }
    }

    @Test
    void waitsForTheVerdictOnClientCertificates() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {sound.keyManager()}, new TrustManager[] {ca.trustManager()}, null);
        try (ProbedServer server = new ProbedServer(context, parameters -> parameters.setNeedClientAuth(true))) {
            assertThat(probeAs(ca.issueClient("alice"), server).failure()).isEmpty();
            assertThat(probeAs(TestCa.create().issueClient("mallory"), server).alertReceived())
                    .isPresent();
        }
    }

    private TlsProbeResult probeAs(CertificateMaterial client, ProbedServer server) throws IOException {
        return TlsProbe.builder()
                .serverName(NAME)
                .trust(ca)
                .clientCertificate(client)
                .build()
                .probe(server.address());
    }

    @Test
    void silentServersCostNoMoreThanTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TlsProbeResult result = TlsProbe.builder()
                    .serverName(NAME)
                    .trust(ca)
                    .timeout(Duration.ofMillis(200))
                    .build()
                    .probe((InetSocketAddress) silent.getLocalSocketAddress());

            assertThat(result.failure().orElseThrow()).hasMessageContaining("did not end within PT0.2S");
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> TlsProbe.builder().serverName(NAME).withoutServerName())
                .hasMessageContaining("serverName was already set");
        assertThatThrownBy(() -> TlsProbe.builder().trust(ca).trustEverything()).hasMessageContaining("already chosen");
        assertThatThrownBy(() -> TlsProbe.builder().serverName(NAME).build()).hasMessageContaining("trust: not chosen");
        assertThatThrownBy(() -> TlsProbe.builder().timeout(Duration.ofHours(1)))
                .hasMessageContaining("<= PT5M");
    }
}
