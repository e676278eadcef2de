package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.AuditedCertificate.Made;
import java.math.BigInteger;
import java.net.URI;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;

class CredentialTest {

    private final HeldCertificate leaf =
            Certificates.builder("app.example.com", "*.Example.com").build();
    private final X509Certificate intermediate = Certificates.INTERMEDIATE.certificate();

    @Test
    void chainIsPutInOrderAndTheRootLeftOut() {
        Credential credential = Credential.of(
                leaf.keyPair().getPrivate(), List.of(Certificates.root(), intermediate, leaf.certificate()));

        assertThat(credential.chain()).containsExactly(leaf.certificate(), intermediate);
        assertThat(credential.leaf()).isEqualTo(leaf.certificate());
    }

    @Test
    void strangersAreLeftOutOfTheChain() {
        X509Certificate stranger = new HeldCertificate.Builder().build().certificate();

        Credential credential =
                Credential.of(leaf.keyPair().getPrivate(), List.of(leaf.certificate(), stranger, intermediate));

        assertThat(credential.chain()).containsExactly(leaf.certificate(), intermediate);
    }

    @Test
    void namesAreThoseOfTheLeaf() {
        Credential credential = Certificates.credential(leaf);

        assertThat(credential.coverage()).isEqualTo(Coverage.of(List.of("app.example.com", "*.example.com")));
        assertThat(credential.keyType()).isEqualTo(KeyType.EC);
        assertThat(credential.isValidAt(credential.notBefore())).isTrue();
        assertThat(credential.isValidAt(credential.notAfter())).isTrue();
        assertThat(credential.isValidAt(credential.notAfter().plusSeconds(1))).isFalse();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        assertThatThrownBy(() ->
                        Credential.of(Certificates.keyPair().getPrivate(), List.of(leaf.certificate(), intermediate)))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("does not belong to certificate")
                .hasMessageContaining("Give the key that the certificate was requested with");
    }

    @Test
    void aCertificateWithoutNamesIsRefused() {
        HeldCertificate nameless =
                new HeldCertificate.Builder().commonName("example.com").build();

        assertThatThrownBy(() -> Credential.of(nameless.keyPair().getPrivate(), List.of(nameless.certificate())))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("no DNS name or IP address in its subject alternative names");
    }

    @Test
    void theFingerprintIsTheDigestOfTheLeaf() throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(leaf.certificate().getEncoded());

        assertThat(Certificates.credential(leaf).fingerprint())
                .isEqualTo(HexFormat.of().formatHex(digest))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void issuerAndSerialNumberAreThoseOfTheLeaf() {
        Credential credential = Certificates.credential(leaf);

        assertThat(credential.issuer()).isEqualTo(leaf.certificate().getIssuerX500Principal());
        assertThat(credential.serialNumber()).isEqualTo(leaf.certificate().getSerialNumber());
    }

    /** The example of RFC 9773, section 4.1. */
    @Test
    void theIdentifierForRenewalInformationKeepsTheLeadingZeroOfTheSerialNumber() {
        Made certificate = AuditedCertificate.leaf("app.example.com")
                .authorityKeyId(HexFormat.of().parseHex("69885B6B87464041E1B37B847BA0AE2CDE01C8D4"))
                .serial(new BigInteger("87654321", 16))
                .make();

        assertThat(credential(certificate).ariCertificateId()).contains("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
    }

    @Test
    void withoutAnAuthorityKeyIdentifierThereIsNoRenewalInformation() {
        assertThat(Certificates.credential(leaf).ariCertificateId()).isEmpty();
    }

    @Test
    void aLoneLeafThatAnotherIssuedSeemsToLackItsIntermediate() {
        Made lone = AuditedCertificate.leaf("app.example.com")
                .issuerLocation("http://ca.example/intermediate.crt")
                .make();

        MissingIntermediate missing = credential(lone).missingIntermediate().orElseThrow();

        assertThat(missing.issuer().getName()).isEqualTo("CN=intermediate");
        assertThat(missing.location()).contains(URI.create("http://ca.example/intermediate.crt"));
        assertThat(missing.remedy())
                .isEqualTo("Append the certificate of 'CN=intermediate' to the chain; it can be downloaded from"
                        + " http://ca.example/intermediate.crt.");
        assertThat(missing)
                .hasToString("The issuer 'CN=intermediate' is not in the chain, so some clients will not"
                        + " trust it. " + missing.remedy());
    }

    @Test
    void theLocationOfTheIssuerIsLeftOutIfItIsNone() {
        Made lone = AuditedCertificate.leaf("app.example.com")
                .issuerLocation("not a URI")
                .make();

        assertThat(credential(lone).missingIntermediate().orElseThrow().remedy())
                .isEqualTo("Append the certificate of 'CN=intermediate' to the chain.");
    }

    @Test
    void aStrangerInTheChainIsNoIntermediate() {
        Made stranger = AuditedCertificate.authority("CN=stranger", null);

        assertThat(credential(AuditedCertificate.leaf("app.example.com").make(), stranger)
                        .missingIntermediate())
                .isPresent();
    }

    @Test
    void nothingIsMissingWithAnIntermediateOrBelowARootThatWasGivenOrForASelfSignedLeaf() {
        Made direct = AuditedCertificate.leaf("app.example.com")
                .issuedBy(AuditedCertificate.ROOT)
                .make();
        Made selfSigned =
                AuditedCertificate.leaf("app.example.com").issuedBy(null).make();

        assertThat(credential(AuditedCertificate.leaf("app.example.com").make(), AuditedCertificate.INTERMEDIATE)
                        .missingIntermediate())
                .isEmpty();
        assertThat(credential(direct, AuditedCertificate.ROOT).missingIntermediate())
                .isEmpty();
        assertThat(credential(direct, AuditedCertificate.ROOT).chain()).containsExactly(direct.certificate());
        assertThat(credential(selfSigned).missingIntermediate()).isEmpty();
    }

    @Test
    void nothingIsMissingFromACloudflareOriginCertificate() {
        Made authority = AuditedCertificate.authority(
                "C=US,O=CloudFlare\\, Inc.,OU=CloudFlare Origin SSL ECC Certificate Authority", null);
        Made origin =
                AuditedCertificate.leaf("app.example.com").issuedBy(authority).make();

        assertThat(credential(origin).missingIntermediate()).isEmpty();
    }

    @Test
    void namesOfAllKindsAreRead() {
        Credential credential = Certificates.ec("b.example.com", "A.example.com", "192.0.2.1", "2001:db8::1");

        assertThat(credential.coverage())
                .isEqualTo(Coverage.of(List.of("a.example.com", "b.example.com", "192.0.2.1", "2001:db8::1")));
    }

    @Test
    void aNameThatIsNoneIsLeftOutWithALineInTheLog() {
        try (LogLines log = LogLines.of(Credential.class)) {
            Made odd = AuditedCertificate.leaf("app.example.com", "no host name")
                    .serial(BigInteger.valueOf(0xBADC0DEL))
                    .make();

            assertThat(credential(odd).coverage()).hasToString("app.example.com");
            assertThat(log.containing("serial badc0de"))
                    .singleElement()
                    .asString()
                    .startsWith("Certificate 'CN=leaf' (serial badc0de): ")
                    .contains("no host name")
                    .endsWith("It will not be served for that name.");
        }
    }

    @Test
    void eachCredentialIsAGenerationOfItsOwn() {
        Credential first = Certificates.credential(leaf);
        Credential second = Certificates.credential(leaf);

        assertThat(first.id()).startsWith("app.example.com#").isNotEqualTo(second.id());
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void nothingSecretIsInTheText() {
        assertThat(Certificates.credential(leaf).toString())
                .startsWith("app.example.com, *.example.com (EC, until ")
                .doesNotContain("PRIVATE");
    }

    /** Passes the checks of a credential, and the JVM cannot parse it: its name constraints are a text. */
    static Credential unreadable(String name) {
        return credential(AuditedCertificate.leaf(name)
                .extension(Extension.nameConstraints, true, new DERUTF8String("none"))
                .make());
    }

    private static Credential credential(Made leaf, Made... issuers) {
        return Credential.ofDer(
                leaf.pkcs8(),
                Stream.concat(Stream.of(leaf), Arrays.stream(issuers))
                        .map(Made::der)
                        .toList());
    }
}
