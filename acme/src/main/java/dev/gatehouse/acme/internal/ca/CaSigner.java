package dev.gatehouse.acme.internal.ca;

import dev.gatehouse.tls.KeyType;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates as RFC 5280 wants them. Safe for use by several threads. */
final class CaSigner {

    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X500Name name;
    private final PublicKey publicKey;
    private final PrivateKey privateKey;

    /** With the name and the key of whoever signs. */
    CaSigner(X500Name name, PublicKey publicKey, PrivateKey privateKey) {
        this.name = name;
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /**
     * When a certificate counts.
     *
     * @param from the first moment
     * @param until the last moment
     */
    record Validity(Instant from, Instant until) {}

    /** The certificate of an authority, which may have as many others below it. */
    X509Certificate authority(X500Name subject, PublicKey key, Validity validity, int below) {
        return sign(
                subject,
                key,
                validity,
                builder -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(below))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    }

    /** The certificate of a server. */
    X509Certificate server(GeneralNames names, PublicKey key, Validity validity) {
        boolean isRsa = key.getAlgorithm().equals("RSA");
        int usage = isRsa ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment : KeyUsage.digitalSignature;
        return sign(
                new X500Name(new RDN[0]),
                key,
                validity,
                builder -> builder
                        // Critical, as the subject is empty (RFC 5280, section 4.2.1.6).
                        .addExtension(Extension.subjectAlternativeName, true, names)
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                        .addExtension(
                                Extension.extendedKeyUsage,
                                false,
                                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));
    }

    /** Adds what makes the difference. */
    @FunctionalInterface
    private interface Extensions {

        void addTo(JcaX509v3CertificateBuilder builder) throws IOException;
    }

    private X509Certificate sign(X500Name subject, PublicKey key, Validity validity, Extensions extensions) {
        try {
            JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                    Date.from(validity.from()),
                    Date.from(validity.until()),
                    subject,
                    key);
            builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(key));
            if (!subject.equals(name)) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(publicKey));
            }
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm()).build(privateKey)));
        } catch (OperatorCreationException | GeneralSecurityException | IOException unusable) {
            throw new IllegalStateException(
                    "The internal CA cannot sign with its " + privateKey.getAlgorithm() + " key: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    private String algorithm() {
        return switch (KeyType.of(privateKey)) {
            case RSA -> "SHA256withRSA";
            case EC ->
                privateKey instanceof ECKey ec && ec.getParams().getOrder().bitLength() > 256
                        ? "SHA384withECDSA"
                        : "SHA256withECDSA";
            case EDDSA -> privateKey.getAlgorithm();
        };
    }
}
