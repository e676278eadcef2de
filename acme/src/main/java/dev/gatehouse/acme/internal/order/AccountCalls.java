package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.internal.budget.CaPauses;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;

/** What the authority is asked and told about accounts (RFC 8555, section 7.3). Each call blocks on it. */
final class AccountCalls {

    private final Directory directory;
    private final AcmeSettings settings;

    AccountCalls(Directory directory, AcmeSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** Work with a session. */
    @FunctionalInterface
    private interface Call<T> {

        T with(Session session) throws AcmeException;
    }

    /** Makes an account, or finds the one that has the key. */
    StoredAccount register(KeyPair keyPair, IssuanceContext context) {
        requireNoPause(context);
        List<String> contacts = settings.contacts();
        return call("no account", context, session -> {
            requireExternalAccount(session);
            AccountBuilder builder = new AccountBuilder().useKeyPair(keyPair);
            contacts.forEach(contact -> builder.addContact("mailto:" + contact));
            if (settings.termsAgreed()) {
                builder.agreeToTermsOfService();
            }
            settings.externalAccount()
                    .ifPresent(external -> builder.withKeyIdentifier(external.keyId(), external.macKey())
                            .withMacAlgorithm(ExternalAccount.MAC_ALGORITHM));
            Account registered = builder.create(session);
            return new StoredAccount(keyPair, registered.getLocation());
        });
    }

    private void requireNoPause(IssuanceContext context) {
        new CaPauses(settings.directory().toString(), context.storage(), context.clock())
                .pausingNewAccounts()
                .ifPresent(pause -> {
                    throw new IssuanceException(
                            Kind.RATE_LIMITED,
                            "No account is made: " + pause.reason() + ".",
                            null,
                            Duration.between(context.clock().instant(), pause.freesAt()));
                });
    }

    /** Some authorities do not say so in their directory, but refuse the account. */
    private void requireExternalAccount(Session session) throws AcmeException {
        Optional<String> source = settings.known().flatMap(KnownAuthority::externalAccountSource);
        boolean isRequired = source.isPresent() || session.getMetadata().isExternalAccountRequired();
        if (isRequired && settings.externalAccount().isEmpty()) {
            throw new IssuanceException(
                    settings.title()
                            + " binds ACME accounts to accounts of its own. Get a key id and a MAC key from "
                            + source.orElse("it") + ", and set externalAccountBinding(keyId, macKey).",
                    null);
        }
    }

    /** Where the account of a key is; empty if the authority knows none. */
    Optional<URL> locate(KeyPair keyPair, IssuanceContext context) {
        return call("the account cannot be looked up", context, session -> {
            try {
                return Optional.of(new AccountBuilder()
                        .useKeyPair(keyPair)
                        .onlyExisting()
                        .create(session)
                        .getLocation());
            } catch (AcmeException unknown) {
                if (AcmeFailures.isAccountLost(unknown)) {
                    return Optional.empty();
                }
                throw unknown;
            }
        });
    }

    void changeContacts(StoredAccount account, IssuanceContext context) {
        call("the contacts cannot be changed", context, session -> {
            Account.EditableAccount editable = session.login(account.location(), account.keyPair())
                    .getAccount()
                    .modify();
            editable.getContacts().clear();
            settings.contacts().forEach(contact -> editable.addContact(URI.create("mailto:" + contact)));
            editable.commit();
            return account;
        });
    }

    void changeKey(StoredAccount account, KeyPair next, IssuanceContext context) {
        call("the account key cannot be changed", context, session -> {
            session.login(account.location(), account.keyPair()).getAccount().changeKey(next);
            return account;
        });
    }

    private <T> T call(String failed, IssuanceContext context, Call<T> call) {
        Session session = directory.borrow();
        try {
            return call.with(session);
        } catch (AcmeException | RuntimeException refused) {
            throw AcmeFailures.translate(
                    directory.uri() + ": " + failed, refused, settings.termsAgreed(), context.clock());
        } finally {
            directory.giveBack(session);
        }
    }
}
