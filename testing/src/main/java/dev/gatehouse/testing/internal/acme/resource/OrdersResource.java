package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.OrderStatus;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.List;
import java.util.Map;

/** Lists the orders of an account, page by page, without the invalid ones (RFC 8555 section 7.1.2.1). */
public final class OrdersResource implements SignedResource.Handler {
    private static final int PAGE = 50;

    private final Orders orders;
    private final Urls urls;

    /**
     * Makes the resource.
     *
     * @param orders where orders are kept
     * @param urls makes their URLs
     */
    public OrdersResource(Orders orders, Urls urls) {
        this.orders = orders;
        this.urls = urls;
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Account account = Access.requireOwner(request, path.id());
        request.requirePostAsGet();
        long from = cursor(request, path);
        List<String> page = orders.all().stream()
                .filter(view -> view.order().accountId().equals(account.id()))
                .filter(view -> view.status() != OrderStatus.INVALID)
                .skip(from)
                .limit(PAGE + 1L)
                .map(view -> urls.of(Urls.ORDER, view.order().id()))
                .toList();
        if (page.size() <= PAGE) {
            return AcmeResponse.json(200, Map.of("orders", page));
        }
        return AcmeResponse.json(200, Map.of("orders", page.subList(0, PAGE)))
                .withLink(urls.of(Urls.ORDERS, account.id(), Long.toString(from + PAGE)), "next");
    }

    private static long cursor(SignedRequest request, ResourcePath path) throws ProblemException {
        if (path.part().isEmpty()) {
            return 0;
        }
        if (!path.part().matches("[0-9]{1,9}")) {
            throw Access.notFound(request.url());
        }
        return Long.parseLong(path.part());
    }
}
