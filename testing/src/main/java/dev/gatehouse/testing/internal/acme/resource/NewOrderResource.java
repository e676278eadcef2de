package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.internal.acme.issuance.IdentifierPolicy;
import dev.gatehouse.testing.internal.acme.issuance.ValidityPolicy;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.limit.IssuanceLimits;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.OrderTerms;
import dev.gatehouse.testing.internal.acme.state.OrderView;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import dev.gatehouse.testing.internal.pki.SubjectAlternativeNames;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes new orders (RFC 8555 section 7.4). */
public final class NewOrderResource implements SignedResource.Handler {
    private final Orders orders;
    private final Certificates certificates;
    private final Collection<AcmeChallenge> offered;
    private final IdentifierPolicy identifiers;
    private final ValidityPolicy validity;
    private final @Nullable String defaultProfile;
    private final Agreements agreements;
    private final IssuanceLimits limits;
    private final InstantSource clock;
    private final Urls urls;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param orders where orders are kept
     * @param certificates where certificates are kept that an order can replace
     * @param offered the challenge types of this server
     * @param validity knows which profile and validity can be asked for
     * @param agreements who agreed to the terms
     * @param limits decides who has had enough
     * @param clock tells the present
     * @param urls makes URLs of orders
     */
    public NewOrderResource(
            Orders orders,
            Certificates certificates,
            Collection<AcmeChallenge> offered,
            ValidityPolicy validity,
            Agreements agreements,
            IssuanceLimits limits,
            InstantSource clock,
            Urls urls) {
        this.orders = orders;
        this.certificates = certificates;
        this.offered = List.copyOf(offered);
        this.identifiers = new IdentifierPolicy(offered);
        this.validity = validity;
        this.defaultProfile = validity.defaultProfile();
        this.agreements = agreements;
        this.limits = limits;
        this.clock = clock;
        this.urls = urls;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Account account = request.requireAccount();
        agreements.require(account);
        OrderTerms terms = terms(request.json());
        validity.require(terms, clock.instant());
        requireReplaceable(account, terms);
        limits.admit(account.id(), terms);
        OrderView view = orders.create(account.id(), terms, offered);
        return AcmeResponse.json(201, representations.order(view))
                .with("Location", urls.of(Urls.ORDER, view.order().id()));
    }

    private OrderTerms terms(JsonObject payload) throws ProblemException {
        return new OrderTerms(
                identifiers.accept(payload.requireObjects("identifiers")),
                payload.time("notBefore"),
                payload.time("notAfter"),
                profile(payload),
                payload.string("replaces"));
    }

    private @Nullable String profile(JsonObject payload) throws ProblemException {
        String requested = payload.string("profile");
        return requested == null ? defaultProfile : requested;
    }

    /** A renewal replaces a certificate of the same account that has a name in common (RFC 9773 section 5). */
    private void requireReplaceable(Account account, OrderTerms terms) throws ProblemException {
        String replaces = terms.replaces();
        if (replaces == null) {
            return;
        }
        boolean replaceable = certificates
                .findByRenewalId(replaces)
                .filter(certificate -> certificate.accountId().equals(account.id()))
                .filter(certificate -> SubjectAlternativeNames.of(certificate.leaf()).stream()
                        .anyMatch(name -> terms.identifiers().stream()
                                .anyMatch(identifier -> identifier.value().equals(name))))
                .isPresent();
        if (!replaceable) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "Payload: member 'replaces' names no certificate of this account with a name in common ("
                                    + Text.quote(replaces) + "). Leave it out.")
                    .exception();
        }
    }
}
