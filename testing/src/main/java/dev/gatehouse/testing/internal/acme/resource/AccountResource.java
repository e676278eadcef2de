package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Accounts;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.List;

/**
 * Shows an account, changes its contacts, deactivates it (RFC 8555 sections 7.3.2 and 7.3.6). What a client cannot change is
 * ignored, as section 7.3.2 wants it.
 */
public final class AccountResource implements SignedResource.Handler {
    private static final String DEACTIVATED = Account.Status.DEACTIVATED.token();

    private final Accounts accounts;
    private final Orders orders;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param accounts where accounts are kept
     * @param orders where the orders of an account are kept
     * @param urls makes their URLs
     */
    public AccountResource(Accounts accounts, Orders orders, Urls urls) {
        this.accounts = accounts;
        this.orders = orders;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Account account = Access.requireOwner(request, path.id());
        Account current = request.isPostAsGet() ? account : update(account, request.json());
        return AcmeResponse.json(200, representations.account(current));
    }

    private Account update(Account account, JsonObject payload) throws ProblemException {
        List<String> contacts = Contacts.in(payload);
        Account changed = contacts == null ? account : accounts.changeContacts(account.id(), contacts);
        return DEACTIVATED.equals(payload.string("status")) ? deactivate(account) : changed;
    }

    private Account deactivate(Account account) {
        Account deactivated = accounts.deactivate(account.id());
        orders.cancel(
                account.id(),
                Problem.of(
                        ProblemType.UNAUTHORIZED,
                        "Account " + account.id() + " was deactivated, and its orders with it. Use another account."));
        return deactivated;
    }
}
