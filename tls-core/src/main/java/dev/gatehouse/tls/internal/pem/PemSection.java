package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import org.jspecify.annotations.Nullable;

/**
 * One section of a PEM text.
 *
 * @param label what stands behind BEGIN
 * @param dekInfo the cipher and initialisation vector of a key in OpenSSL's traditional encryption, else null
 * @param der the content
 * @param line the line of BEGIN, from 1
 */
public record PemSection(String label, @Nullable String dekInfo, byte[] der, int line) {

    private static final String PRIVATE_KEY = "PRIVATE KEY";

    /** {@return whether this is a certificate, under any of its labels} */
    public boolean isCertificate() {
        return isCertificate(label);
    }

    /** {@return whether this is a private key, in any form} */
    public boolean isPrivateKey() {
        return isPrivateKey(label);
    }

    /**
     * Reads the certificate; bytes behind it, as OpenSSL's trusted certificates have them, are left out.
     *
     * @return the certificate of a section that {@linkplain #isCertificate() is one}
     * @throws CredentialException if it is malformed
     */
    public EncodedCertificate certificate() {
        try {
            return EncodedCertificate.leading(der);
        } catch (CredentialException malformed) {
            throw new CredentialException("Line " + line + ": " + malformed.getMessage(), malformed);
        }
    }

    static boolean isOfInterest(String label) {
        return isCertificate(label) || isPrivateKey(label);
    }

    private static boolean isCertificate(String label) {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals("TRUSTED CERTIFICATE");
    }

    private static boolean isPrivateKey(String label) {
        return label.endsWith(PRIVATE_KEY);
    }

    /** {@return label and line; never the content} */
    @Override
    public String toString() {
        return label + " in line " + line;
    }
}
