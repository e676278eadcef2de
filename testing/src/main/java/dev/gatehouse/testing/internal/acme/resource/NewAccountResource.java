package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.ExternalAccounts;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates accounts and finds existing ones (RFC 8555 section 7.3). */
public final class NewAccountResource implements SignedResource.Handler {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");

    private final Accounts accounts;
    private final ExternalAccounts externalAccounts;
    private final Agreements agreements;
    private final Urls urls;
    private final Representations representations;

    /**
     * Makes the resource.
     *
     * @param accounts where accounts are kept
     * @param externalAccounts what new accounts have to be bound to
     * @param agreements records who agreed to the terms
     * @param urls makes their URLs
     */
    public NewAccountResource(Accounts accounts, ExternalAccounts externalAccounts, Agreements agreements, Urls urls) {
        this.accounts = accounts;
        this.externalAccounts = externalAccounts;
        this.agreements = agreements;
        this.urls = urls;
        this.representations = new Representations(urls);
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        if (request.account() != null) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The request names an account by 'kid'. Send the key as 'jwk' to create or find an account.")
                    .exception();
        }
        JsonObject payload = request.json();
        Optional<Account> existing = accounts.find(request.key());
        if (existing.isPresent()) {
            return found(existing.get());
        }
        if (payload.flag("onlyReturnExisting")) {
            throw Problem.of(
                            ProblemType.ACCOUNT_DOES_NOT_EXIST,
                            "No account has this key. Create one: send the request without 'onlyReturnExisting'.")
                    .exception();
        }
        return create(request, payload);
    }

    private AcmeResponse create(SignedRequest request, JsonObject payload) throws ProblemException {
        requireAgreement(payload);
        List<String> contacts = Contacts.in(payload);
        String externalAccount =
                externalAccounts.verify(payload.object("externalAccountBinding"), request.key(), request.url());
        Accounts.Registration registration = accounts.register(request.key(), contacts == null ? List.of() : contacts);
        if (!registration.created()) {
            return found(registration.account());
        }
        agreements.agree(registration.account().id());
        return created(registration.account(), externalAccount);
    }

    private AcmeResponse created(Account account, @Nullable String externalAccount) {
        LOG.info(
                "account {} created{}",
                account.id(),
                externalAccount == null ? "" : ", bound to external account " + Text.quote(externalAccount));
        return AcmeResponse.json(201, representations.account(account)).with("Location", urls.account(account.id()));
    }

    private AcmeResponse found(Account account) throws ProblemException {
        if (!account.isValid()) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "The account of this key is " + account.status().token() + ". Make a new key.")
                    .withStatus(401)
                    .exception();
        }
        return AcmeResponse.json(200, representations.account(account)).with("Location", urls.account(account.id()));
    }

    private void requireAgreement(JsonObject payload) throws ProblemException {
        if (!payload.flag("termsOfServiceAgreed")) {
            throw agreements.refusal(
                    agreements.terms(),
                    "The terms of service at " + agreements.terms()
                            + " have not been agreed to. Send 'termsOfServiceAgreed': true.");
        }
    }
}
