package dev.gatehouse.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers to challenges in the storage that nodes share, so that it does not matter to which node the certificate authority
 * is led. Strangers can ask as often as they like, so only some look-ups run at once, and the others find nothing.
 */
final class SharedAnswers {

    private static final Logger log = LoggerFactory.getLogger(Http01Challenges.class);

    private static final int MAX_LOOKUPS = 64;
    private static final Duration LONGEST_ORDER = Duration.ofHours(1);

    private final String type;
    private final CertificateStorage storage;
    private final InstantSource clock;
    private final Executor storageWorker;
    private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);

    SharedAnswers(String type, CertificateStorage storage, InstantSource clock, Executor storageWorker) {
        this.type = type;
        this.storage = storage;
        this.clock = clock;
        this.storageWorker = storageWorker;
    }

    /** Looks on another thread. The stage never fails. */
    CompletionStage<Optional<String>> find(String key) {
        if (!lookups.tryAcquire()) {
            log.debug("{}: not looked for in storage, {} other answers are being looked for", type, MAX_LOOKUPS);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        try {
            return CompletableFuture.supplyAsync(() -> read(key), storageWorker)
                    .whenComplete((found, failure) -> lookups.release());
        } catch (RejectedExecutionException closed) {
            lookups.release();
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private Optional<String> read(String key) {
        try {
            return storage.read(RecordKey.challenge(key))
                    .map(record -> new String(record.content(), StandardCharsets.US_ASCII));
        } catch (IOException unreadable) {
            log.warn(
                    "{}: an answer could not be looked for in storage. {} Mend the storage.",
                    type,
                    unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** Writes an answer over what a node may have left that crashed. */
    Optional<StoredRecord> write(String key, String answer) {
        try {
            return Optional.of(writeOver(RecordKey.challenge(key), answer));
        } catch (IOException unwritable) {
            log.warn(
                    "{}: an answer could not be put into storage, so only this node can give it. {} Mend the storage.",
                    type,
                    unwritable.getMessage());
            return Optional.empty();
        }
    }

    private StoredRecord writeOver(RecordKey key, String answer) throws IOException {
        byte[] content = answer.getBytes(StandardCharsets.US_ASCII);
        Instant expiry = clock.instant().plus(LONGEST_ORDER);
        WriteTerms terms = WriteTerms.none().expiringAt(expiry);
        try {
            return storage.write(key, content, CertificateStorage.ABSENT, terms);
        } catch (StaleRecordException leftover) {
            long version = storage.read(key).map(StoredRecord::version).orElse(CertificateStorage.ABSENT);
            return storage.write(key, content, version, terms);
        }
    }

    void delete(String key, StoredRecord record) {
        try {
            storage.delete(RecordKey.challenge(key), record.version());
        } catch (IOException undeletable) {
            log.info("{}: an answer stays in storage until it is cleaned away. {}", type, undeletable.getMessage());
        }
    }
}
