package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.KeyRollover;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.state.Accounts;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.util.Optional;

/** Gives an account a new key (RFC 8555 section 7.3.5). */
public final class KeyChangeResource implements SignedResource.Handler {
    private final Accounts accounts;
    private final Urls urls;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param accounts where accounts are kept
     * @param urls makes their URLs
     */
    public KeyChangeResource(Accounts accounts, Urls urls) {
        this.accounts = accounts;
        this.urls = urls;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        Account account = request.requireAccount();
        AccountKey newKey = KeyRollover.newKey(request, account, urls.account(account.id()));
        Optional<Account> owner = accounts.changeKey(account.id(), newKey);
        if (owner.isPresent()) {
            throw Problem.of(ProblemType.MALFORMED, "An account has the new key already. Make another key.")
                    .withStatus(409)
                    .exception()
                    .with("Location", urls.account(owner.get().id()));
        }
        return AcmeResponse.json(
                200, representations.account(accounts.find(account.id()).orElseThrow()));
    }
}
