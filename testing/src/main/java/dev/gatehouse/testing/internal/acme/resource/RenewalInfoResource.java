package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.fault.FaultPlan;
import dev.gatehouse.testing.internal.acme.fault.Misconduct;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.state.SuggestedWindow;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says when certificates should be renewed (RFC 9773 section 4). */
public final class RenewalInfoResource implements Resource {
    private final Certificates certificates;
    private final FaultPlan faults;
    private final InstantSource clock;
    private final RetryAfter retryAfter;

    /**
     * Makes the resource.
     *
     * @param certificates where certificates are kept
     * @param faults what shall go wrong
     * @param clock tells the present
     * @param retryAfter when clients shall look again
     */
    public RenewalInfoResource(
            Certificates certificates, FaultPlan faults, InstantSource clock, RetryAfter retryAfter) {
        this.certificates = certificates;
        this.faults = faults;
        this.clock = clock;
        this.retryAfter = retryAfter;
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) throws ProblemException {
        IssuedCertificate certificate =
                certificates.findByRenewalId(request.path().id()).orElseThrow(() -> Access.notFound(request.url()));
        return retryAfter.addTo(AcmeResponse.json(200, json(window(certificate))));
    }

    private SuggestedWindow window(IssuedCertificate certificate) {
        SuggestedWindow usual = certificate.window();
        return faults.take(Misconduct.OddRenewalWindow.class, certificate.names())
                .map(met -> met.misconduct().window(usual, clock.instant(), met.earlier()))
                .orElse(usual);
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
