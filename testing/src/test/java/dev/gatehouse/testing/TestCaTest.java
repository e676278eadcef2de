package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.InvalidNameException;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.Security;
import java.security.cert.CertPathValidatorException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TestCaTest {
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

    @ParameterizedTest
    @EnumSource(
            value = KeyAlgorithm.class,
            names = {"EC_P256", "EC_P384", "RSA_2048", "ED25519"})
    void clientsThatTrustTheRootAcceptItsServersByName(KeyAlgorithm algorithm) throws Exception {
        TestCa ca = TestCa.create();
        Credential credential = ca.leaf("app.example.com", "*.shop.example.com", "127.0.0.1")
                .keyAlgorithm(algorithm)
                .issue();

        try (HandshakeServer server = new HandshakeServer(credential)) {
            for (String name : List.of("app.example.com", "a.shop.example.com", "127.0.0.1")) {
                SSLSession session = server.handshake(ca.sslContext(), name);
                assertThat(session.getPeerCertificates())
                        .as(name)
                        .containsExactly(credential.leaf(), ca.intermediateCertificate());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyAlgorithm.class,
            names = {"EC_P384", "RSA_2048", "ED25519"})
    void theCaItselfCanHaveAnyKindOfKey(KeyAlgorithm algorithm) throws Exception {
        TestCa ca = TestCa.builder().keyAlgorithm(algorithm).build();
        Credential credential = ca.issue("app.example.com");

        try (HandshakeServer server = new HandshakeServer(credential)) {
            assertThat(server.handshake(ca.sslContext(), "app.example.com").isValid())
                    .isTrue();
        }
        assertThat(credential.privateKey().getAlgorithm())
                .isEqualTo(algorithm.generateKeyPair().getPrivate().getAlgorithm());
    }

    @Test
    void clientsRefuseOtherNamesAndOtherRoots() throws Exception {
        TestCa ca = TestCa.create();
        try (HandshakeServer server = new HandshakeServer(ca.issue("app.example.com", "*.shop.example.com"))) {
            for (String name : List.of("other.example.com", "shop.example.com", "a.b.shop.example.com")) {
                assertThatThrownBy(() -> server.handshake(ca.sslContext(), name))
                        .as(name)
                        .isInstanceOf(SSLHandshakeException.class)
                        .hasMessageContaining("No subject alternative DNS name matching " + name);
            }
            assertThatThrownBy(() -> server.handshake(TestCa.create().sslContext(), "app.example.com"))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("PKIX path");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "a.example.com", "a.b.example.com", "a.b.c.d.example.com"})
    void wildcardsStandForOneLabelAtEachDepth(String domain) throws Exception {
        TestCa ca = TestCa.create();
        try (TlsTestServer server = TlsTestServer.start(ca.issue("*." + domain))) {
            for (String name : List.of("x." + domain, domain, "x.y." + domain)) {
                TlsProbeResult result =
                        TlsProbe.builder().serverName(name).trust(ca).build().probe(server.address());
                if (name.equals("x." + domain)) {
                    result.requireCompleted();
                } else {
                    result.requireRefused("No subject alternative DNS name matching " + name);
                }
            }
        }
    }

    @Test
    void literalNamesAreWrittenAsTheyAre() throws Exception {
        X509Certificate leaf = TestCa.create()
                .leafWithLiteralNames("Under_Score.example.com", "*.*.example.com")
                .material()
                .chain()
                .get(0);

        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(List.of(2, "Under_Score.example.com"), List.of(2, "*.*.example.com"));
    }

    @Test
    void leavesLookLikeThoseOfPublicCas() throws Exception {
        TestCa ca = TestCa.create();

        X509Certificate leaf = ca.issue("app.example.com").leaf();

        assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
        assertThat(leaf.getCriticalExtensionOIDs()).contains(SUBJECT_ALTERNATIVE_NAME);
        assertThat(leaf.getExtensionValue(SUBJECT_KEY_IDENTIFIER)).isNotNull();
        assertThat(leaf.getExtensionValue(AUTHORITY_KEY_IDENTIFIER)).isNotNull();
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getKeyUsage()).startsWith(true, false, false);
        assertThat(leaf.getSerialNumber().bitLength()).isEqualTo(129);
        assertThat(leaf.getVersion()).isEqualTo(3);
        assertThat(ca.intermediateCertificate().getBasicConstraints()).isZero();
        assertThat(ca.rootCertificate().getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void rsaLeavesAllowTheKeyExchangeOfTls12() {
        X509Certificate leaf = TestCa.create()
                .leaf("app.example.com")
                .keyAlgorithm(KeyAlgorithm.RSA_2048)
                .issue()
                .leaf();

        assertThat(leaf.getKeyUsage()).startsWith(true, false, true);
    }

    @Test
    void pathsValidateWithTheJdk() throws Exception {
        TestCa ca = TestCa.create();

        CertificatePaths.validate(ca, ca.issue("app.example.com").chain());

        List<X509Certificate> expired = ca.leaf("app.example.com")
                .validity(
                        Instant.now().minus(Duration.ofDays(90)), Instant.now().minus(Duration.ofDays(1)))
                .issue()
                .chain();
        assertThatThrownBy(() -> CertificatePaths.validate(ca, expired))
                .isInstanceOfSatisfying(CertPathValidatorException.class, refusal -> {
                    assertThat(refusal.getReason()).isEqualTo(CertPathValidatorException.BasicReason.EXPIRED);
                    assertThat(refusal.getIndex())
                            .as("only the leaf has expired")
                            .isZero();
                });
    }

    @Test
    void validityStartsFromTheClockAndLastsAsLongAsItIsTold() {
        MovableClock clock = new MovableClock(Instant.parse("2031-05-06T07:08:09.999Z"));
        TestCa ca =
                TestCa.builder().clock(clock).leafLifetime(Duration.ofDays(6)).build();

        assertThat(ca.issue("a.example.com").notBefore()).isEqualTo("2031-05-06T07:08:09Z");
        assertThat(ca.issue("a.example.com").notAfter()).isEqualTo("2031-05-12T07:08:09Z");

        clock.advance(Duration.ofDays(1));
        assertThat(ca.leaf("a.example.com")
                        .lifetime(Duration.ofHours(1))
                        .issue()
                        .notAfter())
                .isEqualTo("2031-05-07T08:08:09Z");
    }

    @Test
    void normalisesNamesAndLeavesRepetitionsOut() throws Exception {
        X509Certificate leaf = TestCa.create()
                .issue("App.Example.COM.", "app.example.com", "bücher.example", "2001:db8:0:0:0:0:0:1")
                .leaf();

        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "app.example.com"),
                        List.of(2, "xn--bcher-kva.example"),
                        List.of(7, InetAddress.getByName("2001:db8::1").getHostAddress()));
    }

    @Test
    void certifiesAKeyWhosePrivateHalfIsElsewhere() {
        TestCa ca = TestCa.create();
        KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();

        List<X509Certificate> chain = ca.leaf("app.example.com").certify(key.getPublic());

        assertThat(chain).hasSize(2).element(1).isEqualTo(ca.intermediateCertificate());
        assertThat(chain.get(0).getPublicKey()).isEqualTo(key.getPublic());
    }

    @Test
    void takesAKeyPairThatIsThereAlready() {
        KeyPair key = KeyAlgorithm.RSA_2048.generateKeyPair();

        Credential credential =
                TestCa.create().leaf("app.example.com").keyPair(key).issue();

        assertThat(credential.privateKey()).isEqualTo(key.getPrivate());
    }

    @Test
    void everyCertificateHasItsOwnSerialNumber() {
        TestCa ca = TestCa.create();

        assertThat(List.of(ca.issue("a.example.com"), ca.issue("a.example.com"), ca.issue("a.example.com")))
                .extracting(credential -> credential.leaf().getSerialNumber())
                .doesNotHaveDuplicates();
    }

    @Test
    void rootIsReadableAsPem() throws Exception {
        TestCa ca = TestCa.builder().name("Acme Corp").build();

        assertThat(ca.rootPem()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(ca.rootCertificate().getSubjectX500Principal().getName()).isEqualTo("CN=Acme Corp Root");
        assertThat(ca.trustStore().size()).isEqualTo(1);
        assertThatCode(() -> ca.trustManager()
                        .checkServerTrusted(
                                ca.issue("a.example.com").chain().toArray(X509Certificate[]::new), "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
    }

    @Test
    void registersNoSecurityProvider() {
        TestCa.create().issue("app.example.com");

        assertThat(Security.getProviders())
                .extracting(provider -> provider.getName())
                .doesNotContain("BC", "BCJSSE");
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        TestCa ca = TestCa.create();

        assertThatThrownBy(() -> ca.issue()).hasMessageContaining("names: none");
        assertThatThrownBy(() -> ca.issue("not a name")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> ca.leaf("a.example").lifetime(Duration.ZERO))
                .hasMessage("lifetime: PT0S (expected: > 0)");
        assertThatThrownBy(() -> ca.leaf("a.example").validity(Instant.EPOCH, Instant.EPOCH))
                .hasMessageContaining("is empty");
        assertThatThrownBy(
                        () -> ca.leaf("a.example").lifetime(Duration.ofDays(1)).validity(Instant.EPOCH, Instant.now()))
                .hasMessageContaining("lifetime was already set to PT24H");
        assertThatThrownBy(() -> ca.leaf("a.example")
                        .keyPair(KeyAlgorithm.EC_P256.generateKeyPair())
                        .keyAlgorithm(KeyAlgorithm.EC_P256))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("Private");
    }
}
