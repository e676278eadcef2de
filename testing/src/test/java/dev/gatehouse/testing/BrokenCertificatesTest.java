package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.Pem;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BrokenCertificatesTest {
    private static final String NAME = "app.shop.example.com";
    private static final String NO_MATCH = "No subject alternative DNS name matching " + NAME;
    private static final String NO_PATH = "unable to find valid certification path";

    /** What a client on the JDK has to say about each fault that it refuses. */
    private static final Map<CertificateFault, String> REASONS = Map.ofEntries(
            Map.entry(CertificateFault.EXPIRED, "NotAfter"),
            Map.entry(CertificateFault.NOT_YET_VALID, "NotBefore"),
            Map.entry(CertificateFault.WRONG_HOST, NO_MATCH),
            Map.entry(CertificateFault.WILDCARD_TOO_SHORT, NO_MATCH),
            Map.entry(CertificateFault.WILDCARD_TOO_LONG, NO_MATCH),
            Map.entry(CertificateFault.MISSING_INTERMEDIATE, NO_PATH),
            Map.entry(CertificateFault.WRONG_ORDER, "KeyUsage does not allow digital signatures"),
            Map.entry(CertificateFault.MISMATCHED_KEY, "signature"),
            Map.entry(CertificateFault.SELF_SIGNED, NO_PATH),
            Map.entry(CertificateFault.UNTRUSTED_ROOT, NO_PATH),
            Map.entry(CertificateFault.EXPIRED_INTERMEDIATE, "NotAfter"),
            Map.entry(CertificateFault.ISSUER_IS_NO_CA, "CA key usage"),
            Map.entry(CertificateFault.NAME_NOT_PERMITTED, "name constraints"),
            Map.entry(CertificateFault.INVALID_SIGNATURE, "signature check failed"),
            Map.entry(CertificateFault.UNKNOWN_CRITICAL_EXTENSION, "unrecognized critical extension"),
            Map.entry(CertificateFault.MD5_SIGNATURE, "MD5"),
            Map.entry(CertificateFault.WRONG_EXTENDED_KEY_USAGE, "Extended key usage does not permit"));

    private static final Set<CertificateFault> ACCEPTED_BY_THE_JDK = EnumSet.of(
            CertificateFault.COMMON_NAME_ONLY,
            CertificateFault.WILDCARD_IN_LABEL,
            CertificateFault.WEAK_KEY,
            CertificateFault.SHA1_SIGNATURE);

    private static final Set<CertificateFault> ACCEPTED_BY_OLD_JDKS =
            EnumSet.of(CertificateFault.WILDCARD_NOT_LEFTMOST, CertificateFault.WILDCARD_TWICE);

    private final TestCa ca = TestCa.create();

    @ParameterizedTest
    @EnumSource(CertificateFault.class)
    void clientsOnTheJdkSeeTheChainAndRefuseItForItsFaultAlone(CertificateFault fault) throws Exception {
        CertificateMaterial material = ca.broken(NAME).with(fault);

        try (TlsTestServer server = TlsTestServer.start(material)) {
            TlsProbeResult result =
                    TlsProbe.builder().serverName(NAME).trust(ca).build().probe(server.address());

            result.requireChain(material.chain());
            if (ACCEPTED_BY_OLD_JDKS.contains(fault)) {
                assertThat(result.succeeded()).isEqualTo(Runtime.version().feature() < 25);
            } else if (ACCEPTED_BY_THE_JDK.contains(fault)) {
                result.requireCompleted();
            } else {
                result.requireRefused(REASONS.get(fault));
            }
        }
    }

    /** Whoever makes the wrong thing of a name makes it of all names. */
    @ParameterizedTest
    @EnumSource(CertificateFault.class)
    void everyFaultCanBeMadeForAnyName(CertificateFault fault) {
        for (String name : List.of("localhost", "example.com", "*.example.com", "127.0.0.1", "::1")) {
            assertThat(ca.broken(name).with(fault).chain()).as(name).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyAlgorithm.class,
            names = {"RSA_2048", "ED25519"})
    void signaturesOverOldDigestsComeFromCasWithAnyKindOfKey(KeyAlgorithm algorithm) {
        TestCa other = TestCa.builder().keyAlgorithm(algorithm).build();

        assertThat(other.broken(NAME).sha1Signature().chain().get(0).getSigAlgName())
                .isEqualTo("SHA1withRSA");
        assertThat(other.broken(NAME).md5Signature().chain().get(0).getSigAlgName())
                .isEqualTo("MD5withRSA");
    }

    @ParameterizedTest
    @CsvSource({
        "WILDCARD_TOO_SHORT, *.example.com",
        "WILDCARD_TOO_LONG, *.app.shop.example.com",
        "WILDCARD_NOT_LEFTMOST, app.*.example.com",
        "WILDCARD_TWICE, *.*.example.com",
        "WILDCARD_IN_LABEL, a*.shop.example.com"
    })
    void misplacedWildcardsAreWrittenAsTheyAre(CertificateFault fault, String dnsName) throws Exception {
        X509Certificate leaf = ca.broken(NAME).with(fault).chain().get(0);

        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, dnsName));
    }

    @Test
    void weakKeyHas1024Bits() {
        assertThat(ca.broken(NAME).weakKey().chain().get(0).getPublicKey())
                .isInstanceOfSatisfying(
                        RSAPublicKey.class,
                        key -> assertThat(key.getModulus().bitLength()).isEqualTo(1024));
    }

    @Test
    void sha1SignatureIsMadeWithTheKeyOfTheCaWhereItCan() {
        assertThat(ca.broken(NAME).sha1Signature().chain().get(0).getSigAlgName())
                .isEqualTo("SHA1withECDSA");
    }

    @Test
    void materialIsReadableAsPemExactlyAsItIs() {
        CertificateMaterial material = ca.broken(NAME).wrongOrder();

        assertThat(Pem.certificates(material.certificatePem())).isEqualTo(material.chain());
        assertThat(Pem.privateKey(material.privateKeyPem())).isEqualTo(material.privateKey());
    }
}
