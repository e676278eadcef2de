package dev.gatehouse.testing.internal.revocation;

import dev.gatehouse.testing.internal.pki.Issuer;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/**
 * Who signs the OCSP responses about the certificates of one issuer: the issuer, or a responder that holds a certificate of
 * the issuer's for it (RFC 6960 section 4.2.2.2).
 *
 * @param issuer whose certificates the responses are about
 * @param publicKey what identifies the signer in a response
 * @param privateKey what signs
 * @param signatureAlgorithm JCA name of the algorithm
 * @param certificates what a response carries, so that clients can check its signature
 */
public record ResponseSigner(
        Issuer issuer,
        PublicKey publicKey,
        PrivateKey privateKey,
        String signatureAlgorithm,
        List<X509Certificate> certificates) {

    /** {@return the issuer itself} */
    public static ResponseSigner itself(Issuer issuer) {
        return new ResponseSigner(
                issuer,
                issuer.certificate().getPublicKey(),
                issuer.privateKey(),
                issuer.signatureAlgorithm(),
                List.of());
    }

    /** {@return a responder with a key of its own, of the same kind as the issuer's, and with this certificate} */
    public static ResponseSigner delegated(Issuer issuer, KeyPair key, X509Certificate certificate) {
        return new ResponseSigner(
                issuer, key.getPublic(), key.getPrivate(), issuer.signatureAlgorithm(), List.of(certificate));
    }

    SubjectPublicKeyInfo keyInfo() {
        return SubjectPublicKeyInfo.getInstance(publicKey.getEncoded());
    }

    X509CertificateHolder issuerCertificate() {
        return holder(issuer.certificate());
    }

    X509CertificateHolder[] shown() {
        return certificates.stream().map(ResponseSigner::holder).toArray(X509CertificateHolder[]::new);
    }

    private static X509CertificateHolder holder(X509Certificate certificate) {
        try {
            return new JcaX509CertificateHolder(certificate);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("This JDK cannot encode a certificate.", e);
        }
    }
}
