package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Pem;
import java.security.interfaces.RSAPublicKey;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BrokenCertificatesTest {
    private static final String NAME = "app.example.com";
    private final TestCa ca = TestCa.create();

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("expired", BrokenCertificates::expired, "NotAfter"),
                fault("not yet valid", BrokenCertificates::notYetValid, "NotBefore"),
                fault("wrong host", BrokenCertificates::wrongHost, "No subject alternative DNS name matching " + NAME),
                fault(
                        "missing intermediate",
                        BrokenCertificates::missingIntermediate,
                        "unable to find valid certification path"),
                fault("wrong order", BrokenCertificates::wrongOrder, "KeyUsage does not allow digital signatures"),
                fault("mismatched key", BrokenCertificates::mismatchedKey, "signature"),
                fault("self-signed", BrokenCertificates::selfSigned, "unable to find valid certification path"),
                fault("wrong usage", BrokenCertificates::wrongExtendedKeyUsage, "Extended key usage does not permit"));
    }

    private static Arguments fault(
            String name, Function<BrokenCertificates, CertificateMaterial> fault, String reason) {
        return Arguments.of(name, fault, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void clientsSeeTheChainAndRefuseItForItsFault(
            String name, Function<BrokenCertificates, CertificateMaterial> fault, String reason) throws Exception {
        CertificateMaterial material = fault.apply(ca.broken(NAME));

        try (ProbedServer server = new ProbedServer(material)) {
            TlsProbeResult result =
                    TlsProbe.builder().serverName(NAME).trust(ca).build().probe(server.address());

            assertThat(result.succeeded()).isFalse();
            assertThat(result.alertReceived()).isEmpty();
            assertThat(result.chain()).isEqualTo(material.chain());
            assertThat(result.failure().orElseThrow()).hasStackTraceContaining(reason);
        }
    }

    @Test
    void weakKeyIsShownWithItsSizeAndAcceptedByTheDefaultsOfTheJdk() throws Exception {
        try (ProbedServer server = new ProbedServer(ca.broken(NAME).weakKey())) {
            TlsProbeResult result =
                    TlsProbe.builder().serverName(NAME).trust(ca).build().probe(server.address());

            assertThat(result.failure()).isEmpty();
            assertThat(result.leaf().orElseThrow().getPublicKey())
                    .isInstanceOfSatisfying(
                            RSAPublicKey.class,
                            key -> assertThat(key.getModulus().bitLength()).isEqualTo(1024));
        }
    }

    @Test
    void sha1SignatureIsShown() throws Exception {
        try (ProbedServer server = new ProbedServer(ca.broken(NAME).sha1Signature())) {
            TlsProbeResult result = TlsProbe.builder()
                    .serverName(NAME)
                    .trustEverything()
                    .build()
                    .probe(server.address());

            assertThat(result.leaf().orElseThrow().getSigAlgName()).isEqualTo("SHA1withECDSA");
        }
        assertThatThrownBy(() -> TestCa.builder()
                        .keyAlgorithm(KeyAlgorithm.ED25519)
                        .build()
                        .broken(NAME)
                        .sha1Signature())
                .hasMessageContaining("Ed25519");
    }

    @Test
    void materialIsReadableAsPemExactlyAsItIs() {
        CertificateMaterial material = ca.broken(NAME).wrongOrder();

        assertThat(Pem.certificates(material.certificatePem())).isEqualTo(material.chain());
        assertThat(Pem.privateKey(material.privateKeyPem())).isEqualTo(material.privateKey());
    }
}
