package dev.gatehouse.testing.internal.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A name and a key that certificates are signed with. Every certificate gets both key identifiers (RFC 5280 sections
 * 4.2.1.1 and 4.2.1.2) and a serial number of 128 random bits.
 *
 * @param name the issuer's name
 * @param keyPair the issuer's key
 * @param signatureAlgorithm JCA name of the algorithm
 * @param random source of serial numbers
 */
record CertificateSigner(X500Name name, KeyPair keyPair, String signatureAlgorithm, RandomGenerator random) {
    private static final int SERIAL_BYTES = 16;

    /**
     * Signs a certificate.
     *
     * @param subject whose certificate it is; may be empty
     * @param key the subject's key
     * @param validity when it counts
     * @param extensions what it says besides the key identifiers
     * @return the certificate
     */
    X509Certificate sign(X500Name subject, PublicKey key, Validity validity, List<Extension> extensions) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    serialNumber(),
                    Date.from(validity.notBefore()),
                    Date.from(validity.notAfter()),
                    subject,
                    key);
            for (Extension extension : withKeyIdentifiers(key, extensions)) {
                builder.addExtension(extension);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder(signatureAlgorithm).build(keyPair.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("This JDK cannot sign a certificate with " + signatureAlgorithm, e);
        }
    }

    private List<Extension> withKeyIdentifiers(PublicKey key, List<Extension> extensions)
            throws GeneralSecurityException {
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        List<Extension> all = new ArrayList<>(extensions);
        all.add(Extensions.of(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key)));
        all.add(Extensions.of(
                Extension.authorityKeyIdentifier,
                false,
                identifiers.createAuthorityKeyIdentifier(keyPair.getPublic())));
        return all;
    }

    /** 128 random bits below a leading one, so that every serial number is positive and of one length. */
    private BigInteger serialNumber() {
        byte[] bytes = new byte[SERIAL_BYTES];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).setBit(SERIAL_BYTES * 8);
    }
}
