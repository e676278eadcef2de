package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The account at one certificate authority: created once, kept in storage, created again when the authority lost it. */
public final class Accounts {

    private static final Logger log = LoggerFactory.getLogger(Accounts.class);

    private final Directory directory;
    private final List<String> contacts;
    private final boolean termsAgreed;
    private final AtomicReference<@Nullable CompletableFuture<StoredAccount>> account = new AtomicReference<>();

    public Accounts(Directory directory, List<String> contacts, boolean termsAgreed) {
        this.directory = directory;
        this.contacts = contacts;
        this.termsAgreed = termsAgreed;
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

    /** Forgets an account that the authority does not know any more. Blocks on storage. */
    void forget(StoredAccount lost, IssuanceContext context) {
        log.warn(
                "{}: the certificate authority does not know account {} any more; a new one will be created.",
                directory.uri(),
                lost.location());
        RecordKey key = key();
        try {
            Optional<StoredRecord> record = context.storage().read(key);
            if (record.isPresent() && isOf(lost, record.get())) {
                context.storage().delete(key, record.get().version());
            }
        } catch (IOException undeletable) {
            throw new IssuanceException(
                    directory.uri() + ": the lost account could not be removed from storage. "
                            + undeletable.getMessage(),
                    undeletable);
        }
        account.set(null);
    }

    private static boolean isOf(StoredAccount lost, StoredRecord record) {
        return StoredAccount.location(record.content())
                .equals(Optional.of(lost.location().toExternalForm()));
    }

    private StoredAccount loadOrCreate(IssuanceContext context) {
        try {
            Optional<StoredRecord> record = context.storage().read(key());
            return record.isPresent() ? load(record.get(), context) : create(context);
        } catch (DamagedRecordException damaged) {
            log.warn("{}: a new account will be created. {}", directory.uri(), damaged.getMessage());
            return createAfterDamage(context);
        } catch (IOException failure) {
            throw unavailable(failure);
        }
    }

    private IssuanceException unavailable(IOException failure) {
        return new IssuanceException(
                directory.uri() + ": the account is not available. " + failure.getMessage(), failure);
    }

    private StoredAccount createAfterDamage(IssuanceContext context) {
        try {
            return create(context);
        } catch (IOException failure) {
            throw unavailable(failure);
        }
    }

    /** An imported key is registered, which for one that the authority knows only tells where its account is. */
    private StoredAccount load(StoredRecord record, IssuanceContext context) throws IOException {
        if (StoredAccount.location(record.content()).isPresent()) {
            return StoredAccount.decode(record.content());
        }
        StoredAccount located = register(StoredAccount.decodeKey(record.content()), context.clock());
        return store(located, record.version(), "imported account found", context.storage());
    }

    private StoredAccount create(IssuanceContext context) throws IOException {
        StoredAccount created = register(CertificateKey.EC_P256.generate(), context.clock());
        return store(created, CertificateStorage.ABSENT, "account created", context.storage());
    }

    private StoredAccount store(StoredAccount account, long version, String event, CertificateStorage storage)
            throws IOException {
        try {
            storage.write(key(), account.encode(), version);
        } catch (StaleRecordException otherNodeWasFirst) {
            return loadAfter(otherNodeWasFirst, storage);
        }
        log.info("{}: {}, {}", directory.uri(), event, account.location());
        return account;
    }

    private StoredAccount loadAfter(StaleRecordException stale, CertificateStorage storage) throws IOException {
        StoredRecord record = storage.read(key()).orElseThrow(() -> stale);
        return StoredAccount.decode(record.content());
    }

    private StoredAccount register(KeyPair keyPair, InstantSource clock) {
        Session session = directory.borrow();
        try {
            AccountBuilder builder = new AccountBuilder().useKeyPair(keyPair);
            contacts.forEach(contact -> builder.addContact("mailto:" + contact));
            if (termsAgreed) {
                builder.agreeToTermsOfService();
            }
            Account registered = builder.create(session);
            return new StoredAccount(keyPair, registered.getLocation());
        } catch (AcmeException | RuntimeException refused) {
            throw AcmeFailures.translate(directory.uri() + ": no account", refused, termsAgreed, clock);
        } finally {
            directory.giveBack(session);
        }
    }

    private RecordKey key() {
        return RecordKey.account(directory.uri().toString());
    }
}
