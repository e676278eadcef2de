package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import dev.gatehouse.tls.Pem;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Hands out certificate chains, the usual one and alternates (RFC 8555 section 7.4.2). */
public final class CertificateResource implements SignedResource.Handler {
    private final Certificates certificates;
    private final List<X509Certificate> alternateIntermediates;
    private final Urls urls;

    /**
     * Makes the resource.
     *
     * @param certificates where certificates are kept
     * @param alternateIntermediates other certificates of the intermediate; each makes one alternate chain
     * @param urls makes the URLs of chains
     */
    public CertificateResource(Certificates certificates, List<X509Certificate> alternateIntermediates, Urls urls) {
        this.certificates = certificates;
        this.alternateIntermediates = List.copyOf(alternateIntermediates);
        this.urls = urls;
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        IssuedCertificate certificate = certificates.find(path.id()).orElseThrow(() -> Access.notFound(request.url()));
        Access.requireOwner(request, certificate.accountId());
        request.requirePostAsGet();
        List<X509Certificate> chain = chain(certificate, path.part()).orElseThrow(() -> Access.notFound(request.url()));
        AcmeResponse response = AcmeResponse.text(200, "application/pem-certificate-chain", Pem.encode(chain));
        for (int number = 0; number <= alternateIntermediates.size(); number++) {
            String part = part(number);
            if (!part.equals(path.part())) {
                response = response.withLink(url(certificate, part), "alternate");
            }
        }
        return response;
    }

    private Optional<List<X509Certificate>> chain(IssuedCertificate certificate, String part) {
        if (part.isEmpty()) {
            return Optional.of(certificate.chain());
        }
        for (int number = 1; number <= alternateIntermediates.size(); number++) {
            if (part.equals(part(number))) {
                return Optional.of(List.of(certificate.leaf(), alternateIntermediates.get(number - 1)));
            }
        }
        return Optional.empty();
    }

    private String url(IssuedCertificate certificate, String part) {
        return part.isEmpty()
                ? urls.of(Urls.CERTIFICATE, certificate.id())
                : urls.of(Urls.CERTIFICATE, certificate.id(), part);
    }

    /** The usual chain has number 0 and no part of its own in the URL. */
    private static String part(int number) {
        return number == 0 ? "" : Integer.toString(number);
    }
}
