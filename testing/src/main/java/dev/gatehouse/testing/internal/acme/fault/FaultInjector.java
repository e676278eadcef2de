package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.internal.acme.resource.Resource;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands in front of the resources, and lets the planned faults happen to the requests that they are meant for. */
public final class FaultInjector {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");
    private static final Map<String, AcmeResource> BY_SEGMENT = Map.ofEntries(
            Map.entry(Urls.DIRECTORY, AcmeResource.DIRECTORY),
            Map.entry(Urls.NEW_NONCE, AcmeResource.NEW_NONCE),
            Map.entry(Urls.NEW_ACCOUNT, AcmeResource.NEW_ACCOUNT),
            Map.entry(Urls.ACCOUNT, AcmeResource.ACCOUNT),
            Map.entry(Urls.ORDERS, AcmeResource.ORDERS),
            Map.entry(Urls.KEY_CHANGE, AcmeResource.KEY_CHANGE),
            Map.entry(Urls.NEW_ORDER, AcmeResource.NEW_ORDER),
            Map.entry(Urls.ORDER, AcmeResource.ORDER),
            Map.entry(Urls.AUTHORIZATION, AcmeResource.AUTHORIZATION),
            Map.entry(Urls.CHALLENGE, AcmeResource.CHALLENGE),
            Map.entry(Urls.CERTIFICATE, AcmeResource.CERTIFICATE),
            Map.entry(Urls.REVOKE_CERTIFICATE, AcmeResource.REVOKE_CERTIFICATE),
            Map.entry(Urls.RENEWAL_INFO, AcmeResource.RENEWAL_INFO));

    private final FaultPlan plan;

    /**
     * Makes an injector.
     *
     * @param plan the faults
     */
    public FaultInjector(FaultPlan plan) {
        this.plan = plan;
    }

    /**
     * Answers a request, unless a fault has other ideas.
     *
     * @param request the request
     * @param resource what answers it
     * @return the response, or empty to close the connection in its place
     * @throws ProblemException why the resource refused
     */
    public Optional<AcmeResponse> answer(AcmeRequest request, Resource resource) throws ProblemException {
        Optional<FaultEffect> fault = kind(request.path()).flatMap(plan::take);
        if (fault.isEmpty()) {
            return Optional.of(resource.answer(request));
        }
        LOG.info("{} {} meets an injected fault: {}", request.method(), request.url(), fault.get());
        return fault.get().apply(request, resource);
    }

    private static Optional<AcmeResource> kind(ResourcePath path) {
        return path.segment().equals(Urls.ORDER) && path.part().equals(Urls.FINALIZE)
                ? Optional.of(AcmeResource.FINALIZE)
                : Optional.ofNullable(BY_SEGMENT.get(path.segment()));
    }
}
