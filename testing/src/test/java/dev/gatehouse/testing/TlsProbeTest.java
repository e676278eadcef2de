package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsProbeTest {
    private static final String NAME = "app.example.com";
    private final TestCa ca = TestCa.create();
    private final Credential sound = ca.issue(NAME);

    @Test
    void tellsWhatWasAgreedOn() throws Exception {
        try (TlsTestServer server = TlsTestServer.builder(CertificateMaterial.of(sound))
                .applicationProtocols("h2")
                .start()) {
            TlsProbeResult result = trusting()
                    .protocols("TLSv1.2")
                    .cipherSuites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                    .applicationProtocols("h2", "http/1.1")
                    .build()
                    .probe("localhost", server.port());

            result.requireCompleted()
                    .requireProtocol("TLSv1.2")
                    .requireApplicationProtocol("h2")
                    .requireChain(sound.chain())
                    .requireLeaf(sound.leaf())
                    .requireResumed(false);
            assertThat(result.failure()).isEmpty();
            assertThat(result.staples()).isEmpty();
            assertThat(result.cipherSuite()).contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        }
    }

    @Test
    void readsTheAlertsOfServersThatDoNotKnowTheName() throws Exception {
        try (TlsTestServer server = TlsTestServer.builder(CertificateMaterial.of(sound))
                .parameters(parameters ->
                        parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("app\\.example\\.com"))))
                .start()) {
            TlsProbeResult refused = TlsProbe.builder()
                    .serverName("other.example.com")
                    .trustEverything()
                    .build()
                    .probe(server.address());
            refused.requireAlert("unrecognized_name");
            assertThat(refused.alert()).contains(new ReceivedAlert("unrecognized_name", 112));
            assertThat(TlsProbe.builder()
                            .rawServerName(new byte[] {'_', (byte) 0xff})
                            .trustEverything()
                            .build()
                            .probe(server.address())
                            .outcome())
                    .isEqualTo(ProbeOutcome.ALERT);
            TlsProbe.builder()
                    .withoutServerName()
                    .trust(ca.sslContext())
                    .build()
                    .probe(server.address())
                    .requireCompleted();
        }
    }

    @Test
    void failedRequirementsTellTheWholeOutcome() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ca.broken(NAME).expired())) {
            TlsProbeResult result = trusting().build().probe(server.address());

            assertThatThrownBy(result::requireCompleted)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("TLS handshake with localhost/127.0.0.1:" + server.port()
                            + " for 'app.example.com':\n  expected outcome: completed\n  but it failed: refused by the probe"
                            + " (")
                    .hasMessageContaining("PKIX path validation failed:")
                    .hasMessageContaining(", chain: [app.example.com, EC, serial ");
            assertThatThrownBy(() -> result.requireAlert("unrecognized_name"))
                    .hasMessageContaining("expected alert unrecognized_name(112)");
            assertThatThrownBy(() -> result.requireRefused("revoked")).hasMessageContaining("because of 'revoked'");
            assertThatThrownBy(() -> result.requireLeaf(sound.leaf())).hasMessageContaining("expected leaf [app");
            assertThatThrownBy(() -> result.requireChain(List.of())).hasMessageContaining("expected chain none");
            assertThatThrownBy(() -> result.requireProtocol("TLSv1.3"))
                    .hasMessageContaining("expected protocol TLSv1.3");
            assertThatThrownBy(() -> result.requireApplicationProtocol("h2")).hasMessageContaining("expected ALPN h2");
            assertThatThrownBy(() -> result.requireResumed(false)).hasMessageContaining("expected a new session");
            assertThatThrownBy(() -> result.requireStaple(OcspStaple.Status.GOOD))
                    .hasMessageContaining("stapled OCSP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void resumesTheSessionOfItsFirstHandshakeWhenAsked(String protocol) throws Exception {
        try (TlsTestServer server = TlsTestServer.start(CertificateMaterial.of(sound))) {
            TlsProbe keeping = trusting().protocols(protocol).resumeSessions().build();
            TlsProbe forgetful = trusting().protocols(protocol).build();

            keeping.probe(server.address()).requireCompleted().requireResumed(false);
            keeping.probe(server.address()).requireResumed(true).requireChain(sound.chain());
            forgetful.probe(server.address()).requireResumed(false);
            forgetful.probe(server.address()).requireResumed(false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void waitsForTheVerdictOnClientCertificates(String protocol) throws Exception {
        try (TlsTestServer server = TlsTestServer.builder(CertificateMaterial.of(sound))
                .requireClientCertificate(ca)
                .start()) {
            TlsProbeBuilder expecting = trusting().protocols(protocol);
            CertificateMaterial alice = ca.issueClient("alice");
            CertificateMaterial expired = ca.client("alice")
                    .validity(Instant.now().minusSeconds(7200), Instant.now().minusSeconds(3600))
                    .material();

            expecting.clientCertificate(alice).build().probe(server.address()).requireCompleted();
            assertThat(server.awaitHandshake(Duration.ofSeconds(10)).clientChain())
                    .isEqualTo(alice.chain());
            for (CertificateMaterial refused : List.of(TestCa.create().issueClient("mallory"), expired)) {
                TlsProbeResult result = trusting()
                        .protocols(protocol)
                        .clientCertificate(refused)
                        .build()
                        .probe(server.address());
                assertThat(result.outcome()).as(result.toString()).isEqualTo(ProbeOutcome.ALERT);
            }
        }
    }

    @Test
    void cipherSuitesOfTls12ChooseTheKindOfKey() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(CertificateMaterial.of(sound))) {
            trusting()
                    .protocols("TLSv1.2")
                    .cipherSuites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                    .build()
                    .probe(server.address())
                    .requireAlert("handshake_failure");
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_19)
    void signatureSchemesChooseTheKindOfKeyFromJava19On() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(CertificateMaterial.of(sound))) {
            trusting()
                    .signatureSchemes(SignatureScheme.ECDSA_SECP256R1_SHA256)
                    .build()
                    .probe(server.address())
                    .requireCompleted();
            trusting()
                    .signatureSchemes(SignatureScheme.RSA_PSS_RSAE_SHA256)
                    .build()
                    .probe(server.address())
                    .requireAlert("handshake_failure");
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_18)
    void signatureSchemesAreRefusedBeforeJava19WithTheWayOut() {
        assertThatThrownBy(() -> trusting().signatureSchemes(SignatureScheme.ED25519))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Use HelloProbe");
    }

    @Test
    void trustCanBeLeftToATrustManagerAndToTheSystem() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(CertificateMaterial.of(sound))) {
            TlsProbe.builder()
                    .serverName(NAME)
                    .trust((X509ExtendedTrustManager) ca.trustManager())
                    .build()
                    .probe(server.address())
                    .requireCompleted();
            TlsProbe.builder()
                    .serverName("other.example.com")
                    .trust((X509ExtendedTrustManager) ca.trustManager())
                    .build()
                    .probe(server.address())
                    .requireRefused("No subject alternative DNS name matching other.example.com");
            TlsProbe.builder()
                    .serverName(NAME)
                    .trustSystem()
                    .build()
                    .probe(server.address())
                    .requireRefused("unable to find valid certification path");
        }
    }

    @Test
    void silentServersCostNoMoreThanTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) silent.getLocalSocketAddress();
            TlsProbeResult result =
                    trusting().timeout(Duration.ofMillis(200)).build().probe(address);

            result.requireOutcome(ProbeOutcome.TIMED_OUT);
            assertThat(result.failure().orElseThrow()).hasMessageContaining("did not end within PT0.2S");
            HelloProbe.builder()
                    .serverName(NAME)
                    .timeout(Duration.ofMillis(200))
                    .build()
                    .probe(address)
                    .requireOutcome(ProbeOutcome.TIMED_OUT);
        }
    }

    @Test
    void plainHttpIsToldFromTls() throws Exception {
        byte[] http = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (boolean raw : List.of(false, true)) {
            try (ForeignServer server = new ForeignServer(http)) {
                TlsProbeResult result = probe(raw, server.address());

                result.requireOutcome(ProbeOutcome.NOT_TLS);
                assertThat(result.plainText()).contains("HTTP/1.1 400 Bad Request");
                assertThatThrownBy(result::requireCompleted).hasMessageContaining("server wrote: HTTP/1.1 400 Bad");
            }
        }
    }

    @Test
    void closingResettingAndAlertsAreToldApart() throws Exception {
        for (boolean raw : List.of(false, true)) {
            try (ForeignServer closing = new ForeignServer(new byte[0])) {
                probe(raw, closing.address()).requireOutcome(ProbeOutcome.CLOSED);
            }
            try (ForeignServer resetting = new ForeignServer(new byte[0], true)) {
                probe(raw, resetting.address()).requireOutcome(ProbeOutcome.RESET);
            }
            try (ForeignServer refusing = new ForeignServer(new byte[] {21, 3, 3, 0, 2, 2, 120})) {
                probe(raw, refusing.address()).requireAlert("no_application_protocol");
            }
        }
    }

    @Test
    void noConnectionIsNoOutcome() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) closed.getLocalSocketAddress();
        }
        assertThatThrownBy(() -> probe(false, nobody)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> probe(true, nobody)).isInstanceOf(IOException.class);
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

    private TlsProbeBuilder trusting() {
        return TlsProbe.builder().serverName(NAME).trust(ca);
    }

    private TlsProbeResult probe(boolean raw, InetSocketAddress address) throws IOException {
        return raw
                ? HelloProbe.builder().serverName(NAME).build().probe(address)
                : trusting().build().probe(address);
    }
}
