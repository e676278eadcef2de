package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Authorization;
import dev.gatehouse.testing.internal.acme.state.Challenge;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.validation.Validations;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.time.InstantSource;

/** Shows a challenge and starts its validation (RFC 8555 section 7.5.1). */
public final class ChallengeResource implements SignedResource.Handler {
    private final Orders orders;
    private final Validations validations;
    private final InstantSource clock;
    private final RetryAfter retryAfter;
    private final Urls urls;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param orders where challenges are kept
     * @param validations validates them
     * @param clock decides what has expired
     * @param retryAfter when clients shall look again
     * @param urls makes URLs
     */
    public ChallengeResource(
            Orders orders, Validations validations, InstantSource clock, RetryAfter retryAfter, Urls urls) {
        this.orders = orders;
        this.validations = validations;
        this.clock = clock;
        this.retryAfter = retryAfter;
        this.urls = urls;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Authorization authorization = find(request, path);
        Account account = Access.requireOwner(request, authorization.accountId());
        if (!request.isPostAsGet()) {
            start(request, authorization, challenge(request, path, authorization), account);
        }
        return show(request, path, find(request, path));
    }

    private void start(SignedRequest request, Authorization authorization, Challenge challenge, Account account)
            throws ProblemException {
        request.json();
        if (challenge.status() == Challenge.Status.PENDING
                && authorization.status(clock.instant()) != Authorization.Status.PENDING) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The authorization of " + authorization.identifier() + " is "
                                    + authorization.status(clock.instant()).token()
                                    + ", so its challenges cannot be answered any more. Make a new order.")
                    .exception();
        }
        validations.start(authorization, challenge, account.key());
    }

    private AcmeResponse show(SignedRequest request, ResourcePath path, Authorization authorization)
            throws ProblemException {
        Challenge challenge = challenge(request, path, authorization);
        AcmeResponse response = AcmeResponse.json(200, representations.challenge(authorization, challenge))
                .withLink(urls.of(Urls.AUTHORIZATION, authorization.id()), "up");
        return challenge.status() == Challenge.Status.PROCESSING ? retryAfter.addTo(response) : response;
    }

    private Authorization find(SignedRequest request, ResourcePath path) throws ProblemException {
        return orders.authorization(path.id()).orElseThrow(() -> Access.notFound(request.url()));
    }

    private static Challenge challenge(SignedRequest request, ResourcePath path, Authorization authorization)
            throws ProblemException {
        return authorization.challenges().stream()
                .filter(challenge -> challenge.type().token().equals(path.part()))
                .findFirst()
                .orElseThrow(() -> Access.notFound(request.url()));
    }
}
