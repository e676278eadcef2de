package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.state.SuggestedWindow;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says when certificates should be renewed (RFC 9773 section 4). */
public final class RenewalInfoResource implements Resource {
    private final Certificates certificates;
    private final RetryAfter retryAfter;

    /**
     * Makes the resource.
     *
     * @param certificates where certificates are kept
     * @param retryAfter when clients shall look again
     */
    public RenewalInfoResource(Certificates certificates, RetryAfter retryAfter) {
        this.certificates = certificates;
        this.retryAfter = retryAfter;
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) throws ProblemException {
        IssuedCertificate certificate =
                certificates.findByRenewalId(request.path().id()).orElseThrow(() -> Access.notFound(request.url()));
        return retryAfter.addTo(AcmeResponse.json(200, json(certificate.window())));
    }

    private static Map<String, Object> json(SuggestedWindow window) {
        Map<String, Object> bounds = new LinkedHashMap<>();
        bounds.put("start", window.start().truncatedTo(ChronoUnit.SECONDS).toString());
        bounds.put("end", window.end().truncatedTo(ChronoUnit.SECONDS).toString());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("suggestedWindow", bounds);
        if (window.explanation() != null) {
            json.put("explanationURL", window.explanation().toString());
        }
        return json;
    }
}
