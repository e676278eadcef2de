package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RateLimit;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One rate limit that all nodes share, with the refill that certificate authorities have: what is used comes back evenly.
 * Storage keeps one moment, when all that was used will have come back; the record expires then, since it says nothing
 * any more. Compare-and-set keeps nodes from losing what another has taken.
 */
final class SharedAllowance {

    private static final int MAX_WRITE_TRIES = 10;

    private final RecordKey key;
    private final RateLimit limit;
    private final CertificateStorage storage;
    private final InstantSource clock;

    SharedAllowance(RecordKey key, RateLimit limit, CertificateStorage storage, InstantSource clock) {
        this.key = key;
        this.limit = limit;
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * What is used.
     *
     * @param used how many
     * @param nextAt from when on one can be taken
     * @param restoredAt from when on all can be taken
     */
    record Level(int used, Instant nextAt, Instant restoredAt) {}

    Level level() throws IOException {
        return levelOf(restoredAt(storage.read(key)));
    }

    /** Takes one, or tells from when on one can be taken. */
    Optional<Instant> takeOrNext() throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<StoredRecord> record = storage.read(key);
            Instant restored = restoredAt(record);
            Instant nextAt = levelOf(restored).nextAt();
            if (nextAt.isAfter(clock.instant())) {
                return Optional.of(nextAt);
            }
            if (hasWritten(record, restored.plus(limit.refill()), attempt)) {
                return Optional.empty();
            }
        }
    }

    /** Takes one, even beyond the limit. */
    void take() throws IOException {
        move(limit.refill());
    }

    void giveBack() throws IOException {
        move(limit.refill().negated());
    }

    private void move(Duration by) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<StoredRecord> record = storage.read(key);
            if (hasWritten(record, restoredAt(record).plus(by), attempt)) {
                return;
            }
        }
    }

    private boolean hasWritten(Optional<StoredRecord> before, Instant restored, int attempt) throws IOException {
        try {
            storage.write(
                    key,
                    restored.toString().getBytes(StandardCharsets.UTF_8),
                    before.map(StoredRecord::version).orElse(CertificateStorage.ABSENT),
                    WriteTerms.none().expiringAt(restored));
            return true;
        } catch (StaleRecordException anotherNode) {
            if (attempt == MAX_WRITE_TRIES) {
                throw anotherNode;
            }
            return false;
        }
    }

    /** A moment beyond the interval, which another clock or another limit has left, counts as all used. */
    private Instant restoredAt(Optional<StoredRecord> record) {
        Instant now = clock.instant();
        Instant latest = now.plus(limit.interval());
        Instant stored = record.flatMap(SharedAllowance::parse).orElse(now);
        return stored.isBefore(now) ? now : stored.isAfter(latest) ? latest : stored;
    }

    private Level levelOf(Instant restored) {
        Instant now = clock.instant();
        double refills = (double) Duration.between(now, restored).toMillis()
                / limit.refill().toMillis();
        int used = (int) Math.min(limit.count(), Math.ceil(refills - 1e-6));
        Instant earliest = restored.plus(limit.refill()).minus(limit.interval());
        return new Level(used, earliest.isBefore(now) ? now : earliest, restored);
    }

    /** What cannot be read counts as nothing used. */
    private static Optional<Instant> parse(StoredRecord record) {
        try {
            return Optional.of(Instant.parse(new String(record.content(), StandardCharsets.UTF_8)));
        } catch (DateTimeException damaged) {
            return Optional.empty();
        }
    }
}
