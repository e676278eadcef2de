package dev.gatehouse.acme.migration;

import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/**
 * A certificate of a file, no larger than it has to be, since there may be very many.
 *
 * @param encoded its DER
 * @param publicKey the DER of its public key
 * @param isAuthority whether it may certify others
 */
record PemEntry(ByteBuffer encoded, ByteBuffer publicKey, boolean isAuthority) {

    static PemEntry of(X509Certificate certificate) {
        try {
            return new PemEntry(
                    ByteBuffer.wrap(certificate.getEncoded()),
                    ByteBuffer.wrap(certificate.getPublicKey().getEncoded()),
                    certificate.getBasicConstraints() >= 0);
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("A certificate that was read has an encoding", impossible);
        }
    }
}
