package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.CorruptCertificates;
import dev.gatehouse.testing.internal.pki.Issuer;
import dev.gatehouse.testing.internal.pki.LeafTerms;
import dev.gatehouse.testing.internal.pki.RevocationSources;
import dev.gatehouse.testing.internal.pki.Validity;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CRLReason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificates of a {@link TestCa} with one fault each; everything else about them is right. Made by
 * {@link TestCa#broken}.
 *
 * <pre>{@code
 * SSLContext server = ca.broken("app.example.com").expired().sslContext();
 * }</pre>
 *
 * <p>{@link #with} takes the fault as a value, for tests that go through all of them. Those of wildcards are about the
 * first name. Each call makes a new key. Immutable and safe for use by several threads.
 */
public final class BrokenCertificates {
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final int WEAK_RSA_BITS = 1024;
    private static final String ELSEWHERE = "wrong-host.invalid";

    private final TestCa ca;
    private final List<String> names;

    BrokenCertificates(TestCa ca, List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names: none (expected: at least one host name or IP address)");
        }
        this.ca = ca;
        this.names = names;
    }

    /**
     * Makes the certificate with a fault.
     *
     * @param fault the fault
     * @return the same as the method of that name
     */
    public CertificateMaterial with(CertificateFault fault) {
        return fault.apply(this);
    }

    /** {@return a certificate that expired yesterday} */
    public CertificateMaterial expired() {
        return valid(past());
    }

    /** {@return a certificate that counts from tomorrow on} */
    public CertificateMaterial notYetValid() {
        return valid(Validity.starting(ca.now().plus(Duration.ofDays(1)), LIFETIME));
    }

    /** {@return a certificate for {@code wrong-host.invalid} and none of the names} */
    public CertificateMaterial wrongHost() {
        return CertificateMaterial.of(ca.issue(ELSEWHERE));
    }

    /**
     * Makes a certificate that has the first name as common name of its subject, and no subject alternative name. RFC 9525
     * section 2 forbids to look there; the JDK does.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial commonNameOnly() {
        return saying(LeafTerms.commonNameOnly(names.get(0)));
    }

    /** {@return a wildcard of one label too few: {@code *.example.com} for {@code app.shop.example.com}} */
    public CertificateMaterial wildcardTooShort() {
        return literally(joined("*", above(2)));
    }

    /** {@return a wildcard of one label too many: {@code *.app.example.com} for {@code app.example.com}} */
    public CertificateMaterial wildcardTooLong() {
        return literally(joined("*", above(0)));
    }

    /**
     * Makes a certificate with a star that is not the first label: {@code app.*.com} for {@code app.example.com}. RFC 9525
     * section 6.3 forbids it; Java 17 accepts it, Java 25 does not.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial wildcardNotLeftmost() {
        return literally(joined(above(0).get(0) + ".*", above(2)));
    }

    /**
     * Makes a certificate with a star for each of two labels: {@code *.*.com} for {@code app.example.com}. RFC 9525 section
     * 6.3 forbids it; Java 17 accepts it, unless what remains is a public suffix, and Java 25 does not.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial wildcardTwice() {
        return literally(joined("*.*", above(2)));
    }

    /**
     * Makes a certificate with a star that is a part of a label: {@code a*.example.com} for {@code app.example.com}. RFC 9525
     * section 6.3 forbids it; the JDK accepts it.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial wildcardInLabel() {
        return literally(joined(names.get(0).charAt(0) + "*", above(1)));
    }

    /** {@return the leaf alone: clients cannot get from it to the root} */
    public CertificateMaterial missingIntermediate() {
        CertificateMaterial sound = sound();
        return CertificateMaterial.of(sound.privateKey(), sound.chain().subList(0, 1));
    }

    /** {@return the intermediate first and the leaf after it: clients take the intermediate for the server's} */
    public CertificateMaterial wrongOrder() {
        CertificateMaterial sound = sound();
        return CertificateMaterial.of(
                sound.privateKey(), List.of(sound.chain().get(1), sound.chain().get(0)));
    }

    /** {@return a sound chain with the private key of another certificate, of the same kind} */
    public CertificateMaterial mismatchedKey() {
        return CertificateMaterial.of(ca.keyAlgorithm().generateKeyPair().getPrivate(), sound().chain());
    }

    /** {@return a certificate that signed itself, for the right names} */
    public CertificateMaterial selfSigned() {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        X509Certificate leaf = Issuer.selfSigned(
                names, key, ca.keyAlgorithm().signatureAlgorithm(), ca.validityFromNow(null), new SecureRandom());
        return CertificateMaterial.of(key.getPrivate(), List.of(leaf));
    }

    /** {@return a sound chain that ends at a root which nobody trusts} */
    public CertificateMaterial untrustedRoot() {
        TestCa stranger = TestCa.builder()
                .keyAlgorithm(ca.keyAlgorithm())
                .clock(ca.clock())
                .build();
        return CertificateMaterial.of(stranger.leaf(names).issue());
    }

    /** {@return a sound leaf below a certificate of the intermediate that expired yesterday} */
    public CertificateMaterial expiredIntermediate() {
        CertificateMaterial sound = sound();
        X509Certificate expired = ca.intermediateCertificate(past(), RevocationSources.NONE);
        return CertificateMaterial.of(sound.privateKey(), List.of(sound.chain().get(0), expired));
    }

    /** {@return a leaf that was signed with the key of another leaf, which is no CA's} */
    public CertificateMaterial issuerIsNoCa() {
        KeyPair impostorKey = ca.keyAlgorithm().generateKeyPair();
        LeafTerms impostorTerms = LeafTerms.server(List.of(ELSEWHERE)).withCommonName("No CA");
        X509Certificate impostor =
                ca.intermediate().issue(impostorKey.getPublic(), impostorTerms, ca.validityFromNow(null));
        Issuer issuer =
                Issuer.impostor(impostor, impostorKey, ca.keyAlgorithm().signatureAlgorithm(), new SecureRandom());
        return issuedBy(issuer, ca.keyAlgorithm().generateKeyPair(), impostor, ca.intermediateCertificate());
    }

    /** {@return a leaf below an intermediate that may only issue for names below {@code permitted.invalid}} */
    public CertificateMaterial nameNotPermitted() {
        Issuer constrained = ca.root()
                .constrainedIntermediate(
                        "Constrained Intermediate",
                        ca.keyAlgorithm().generateKeyPair(),
                        ca.intermediateValidity(),
                        "permitted.invalid");
        return issuedBy(constrained, ca.keyAlgorithm().generateKeyPair(), constrained.certificate());
    }

    /** {@return a leaf whose signature was damaged: one bit of it is wrong} */
    public CertificateMaterial invalidSignature() {
        CertificateMaterial sound = sound();
        X509Certificate damaged =
                CorruptCertificates.withDamagedSignature(sound.chain().get(0));
        return CertificateMaterial.of(
                sound.privateKey(), List.of(damaged, sound.chain().get(1)));
    }

    /** {@return a certificate with a critical extension that no client knows} */
    public CertificateMaterial unknownCriticalExtension() {
        return saying(LeafTerms.server(names).withUnknownCriticalExtension());
    }

    /**
     * Makes a certificate for an RSA key of 1024 bits. Browsers refuse it; the JDK's default settings do not, so a client
     * on the JDK refuses it only where {@code jdk.certpath.disabledAlgorithms} or its own constraints say so.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial weakKey() {
        KeyPair key = weakRsaKey();
        return CertificateMaterial.of(
                key.getPrivate(), ca.certify(key.getPublic(), LeafTerms.server(names), ca.validityFromNow(null)));
    }

    /**
     * Makes a certificate that is signed over a SHA-1 digest. The JDK's default settings refuse it below public roots only.
     * A CA with an Ed25519 key, which signs no such digest, signs through an intermediate with an RSA key.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial sha1Signature() {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        return switch (key.getPrivate().getAlgorithm()) {
            case "EC" -> issuedBy(ca.intermediate().signingWith("SHA1withECDSA"), key, ca.intermediateCertificate());
            case "RSA" -> issuedBy(ca.intermediate().signingWith("SHA1withRSA"), key, ca.intermediateCertificate());
            default -> signedByRsa("SHA1withRSA", key);
        };
    }

    /**
     * Makes a certificate that is signed over an MD5 digest, by an intermediate with an RSA key.
     *
     * @return the key with its certificate and that intermediate
     */
    public CertificateMaterial md5Signature() {
        return signedByRsa("MD5withRSA", ca.keyAlgorithm().generateKeyPair());
    }

    /** {@return a certificate for the right names whose extended key usage allows clients only} */
    public CertificateMaterial wrongExtendedKeyUsage() {
        return saying(LeafTerms.server(names).forClientsOnly());
    }

    /**
     * Makes a certificate, and revokes it because its key is compromised. Clients that ask nobody accept it.
     *
     * @param server where clients learn of the revocation
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial revoked(RevocationServer server) {
        CertificateMaterial material =
                CertificateMaterial.of(ca.leaf(names).revocation(server).issue());
        ca.revoke(material.chain().get(0), CRLReason.KEY_COMPROMISE);
        return material;
    }

    private CertificateMaterial sound() {
        return valid(ca.validityFromNow(null));
    }

    private CertificateMaterial valid(Validity validity) {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        return CertificateMaterial.of(key.getPrivate(), ca.certify(key.getPublic(), LeafTerms.server(names), validity));
    }

    private CertificateMaterial saying(LeafTerms terms) {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        return CertificateMaterial.of(key.getPrivate(), ca.certify(key.getPublic(), terms, ca.validityFromNow(null)));
    }

    private CertificateMaterial signedByRsa(String signatureAlgorithm, KeyPair key) {
        Issuer issuer = ca.root()
                .intermediate(
                        "RSA Intermediate",
                        KeyAlgorithm.RSA_2048.generateKeyPair(),
                        signatureAlgorithm,
                        ca.intermediateValidity());
        return issuedBy(issuer, key, issuer.certificate());
    }

    private CertificateMaterial issuedBy(Issuer issuer, KeyPair key, X509Certificate... above) {
        X509Certificate leaf = issuer.issue(key.getPublic(), LeafTerms.server(names), ca.validityFromNow(null));
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        chain.addAll(List.of(above));
        return CertificateMaterial.of(key.getPrivate(), chain);
    }

    private Validity past() {
        return Validity.starting(ca.now().minus(LIFETIME).minus(Duration.ofDays(1)), LIFETIME);
    }

    private CertificateMaterial literally(String dnsName) {
        return saying(LeafTerms.literally(List.of(dnsName)));
    }

    /** The labels of the first name without the given number of them; none when it has fewer. */
    private List<String> above(int labels) {
        List<String> all = List.of(names.get(0).split("\\."));
        return all.subList(Math.min(labels, all.size()), all.size());
    }

    private static String joined(String first, List<String> labels) {
        return labels.isEmpty() ? first : first + '.' + String.join(".", labels);
    }

    private static KeyPair weakRsaKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(WEAK_RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make an RSA key.", e);
        }
    }
}
