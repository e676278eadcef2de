package dev.gatehouse.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a storage from growing for ever: removes what has expired for long enough, a little at a time. Each
 * {@link #step()} is short and says how long to wait until the next, so that a timer can drive it without holding a thread
 * and the storage has time for others. A round that was cut short goes on where it was, because what is removed is gone
 * from the index; several nodes may clean one storage at once.
 *
 * <p>What goes when: certificates some time after they expired ({@linkplain #keepingExpiredCertificates 14 days}), answers
 * to challenges and state when they expire, and what the storage {@linkplain CertificateStorage#sweep keeps for itself}.
 * Accounts are never removed.
 *
 * <p>Safe for use by several threads.
 */
public final class StorageCleaner {

    private static final Logger log = LoggerFactory.getLogger(StorageCleaner.class);

    private static final int STEP = 100;
    private static final Duration BETWEEN_STEPS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_ROUNDS = Duration.ofHours(1);

    private final CertificateStorage storage;
    private final InstantSource clock;
    private final Duration certificatesKept;
    private Part part = Part.CHALLENGES;
    private int removedInRound;

    private enum Part {
        CHALLENGES,
        STATES,
        CERTIFICATES,
        REST
    }

    private StorageCleaner(CertificateStorage storage, InstantSource clock, Duration certificatesKept) {
        this.storage = storage;
        this.clock = clock;
        this.certificatesKept = certificatesKept;
    }

    /**
     * Makes a cleaner. It does nothing by itself.
     *
     * @param storage what to clean; stays the caller's
     * @param clock tells the time
     * @return the cleaner
     */
    public static StorageCleaner of(CertificateStorage storage, InstantSource clock) {
        return new StorageCleaner(storage, clock, Duration.ofDays(14));
    }

    /**
     * Says for how long an expired certificate is kept.
     *
     * @param duration how long after its expiry
     * @return a cleaner that keeps them for so long, at the begin of a round
     */
    public StorageCleaner keepingExpiredCertificates(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration: " + duration + " (expected: not negative)");
        }
        return new StorageCleaner(storage, clock, duration);
    }

    /**
     * Looks at up to 100 things and removes what has expired. Blocks on the storage; call it on a worker thread. A
     * storage that fails is logged and tried again in the next round.
     *
     * @return how long to wait until the next step
     */
    public synchronized Duration step() {
        Instant now = clock.instant();
        boolean finished;
        try {
            CleaningProgress progress = switch (part) {
                case CHALLENGES -> storage.clean(RecordKey.Kind.CHALLENGE, now, STEP);
                case STATES -> storage.clean(RecordKey.Kind.STATE, now, STEP);
                case CERTIFICATES -> storage.clean(RecordKey.Kind.CERTIFICATE, now.minus(certificatesKept), STEP);
                case REST -> storage.sweep(STEP);
            };
            removedInRound += progress.removed();
            finished = progress.finished();
        } catch (IOException | RuntimeException unavailable) {
            log.warn("{}: not cleaned of {} now. {}", storage, part, unavailable.getMessage());
            finished = true;
        }
        return finished ? nextPart() : BETWEEN_STEPS;
    }

    private Duration nextPart() {
        part = Part.values()[(part.ordinal() + 1) % Part.values().length];
        if (part != Part.CHALLENGES) {
            return BETWEEN_STEPS;
        }
        if (removedInRound > 0) {
            log.info("{}: cleaned, {} removed.", storage, removedInRound);
        }
        removedInRound = 0;
        return BETWEEN_ROUNDS;
    }

    /** {@return what is cleaned} */
    @Override
    public String toString() {
        return "cleaner of " + storage;
    }
}
