package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.ExpiringRecord;
import dev.gatehouse.acme.ExpiringRecords;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.internal.work.Alarms;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out once, behind the scenes, which certificates there are in storage and when they expire. It reads the index of
 * expiries, page by page, and no record.
 */
final class StorageSurvey {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final int PAGE = 2_000;
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Instant ANY_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private final CertificateStorage storage;
    private final Executor worker;
    private final Alarms alarms;
    private final BiConsumer<String, Instant> found;
    private final Consumer<Boolean> ended;

    /** With who is told of each record and its expiry, and of the end; with whether all were seen. */
    StorageSurvey(
            CertificateStorage storage,
            Executor worker,
            Alarms alarms,
            BiConsumer<String, Instant> found,
            Consumer<Boolean> ended) {
        this.storage = storage;
        this.worker = worker;
        this.alarms = alarms;
        this.found = found;
        this.ended = ended;
    }

    void begin(Duration delay) {
        alarms.after(delay, () -> onWorker(() -> look(Optional.empty())));
    }

    private void look(Optional<ExpiringRecord> after) {
        ExpiringRecords page;
        try {
            page = after.isEmpty()
                    ? storage.expiring(RecordKey.Kind.CERTIFICATE, ANY_TIME, PAGE)
                    : storage.expiring(RecordKey.Kind.CERTIFICATE, ANY_TIME, PAGE, after.get());
        } catch (IOException | RuntimeException unreadable) {
            log.warn(
                    "{}: it cannot be read which certificates there are. {} It is tried again in {} s.",
                    storage,
                    unreadable.getMessage(),
                    AFTER_FAILURE.toSeconds());
            ended.accept(false);
            begin(AFTER_FAILURE);
            return;
        }
        page.records().forEach(record -> found.accept(record.key().name(), record.expiresAt()));
        if (page.next().isPresent()) {
            onWorker(() -> look(page.next()));
        } else {
            ended.accept(true);
        }
    }

    private void onWorker(Runnable work) {
        try {
            worker.execute(work);
        } catch (RejectedExecutionException closed) {
            log.debug("{}: not looked through, the manager is closed", storage);
        }
    }
}
