package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Authorization;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.time.InstantSource;

/** Shows an authorization and deactivates it (RFC 8555 sections 7.5 and 7.5.2). */
public final class AuthorizationResource implements SignedResource.Handler {
    private final Orders orders;
    private final InstantSource clock;
    private final RetryAfter retryAfter;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param orders where authorizations are kept
     * @param clock decides what has expired
     * @param retryAfter when clients shall look again
     * @param urls makes URLs
     */
    public AuthorizationResource(Orders orders, InstantSource clock, RetryAfter retryAfter, Urls urls) {
        this.orders = orders;
        this.clock = clock;
        this.retryAfter = retryAfter;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Authorization authorization = orders.authorization(path.id()).orElseThrow(() -> Access.notFound(request.url()));
        Access.requireOwner(request, authorization.accountId());
        Authorization current = request.isPostAsGet() ? authorization : update(authorization, request.json());
        AcmeResponse response = AcmeResponse.json(200, representations.authorization(current, clock.instant()));
        return current.isProcessing() ? retryAfter.addTo(response) : response;
    }

    private Authorization update(Authorization authorization, JsonObject payload) throws ProblemException {
        String status = payload.requireString("status");
        if (!status.equals(Authorization.Status.DEACTIVATED.token())) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "A client can set the status of an authorization to 'deactivated' only. Send that.")
                    .exception();
        }
        return orders.deactivate(authorization.id());
    }
}
