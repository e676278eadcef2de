package dev.gatehouse.testing.internal.pki;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Certificates that were changed after they had been signed. */
public final class CorruptCertificates {

    private CorruptCertificates() {}

    /** {@return the certificate with another last bit, which belongs to the signature} */
    public static X509Certificate withDamagedSignature(X509Certificate certificate) {
        try {
            byte[] encoded = certificate.getEncoded();
            encoded[encoded.length - 1] ^= 1;
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw new IllegalStateException("This JDK cannot read the certificate again.", e);
        }
    }
}
