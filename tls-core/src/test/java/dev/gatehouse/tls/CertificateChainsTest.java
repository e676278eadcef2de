package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.AuditedCertificate.Made;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateChainsTest {

    private static final byte[] OLD_ID = {1};
    private static final byte[] NEW_ID = {2};

    private final Made root = AuditedCertificate.ROOT;

    @Test
    void ofIssuersWithOneNameTheOneWithTheKeyOfTheIdentifierIsTaken() {
        Made old = intermediate().subjectKeyId(OLD_ID).make();
        Made renewed = intermediate().subjectKeyId(NEW_ID).make();
        Made leaf = leafOf(renewed).authorityKeyId(NEW_ID).make();

        assertThat(issuers(leaf, old, renewed).certificates()).containsExactly(interned(renewed));
        assertThat(issuers(leaf, old).certificates()).isEmpty();
    }

    @Test
    void withoutIdentifiersTheSignatureTells() {
        Made old = intermediate().make();
        Made renewed = intermediate().subjectKeyId(NEW_ID).make();
        Made leaf = leafOf(renewed).make();

        assertThat(issuers(leaf, old, renewed).certificates()).containsExactly(interned(renewed));
        assertThat(issuers(leaf, old).certificates()).isEmpty();
    }

    @Test
    void severalIntermediatesAreSortedAndTheRootIsNoted() {
        Made upper = AuditedCertificate.authority("CN=upper", root);
        Made lower = AuditedCertificate.authority("CN=lower", upper);
        Made leaf = leafOf(lower).make();

        CertificateChains.Issuers issuers = issuers(leaf, root, upper, leaf, lower, upper);

        assertThat(issuers.certificates()).containsExactly(interned(lower), interned(upper));
        assertThat(issuers.rootGiven()).isTrue();
        assertThat(issuers(leaf, upper, lower).rootGiven()).isFalse();
    }

    @Test
    void authoritiesThatCertifyEachOtherEndTheChain() {
        Made first = AuditedCertificate.authority("CN=first", null);
        Made second = AuditedCertificate.authority("CN=second", first);
        Made crossed = new Made("CN=first", crossSigned(first, second), first.key());
        Made leaf = leafOf(second).make();

        assertThat(issuers(leaf, crossed, second).certificates()).containsExactly(interned(second), interned(crossed));
    }

    private static byte[] crossSigned(Made authority, Made by) {
        return AuditedCertificate.subject("CN=first")
                .issuedBy(by)
                .keyPair(new KeyPair(authority.certificate().getPublicKey(), authority.key()))
                .certificateAuthority()
                .make()
                .der();
    }

    private AuditedCertificate intermediate() {
        return AuditedCertificate.subject("CN=rekeyed").issuedBy(root).certificateAuthority();
    }

    private static AuditedCertificate leafOf(Made issuer) {
        return AuditedCertificate.leaf("app.example.com").issuedBy(issuer);
    }

    private static CertificateChains.Issuers issuers(Made leaf, Made... others) {
        List<EncodedCertificate> given =
                Arrays.stream(others).map(CertificateChainsTest::encoded).toList();
        return CertificateChains.issuersOf(encoded(leaf), given);
    }

    private static IssuerCertificate interned(Made made) {
        return IssuerCertificate.of(encoded(made));
    }

    private static EncodedCertificate encoded(Made made) {
        return EncodedCertificate.of(made.der().clone());
    }
}
