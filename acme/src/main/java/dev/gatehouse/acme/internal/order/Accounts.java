package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.internal.order.AccountRecords.Versioned;
import dev.gatehouse.acme.internal.work.Steps;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The account at one certificate authority: created once, kept in storage, created again when the authority lost it. */
public final class Accounts {

    private static final Logger log = LoggerFactory.getLogger(Accounts.class);

    private final AcmeSettings settings;
    private final AccountRecords records;
    private final AccountCalls calls;
    private final AtomicReference<@Nullable CompletableFuture<StoredAccount>> account = new AtomicReference<>();

    Accounts(Directory directory, AcmeSettings settings) {
        this.settings = settings;
        this.records = new AccountRecords(settings);
        this.calls = new AccountCalls(directory, settings);
    }

    /** All who ask at once share one look-up or creation, its failure included; a later one tries again. */
    CompletionStage<StoredAccount> account(IssuanceContext context) {
        CompletableFuture<StoredAccount> mine = new CompletableFuture<>();
        CompletableFuture<StoredAccount> present = account.compareAndExchange(null, mine);
        if (present != null) {
            return present.minimalCompletionStage();
        }
        CompletableFuture<StoredAccount> unused = CompletableFuture.supplyAsync(
                        () -> loadOrCreate(context), context.worker())
                .whenComplete((loaded, failure) -> {
                    if (failure == null) {
                        mine.complete(loaded);
                    } else {
                        account.compareAndSet(mine, null);
                        mine.completeExceptionally(failure);
                    }
                });
        return mine.minimalCompletionStage();
    }

    /** The URL of the account, if it has been used already. */
    Optional<URI> known() {
        CompletableFuture<StoredAccount> present = account.get();
        return present == null || !present.isDone() || present.isCompletedExceptionally()
                ? Optional.empty()
                : Optional.of(URI.create(present.join().location().toString()));
    }

    /** The account, if there is one; none is made. */
    CompletionStage<Optional<StoredAccount>> existing(IssuanceContext context) {
        return Steps.on(context.worker(), () -> records.read(context.storage()).isPresent())
                .thenCompose(isStored -> isStored
                        ? account(context).thenApply(Optional::of)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Forgets an account that the authority does not know any more. Blocks on storage. */
    void forget(StoredAccount lost, IssuanceContext context) {
        log.warn(
                "{}: the certificate authority does not know account {} any more; a new one will be created.",
                settings.directory(),
                lost.location());
        try {
            records.delete(lost, context.storage());
        } catch (IOException undeletable) {
            throw new IssuanceException(
                    settings.directory() + ": the lost account could not be removed from storage. "
                            + undeletable.getMessage(),
                    undeletable);
        }
        account.set(null);
    }

    /** Whether another node has changed the key of the account, which is known here from then on. */
    CompletionStage<Boolean> hasNewKey(StoredAccount used, IssuanceContext context) {
        return Steps.on(context.worker(), () -> {
            Optional<Versioned> stored = records.load(context.storage());
            if (stored.isEmpty()) {
                return false;
            }
            StoredAccount current = new KeyRollOver(records, calls, context)
                    .settle(stored.get())
                    .account();
            if (current.hasSameKeyAs(used)) {
                return false;
            }
            account.set(CompletableFuture.completedFuture(current));
            return true;
        });
    }

    /** Gives the account a new key, if there is one. */
    CompletionStage<Void> rollOver(IssuanceContext context) {
        return existing(context)
                .thenCompose(present -> Steps.on(context.worker(), () -> {
                    if (present.isPresent()) {
                        rollOverNow(context);
                    }
                    return null;
                }));
    }

    private void rollOverNow(IssuanceContext context) throws IOException {
        Versioned stored =
                records.load(context.storage()).orElseThrow(() -> new IOException("Its record is gone from storage."));
        StoredAccount rolledOver = new KeyRollOver(records, calls, context).run(stored);
        account.set(CompletableFuture.completedFuture(rolledOver));
    }

    private StoredAccount loadOrCreate(IssuanceContext context) {
        try {
            Optional<StoredRecord> record = records.read(context.storage());
            return record.isPresent() ? load(record.get(), context) : create(context);
        } catch (DamagedRecordException damaged) {
            log.warn("{}: a new account will be created. {}", settings.directory(), damaged.getMessage());
            return createAfterDamage(context);
        } catch (IOException failure) {
            throw unavailable(failure);
        }
    }

    private IssuanceException unavailable(IOException failure) {
        return new IssuanceException(
                settings.directory() + ": the account is not available. " + failure.getMessage(), failure);
    }

    private StoredAccount createAfterDamage(IssuanceContext context) {
        try {
            return create(context);
        } catch (IOException failure) {
            throw unavailable(failure);
        }
    }

    /** Of an imported key the authority is asked where its account is; only a key that it does not know is registered. */
    private StoredAccount load(StoredRecord record, IssuanceContext context) throws IOException {
        if (StoredAccount.location(record.content()).isEmpty()) {
            KeyPair key = StoredAccount.decodeKey(record.content());
            StoredAccount located = calls.locate(key, context)
                    .map(location -> new StoredAccount(key, location))
                    .orElseGet(() -> calls.register(key, context));
            return store(located, record.version(), "imported account found", context.storage());
        }
        Versioned stored = new Versioned(StoredAccount.decode(record.content()), record.version());
        Versioned settled = new KeyRollOver(records, calls, context).settle(stored);
        return withContacts(settled, context);
    }

    /** What the authority was told last is compared, not what it knows: it may keep no contacts at all. */
    private StoredAccount withContacts(Versioned stored, IssuanceContext context) {
        StoredAccount present = stored.account();
        if (settings.contacts().isEmpty() || present.contacts().equals(Optional.of(settings.contacts()))) {
            return present;
        }
        try {
            calls.changeContacts(present, context);
            StoredAccount changed = present.withContacts(settings.contacts());
            records.write(changed, stored.version(), context.storage());
            log.info("{}: the contacts of the account are now {}", settings.directory(), settings.contacts());
            return changed;
        } catch (IssuanceException | IOException unchanged) {
            log.warn(
                    "{}: the contacts of the account stay as they are, which holds up no certificate. {}",
                    settings.directory(),
                    unchanged.getMessage());
            return present;
        }
    }

    private StoredAccount create(IssuanceContext context) throws IOException {
        StoredAccount created = calls.register(CertificateKey.EC_P256.generate(), context)
                .withContacts(settings.contacts())
                .since(context.clock().instant());
        return store(created, CertificateStorage.ABSENT, "account created", context.storage());
    }

    private StoredAccount store(StoredAccount account, long version, String event, CertificateStorage storage)
            throws IOException {
        try {
            records.write(account, version, storage);
        } catch (StaleRecordException otherNodeWasFirst) {
            return records.load(storage).orElseThrow(() -> otherNodeWasFirst).account();
        }
        log.info("{}: {}, {}", settings.directory(), event, account.location());
        return account;
    }
}
