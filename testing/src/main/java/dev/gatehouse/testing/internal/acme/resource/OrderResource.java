package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.OrderStatus;
import dev.gatehouse.testing.internal.acme.issuance.CertificateIssuance;
import dev.gatehouse.testing.internal.acme.issuance.SigningRequest;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Order;
import dev.gatehouse.testing.internal.acme.state.OrderView;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;

/** Shows an order and finalizes it (RFC 8555 section 7.4). */
public final class OrderResource implements SignedResource.Handler {
    private final Orders orders;
    private final CertificateIssuance issuance;
    private final RetryAfter retryAfter;
    private final Urls urls;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param orders where orders are kept
     * @param issuance makes certificates
     * @param retryAfter when clients shall look again
     * @param urls makes URLs
     */
    public OrderResource(Orders orders, CertificateIssuance issuance, RetryAfter retryAfter, Urls urls) {
        this.orders = orders;
        this.issuance = issuance;
        this.retryAfter = retryAfter;
        this.urls = urls;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Order order = find(request, path).order();
        Account owner = Access.requireOwner(request, order.accountId());
        switch (path.part()) {
            case "" -> request.requirePostAsGet();
            case Urls.FINALIZE -> finalizeOrder(request, owner, order);
            default -> throw Access.notFound(request.url());
        }
        return show(orders.look(path.id()).orElseThrow(() -> Access.notFound(request.url())));
    }

    private OrderView find(SignedRequest request, ResourcePath path) throws ProblemException {
        return orders.order(path.id()).orElseThrow(() -> Access.notFound(request.url()));
    }

    /** The signing request is judged before the order is claimed: a bad one leaves the order ready. */
    private void finalizeOrder(SignedRequest request, Account owner, Order order) throws ProblemException {
        orders.requireReady(order.id());
        SigningRequest csr = SigningRequest.parse(request.json().requireString("csr"));
        csr.requireNames(order.terms().identifiers());
        csr.requireGoodKey(owner.key().publicKey());
        orders.startFinalization(order.id());
        issuance.issue(order, csr.key());
    }

    private AcmeResponse show(OrderView view) {
        AcmeResponse response = AcmeResponse.json(200, representations.order(view))
                .with("Location", urls.of(Urls.ORDER, view.order().id()));
        return view.status() == OrderStatus.PROCESSING ? retryAfter.addTo(response) : response;
    }
}
