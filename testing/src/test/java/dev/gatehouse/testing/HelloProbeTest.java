package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HelloProbeTest {
    private static final String NAME = "app.example.com";
    private final TestCa ca = TestCa.create();
    private final Credential ecdsa = ca.issue(NAME);
    private final Credential rsa =
            ca.leaf(NAME).keyAlgorithm(KeyAlgorithm.RSA_2048).issue();

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, TLS_AES_128_GCM_SHA256, 0x1301",
        "TLSv1.3, TLS_AES_256_GCM_SHA384, 0x1302",
        "TLSv1.3, TLS_CHACHA20_POLY1305_SHA256, 0x1303",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0xc02b"
    })
    void readsTheWholeFlightOfTheServer(String protocol, String cipherSuite, String codePoint) throws Exception {
        try (TlsTestServer server = TlsTestServer.builder(CertificateMaterial.of(ecdsa))
                .applicationProtocols("h2")
                .parameters(parameters -> parameters.setWantClientAuth(true))
                .start()) {
            TlsProbeResult result = HelloProbe.builder()
                    .serverName(NAME)
                    .protocols(protocol)
                    .cipherSuites(Integer.decode(codePoint))
                    .applicationProtocols("h2", "http/1.1")
                    .build()
                    .probe(server.address());

            result.requireCompleted()
                    .requireProtocol(protocol)
                    .requireApplicationProtocol("h2")
                    .requireChain(ecdsa.chain());
            assertThat(result.cipherSuite()).contains(cipherSuite);
            assertThat(result.signatureScheme()).contains("ecdsa_secp256r1_sha256");
            assertThat(result.clientCertificateRequested()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void signatureSchemesChooseAmongKindsOfKeyOnEveryVersionOfTheJdk(String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new TwoKinds()}, null, null);
        try (TlsTestServer server = TlsTestServer.start(context)) {
            HelloProbe.builder()
                    .serverName(NAME)
                    .protocols(protocol)
                    .signatureSchemes(SignatureScheme.RSA_PSS_RSAE_SHA256, SignatureScheme.RSA_PKCS1_SHA256)
                    .build()
                    .probe(server.address())
                    .requireLeaf(rsa.leaf());
            HelloProbe.builder()
                    .serverName(NAME)
                    .protocols(protocol)
                    .signatureSchemes(SignatureScheme.ECDSA_SECP256R1_SHA256)
                    .build()
                    .probe(server.address())
                    .requireLeaf(ecdsa.leaf());
        }
    }

    @Test
    void sendsNamesByteForByteThatTheJdkRefusesToSend() throws Exception {
        byte[] odd = {'a', '_', (byte) 0xff, '.', 'b', '.'};
        byte[] alert = {21, 3, 3, 0, 2, 2, 112};
        try (ForeignServer server = new ForeignServer(alert)) {
            HelloProbe.builder()
                    .serverNames(odd)
                    .build()
                    .probe(server.address())
                    .requireAlert("unrecognized_name");

            assertThat(new String(server.received(), StandardCharsets.ISO_8859_1))
                    .contains(new String(odd, StandardCharsets.ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"under_score.example.com", "app.example.com."})
    void serversOnTheJdkRefuseNamesThatAreNone(String name) throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ecdsa)) {
            HelloProbe.builder()
                    .serverName(name)
                    .build()
                    .probe(server.address())
                    .requireAlert("illegal_parameter");
        }
    }

    @Test
    void sendsNoNameAndMalformedListsOfNames() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ecdsa)) {
            HelloProbe.builder()
                    .withoutServerName()
                    .build()
                    .probe(server.address())
                    .requireCompleted();
            assertThat(server.awaitHandshake(Duration.ofSeconds(10)).serverName())
                    .isNull();

            byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
            assertThat(HelloProbe.builder()
                            .serverNames(name, name)
                            .build()
                            .probe(server.address())
                            .outcome())
                    .isEqualTo(ProbeOutcome.ALERT);
            assertThat(HelloProbe.builder()
                            .serverNameExtension(new byte[] {0, 9, 0})
                            .build()
                            .probe(server.address())
                            .outcome())
                    .isEqualTo(ProbeOutcome.ALERT);
        }
    }

    @Test
    void aNameThatFillsSeveralRecordsArrives() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ecdsa);
                ForeignServer foreign = new ForeignServer(new byte[0])) {
            HelloProbe probe =
                    HelloProbe.builder().serverNames(new byte[20_000]).build();

            probe.probe(server.address()).requireAlert("illegal_parameter");
            probe.probe(foreign.address());
            assertThat(foreign.received()).as("the first record").hasSize(5 + 16_384);
        }
    }

    @Test
    void oldVersionsAreRefusedWithAnAlert() throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ecdsa)) {
            for (String old : List.of("SSLv3", "TLSv1", "TLSv1.1")) {
                HelloProbe.builder()
                        .serverName(NAME)
                        .protocols(old)
                        .build()
                        .probe(server.address())
                        .requireAlert("protocol_version");
            }
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> HelloProbe.builder().build()).hasMessageContaining("serverName: not chosen");
        assertThatThrownBy(() -> HelloProbe.builder().withoutServerName().serverName(NAME))
                .hasMessageContaining("serverName was already set");
        assertThatThrownBy(() -> HelloProbe.builder().protocols("TLS 1.3"))
                .hasMessageContaining("'TLS 1.3' (expected: one of [SSLv3, ");
        assertThatThrownBy(() -> HelloProbe.builder().cipherSuites()).hasMessageContaining("cipherSuites: none");
        assertThatThrownBy(() -> HelloProbe.builder().serverNames(new byte[65_000]))
                .hasMessageContaining("do not fit");
    }

    /** Has a certificate of each kind, as servers do that serve old clients, too. */
    private final class TwoKinds extends X509ExtendedKeyManager {

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getHandshakeSession();
            boolean clientKnowsEcdsa =
                    List.of(session.getPeerSupportedSignatureAlgorithms()).contains("SHA256withECDSA");
            if (clientKnowsEcdsa) {
                return keyType.equals("EC") ? "ecdsa" : null;
            }
            return keyType.equals("RSA") ? "rsa" : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return credential(alias).chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return credential(alias).privateKey();
        }

        private Credential credential(String alias) {
            return alias.equals("rsa") ? rsa : ecdsa;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"ecdsa", "rsa"};
        }
    }
}
