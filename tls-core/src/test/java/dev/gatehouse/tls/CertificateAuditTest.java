package dev.gatehouse.tls;

import static dev.gatehouse.tls.AuditedCertificate.INTERMEDIATE;
import static dev.gatehouse.tls.AuditedCertificate.NOW;
import static dev.gatehouse.tls.AuditedCertificate.ROOT;
import static dev.gatehouse.tls.AuditedCertificate.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.AuditFinding.Kind;
import dev.gatehouse.tls.AuditFinding.Severity;
import dev.gatehouse.tls.AuditedCertificate.Made;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuditTest {

    private static final String NAME = "app.example.com";
    private static final List<ServerName> HOSTS = List.of(ServerName.of(NAME));

    private final CertificateAudit browsers =
            CertificateAudit.forBrowsers().at(() -> NOW).trusting(List.of(ROOT.certificate()));
    private final CertificateAudit proxy =
            CertificateAudit.forOriginBehindProxy().at(() -> NOW).trusting(List.of(ROOT.certificate()));

    @Test
    void aGoodCertificateHasNoFindings() {
        Made good = leaf(NAME).make();

        assertThat(browsers.audit(chain(good, INTERMEDIATE), good.key(), HOSTS)).isEmpty();
        assertThat(browsers.audit(chain(good, INTERMEDIATE, ROOT), good.key(), HOSTS))
                .isEmpty();
        assertThat(proxy.audit(chain(good, INTERMEDIATE), HOSTS)).isEmpty();
    }

    @Test
    void aHostThatIsNotCoveredIsExplained() {
        Made wildcard = leaf("*.example.com").make();

        assertThat(browsers.audit(
                        chain(wildcard, INTERMEDIATE), List.of(ServerName.of(NAME), ServerName.of("example.com"))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(Kind.HOST_NOT_COVERED);
                    assertThat(finding.message())
                            .startsWith("Certificate 'CN=leaf' (serial ")
                            .endsWith("is not for `example.com`. `*.example.com` does not cover `example.com` itself."
                                    + " Add `example.com`.");
                });
    }

    @Test
    void anExpiredCertificateIsFound() {
        Made expired = leaf(NAME).from(NOW.minus(Duration.ofDays(91))).make();

        assertOnly(
                browsers.audit(chain(expired, INTERMEDIATE), HOSTS),
                Kind.EXPIRED,
                "'CN=leaf'",
                "expired at 2026-04-30T00:00:00Z, and it is 2026-05-01T00:00:00Z. Renew it.");
    }

    @Test
    void anExpiredIntermediateIsFound() {
        Made old = AuditedCertificate.leaf()
                .issuedBy(ROOT)
                .certificateAuthority()
                .life(Duration.ofHours(1))
                .make();
        Made good = leaf(NAME).issuedBy(old).make();

        assertThat(kinds(browsers.audit(chain(good, old), HOSTS))).containsExactly(Kind.EXPIRED);
    }

    @Test
    void aCertificateOfTheFutureIsFound() {
        Made early = leaf(NAME).from(NOW.plusSeconds(60)).make();

        assertOnly(
                browsers.audit(chain(early, INTERMEDIATE), HOSTS),
                Kind.NOT_YET_VALID,
                "is valid from 2026-05-01T00:01:00Z");
    }

    @Test
    void theMissingIssuerIsNamed() {
        Made good = leaf(NAME).make();

        assertOnly(
                browsers.audit(chain(good), HOSTS),
                Kind.CHAIN_INCOMPLETE,
                "is issued by 'CN=intermediate', which is neither in the chain nor a trust anchor. Append the"
                        + " certificate of 'CN=intermediate' to the chain.");
    }

    @Test
    void theMissingIssuerCanBeDownloadedWhereTheCertificateSays() {
        Made good = leaf(NAME).issuerLocation("http://ca.example/i.crt").make();

        assertOnly(
                browsers.audit(chain(good), HOSTS),
                Kind.CHAIN_INCOMPLETE,
                "Append the certificate of 'CN=intermediate' to the chain; it can be downloaded from"
                        + " http://ca.example/i.crt.");
    }

    @Test
    void aCredentialIsAuditedAsItIsShown() {
        Made good = leaf(NAME).make();
        Credential lone = Credential.ofDer(good.pkcs8(), List.of(good.der()));
        Credential whole = Credential.ofDer(good.pkcs8(), List.of(INTERMEDIATE.der(), good.der()));

        assertThat(kinds(browsers.audit(lone, HOSTS))).containsExactly(Kind.CHAIN_INCOMPLETE);
        assertThat(browsers.audit(whole, HOSTS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-14T23:59:59Z, 398",
        "2026-03-15T00:00:00Z, 200",
        "2027-03-14T23:59:59Z, 200",
        "2027-03-15T00:00:00Z, 100",
        "2029-03-14T23:59:59Z, 100",
        "2029-03-15T00:00:00Z, 47",
        "2035-01-01T00:00:00Z, 47",
    })
    void browsersLimitTheLifetimeByTheDayOfIssuance(Instant issued, int days) {
        Duration longest = Duration.ofDays(days);
        Made issuer = AuditedCertificate.subject("CN=issuer")
                .issuedBy(null)
                .certificateAuthority()
                .from(issued)
                .life(Duration.ofDays(3650))
                .make();
        CertificateAudit atIssuance =
                CertificateAudit.forBrowsers().at(() -> issued).trusting(chain(issuer));

        Made longestAllowed =
                leaf(NAME).issuedBy(issuer).from(issued).life(longest).make();
        assertThat(atIssuance.audit(chain(longestAllowed), HOSTS)).isEmpty();

        Made tooLong = leaf(NAME)
                .issuedBy(issuer)
                .from(issued)
                .life(longest.plusSeconds(1))
                .make();
        assertOnly(
                atIssuance.audit(chain(tooLong), HOSTS),
                Kind.LIFETIME_TOO_LONG,
                "is valid for more than " + days + " days, and browsers allow " + days + " to what is issued at "
                        + issued + ". Issue one with a shorter life and renew it automatically.");
    }

    @Test
    void theAnchorsOfTheJvmDoNotTrustATestAuthority() {
        Made good = leaf(NAME).make();

        assertThat(kinds(CertificateAudit.forBrowsers().at(() -> NOW).audit(chain(good, INTERMEDIATE, ROOT), HOSTS)))
                .containsExactly(Kind.UNTRUSTED_ROOT);
    }

    @Test
    void aChainOutOfOrderIsRisky() {
        Made good = leaf(NAME).make();

        List<AuditFinding> findings = browsers.audit(chain(INTERMEDIATE, good), HOSTS);

        assertOnly(findings, Kind.CHAIN_OUT_OF_ORDER, "is number 2 of 2");
        assertThat(findings.get(0).severity()).isEqualTo(Severity.RISKY);
        assertThat(kinds(browsers.audit(chain(good, ROOT, INTERMEDIATE), good.key(), HOSTS)))
                .containsExactly(Kind.CHAIN_OUT_OF_ORDER);
    }

    @Test
    void strangersAndRepetitionsAreFound() {
        Made good = leaf(NAME).make();
        Made stranger = AuditedCertificate.authority("CN=stranger", null);

        assertOnly(
                browsers.audit(chain(good, stranger, INTERMEDIATE), HOSTS),
                Kind.STRANGER_IN_CHAIN,
                "'CN=stranger'",
                "does not belong to the chain of 'CN=leaf'");
        assertOnly(
                browsers.audit(chain(good, INTERMEDIATE, INTERMEDIATE), HOSTS),
                Kind.STRANGER_IN_CHAIN,
                "is in the chain twice");
    }

    @Test
    void aSelfSignedLeafIsRefusedUnlessItIsAnAnchor() {
        Made self = leaf(NAME).issuedBy(null).make();

        assertOnly(browsers.audit(chain(self), HOSTS), Kind.SELF_SIGNED_LEAF, "is self-signed");
        assertThat(browsers.trusting(chain(self)).audit(chain(self), HOSTS)).isEmpty();
    }

    @Test
    void weakKeysAreFound() {
        Made rsa = leaf(NAME)
                .key(new RSAKeyGenParameterSpec(1024, RSAKeyGenParameterSpec.F4))
                .make();
        Made ec = leaf(NAME).key(new ECGenParameterSpec("secp224r1")).make();

        assertOnly(browsers.audit(chain(rsa, INTERMEDIATE), HOSTS), Kind.WEAK_KEY, "has a 1024 bit RSA key");
        assertOnly(browsers.audit(chain(ec, INTERMEDIATE), HOSTS), Kind.WEAK_KEY, "has a 224 bit EC key");
    }

    @Test
    void aSignatureOverSha1IsFound() {
        Made weak = leaf(NAME).signature("SHA1withECDSA").make();

        assertOnly(
                browsers.audit(chain(weak, INTERMEDIATE), HOSTS), Kind.WEAK_SIGNATURE, "is signed with SHA1withECDSA");
    }

    @Test
    void aSignatureOverMd5IsFound() {
        RSAKeyGenParameterSpec rsa2048 = new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
        Made self =
                leaf(NAME).issuedBy(null).key(rsa2048).signature("MD5withRSA").make();

        assertOnly(
                browsers.trusting(chain(self)).audit(chain(self), HOSTS),
                Kind.WEAK_SIGNATURE,
                "is signed with MD5withRSA");
    }

    @Test
    void theKeyOfAnotherCertificateIsFound() {
        Made good = leaf(NAME).make();

        assertOnly(
                browsers.audit(chain(good, INTERMEDIATE), leaf(NAME).make().key(), HOSTS),
                Kind.KEY_MISMATCH,
                "does not belong to certificate 'CN=leaf'",
                "Give the key that the certificate was requested with");
    }

    @Test
    void fifteenYearsAreTooLongForBrowsersAndNotForAProxy() {
        Made origin = leaf(NAME).life(Duration.ofDays(5475)).make();

        assertOnly(
                browsers.audit(chain(origin, INTERMEDIATE), HOSTS),
                Kind.LIFETIME_TOO_LONG,
                "is valid for 5475 days, and browsers allow 200");
        assertThat(proxy.audit(chain(origin, INTERMEDIATE), HOSTS)).isEmpty();
    }

    @Test
    void absentUsagesAreRefusedByBrowsersOnly() {
        Made any = leaf(NAME).usages((KeyPurposeId[]) null).make();

        assertOnly(browsers.audit(chain(any, INTERMEDIATE), HOSTS), Kind.SERVER_AUTH_MISSING, "it has none");
        assertThat(proxy.audit(chain(any, INTERMEDIATE), HOSTS)).isEmpty();
    }

    @Test
    void usagesWithoutServerAuthenticationAreRefusedByAll() {
        Made client = leaf(NAME).usages(KeyPurposeId.id_kp_clientAuth).make();

        assertOnly(proxy.audit(chain(client, INTERMEDIATE), HOSTS), Kind.SERVER_AUTH_MISSING, "1.3.6.1.5.5.7.3.2");
    }

    @Test
    void anAuthorityAsLeafIsFound() {
        Made authority = leaf(NAME).certificateAuthority().make();

        assertOnly(proxy.audit(chain(authority, INTERMEDIATE), authority.key(), HOSTS), Kind.CA_AS_LEAF, "CA:true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CloudFlare Origin SSL Certificate Authority", "CloudFlare Origin SSL ECC Certificate Authority"
            })
    void cloudflareTrustsItsOwnOriginAuthorityAndBrowsersDoNot(String unit) {
        Made authority = AuditedCertificate.authority("C=US,O=CloudFlare\\, Inc.,OU=" + unit, null);
        Made origin = leaf(NAME).issuedBy(authority).make();

        assertThat(proxy.audit(chain(origin), origin.key(), HOSTS)).isEmpty();
        assertOnly(browsers.audit(chain(origin), HOSTS), Kind.CHAIN_INCOMPLETE, "which Cloudflare alone trusts");
    }

    @Test
    void noCertificateIsNoAudit() {
        assertThatThrownBy(() -> browsers.audit(List.of(), HOSTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Give the leaf");
    }

    private static void assertOnly(List<AuditFinding> findings, Kind kind, String... fragments) {
        assertThat(kinds(findings)).as("%s", findings).containsExactly(kind);
        assertThat(findings.get(0).message()).contains(fragments);
    }

    private static List<Kind> kinds(List<AuditFinding> findings) {
        return findings.stream().map(AuditFinding::kind).toList();
    }

    private static List<X509Certificate> chain(Made... made) {
        return Arrays.stream(made).map(Made::certificate).toList();
    }
}
