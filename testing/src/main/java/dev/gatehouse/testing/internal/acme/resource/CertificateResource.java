package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.tls.Pem;

/** Hands out certificate chains (RFC 8555 section 7.4.2). */
public final class CertificateResource implements SignedResource.Handler {
    private final Certificates certificates;

    /**
     * Makes the resource.
     *
     * @param certificates where certificates are kept
     */
    public CertificateResource(Certificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        IssuedCertificate certificate = certificates.find(path.id()).orElseThrow(() -> Access.notFound(request.url()));
        Access.requireOwner(request, certificate.accountId());
        request.requirePostAsGet();
        return AcmeResponse.text(200, "application/pem-certificate-chain", Pem.encode(certificate.chain()));
    }
}
