package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Accounts;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.List;

/** Shows an account, changes its contacts, deactivates it (RFC 8555 sections 7.3.2 and 7.3.6). */
public final class AccountResource implements SignedResource.Handler {
    private final Accounts accounts;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param accounts where accounts are kept
     * @param urls makes their URLs
     */
    public AccountResource(Accounts accounts, Urls urls) {
        this.accounts = accounts;
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
        String status = payload.string("status");
        if (status != null && !status.equals(Account.Status.DEACTIVATED.token()) && !isCurrent(account, status)) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "A client cannot set the status to " + Text.quote(status) + ". Send 'deactivated' or leave"
                                    + " it out.")
                    .exception();
        }
        Account changed = contacts == null ? account : accounts.changeContacts(account.id(), contacts);
        return status == null || isCurrent(account, status) ? changed : accounts.deactivate(account.id());
    }

    private static boolean isCurrent(Account account, String status) {
        return status.equals(account.status().token());
    }
}
