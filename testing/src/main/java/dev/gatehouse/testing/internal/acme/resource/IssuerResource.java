package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/**
 * The certificate of the issuer, where the certificates of this server say it is (RFC 5280 section 4.2.2.1): for clients
 * that complete chains themselves.
 */
public final class IssuerResource implements Resource {
    private final byte[] der;

    /**
     * Makes the resource.
     *
     * @param issuer the certificate that signs the servers' certificates
     */
    public IssuerResource(X509Certificate issuer) {
        try {
            this.der = issuer.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("This JDK cannot encode a certificate.", e);
        }
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) {
        return AcmeResponse.binary(200, "application/pkix-cert", der);
    }
}
