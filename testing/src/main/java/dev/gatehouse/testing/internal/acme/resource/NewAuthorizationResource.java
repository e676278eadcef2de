package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.internal.acme.issuance.IdentifierPolicy;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Authorization;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/** Authorizes an identifier ahead of any order (RFC 8555 section 7.4.1). */
public final class NewAuthorizationResource implements SignedResource.Handler {
    private final Orders orders;
    private final Collection<AcmeChallenge> offered;
    private final IdentifierPolicy identifiers;
    private final Agreements agreements;
    private final InstantSource clock;
    private final Urls urls;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param orders where authorizations are kept
     * @param offered the challenge types of this server
     * @param agreements who agreed to the terms
     * @param clock tells the present
     * @param urls makes URLs of authorizations
     */
    public NewAuthorizationResource(
            Orders orders, Collection<AcmeChallenge> offered, Agreements agreements, InstantSource clock, Urls urls) {
        this.orders = orders;
        this.offered = List.copyOf(offered);
        this.identifiers = new IdentifierPolicy(offered);
        this.agreements = agreements;
        this.clock = clock;
        this.urls = urls;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Account account = request.requireAccount();
        agreements.require(account);
        Identifier identifier = identifiers
                .accept(List.of(request.json().requireObject("identifier")))
                .get(0);
        if (identifier.isWildcard()) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "Identifier " + identifier + " is a wildcard name, which cannot be authorized ahead of its"
                                    + " order. Make an order for it.")
                    .exception();
        }
        Authorization authorization = orders.authorize(account.id(), identifier, offered);
        return AcmeResponse.json(201, representations.authorization(authorization, clock.instant()))
                .with("Location", urls.of(Urls.AUTHORIZATION, authorization.id()));
    }
}
