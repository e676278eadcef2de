package dev.gatehouse.acme.internal.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pauses of names that fail. Each failure in a row doubles the pause, give or take a fifth, from a minute to six
 * hours; a day without a try forgets the name. Kept in storage for restarts and other nodes, and in bounded memory.
 * Nothing waits here: a pause is a moment that callers compare with.
 */
public final class BackOff {

    private static final Logger log = LoggerFactory.getLogger(BackOff.class);

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MAX_NAMES = 20_000;
    private static final int MAX_WRITE_TRIES = 3;

    private final CertificateStorage storage;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Cache<SubjectName, Failing> memory =
            Caffeine.newBuilder().maximumSize(MAX_NAMES).executor(Runnable::run).build();

    /** With the storage that other nodes, and this one after a restart, read too. */
    public BackOff(CertificateStorage storage, InstantSource clock, RandomGenerator random) {
        this.storage = storage;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What is known of a name that fails.
     *
     * @param failures how many in a row
     * @param nextTry not before then
     * @param lastError what happened last
     * @param rehearse the issuer at which the next order is to be rehearsed before
     */
    public record Failing(int failures, Instant nextTry, String lastError, Optional<String> rehearse) {

        /** Without a rehearsal. */
        public Failing(int failures, Instant nextTry, String lastError) {
            this(failures, nextTry, lastError, Optional.empty());
        }

        /** Whether the pause is still on. */
        public boolean isPausedAt(Instant moment) {
            return moment.isBefore(nextTry);
        }
    }

    /** What is in memory, without blocking: for the thread of a handshake. The pause may be over. */
    public Optional<Failing> remembered(SubjectName name) {
        return Optional.ofNullable(memory.getIfPresent(name)).filter(this::isKept);
    }

    /** What is in memory with a pause that is on, or else in storage. May block. */
    public Optional<Failing> find(SubjectName name) {
        Optional<Failing> remembered = remembered(name).filter(failing -> failing.isPausedAt(clock.instant()));
        if (remembered.isPresent()) {
            return remembered;
        }
        Optional<Failing> stored = readOrLog(name).flatMap(FailingText::parse).filter(this::isKept);
        stored.ifPresentOrElse(failing -> memory.put(name, failing), () -> memory.invalidate(name));
        return stored;
    }

    /** A try has failed: pauses the name, for at least some time, and stores that. May block. */
    public Failing failed(SubjectName name, String error, Duration atLeast) {
        return failed(name, error, atLeast, before -> before.flatMap(Failing::rehearse));
    }

    /** A try has failed, and the next one is to be rehearsed at an issuer, or not. May block. */
    public Failing failed(SubjectName name, String error, Duration atLeast, Optional<String> rehearse) {
        return failed(name, error, atLeast, before -> rehearse);
    }

    private Failing failed(
            SubjectName name, String error, Duration atLeast, Function<Optional<Failing>, Optional<String>> rehearsal) {
        for (int attempt = 1; attempt <= MAX_WRITE_TRIES; attempt++) {
            Optional<StoredRecord> record = readOrLog(name);
            Optional<Failing> before = record.flatMap(FailingText::parse)
                    .or(() -> remembered(name))
                    .filter(this::isKept);
            Failing failing = next(before, error, atLeast, rehearsal.apply(before));
            memory.put(name, failing);
            try {
                storage.write(
                        keyOf(name),
                        FailingText.format(failing),
                        record.map(StoredRecord::version).orElse(CertificateStorage.ABSENT),
                        WriteTerms.none().expiringAt(failing.nextTry().plus(KEPT)));
                return failing;
            } catch (StaleRecordException anotherNode) {
                log.debug("{}: another node has stored its pause meanwhile", name);
            } catch (IOException | RuntimeException failure) {
                return keepInMemory(name, failing, failure);
            }
        }
        return remembered(name)
                .orElseGet(() -> next(Optional.empty(), error, atLeast, rehearsal.apply(Optional.empty())));
    }

    /** A try has succeeded: forgets the name, in storage too. May block. */
    public void succeeded(SubjectName name) {
        memory.invalidate(name);
        try {
            Optional<StoredRecord> record = storage.read(keyOf(name));
            if (record.isPresent()) {
                storage.delete(keyOf(name), record.get().version());
            }
        } catch (StaleRecordException anotherNode) {
            log.debug("{}: another node has stored its pause meanwhile", name);
        } catch (IOException | RuntimeException failure) {
            log.warn("{}: its past failures cannot be forgotten ({}). Check the storage.", name, failure.getMessage());
        }
    }

    private Failing next(Optional<Failing> before, String error, Duration atLeast, Optional<String> rehearse) {
        int failures = before.map(Failing::failures).orElse(0) + 1;
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration pause = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        Duration jittered = Duration.ofMillis((long) (pause.toMillis() * random.nextDouble(0.8, 1.2)));
        Duration chosen = jittered.compareTo(atLeast) < 0 ? atLeast : jittered;
        return new Failing(failures, clock.instant().plus(chosen), FailingText.oneLine(error), rehearse);
    }

    private boolean isKept(Failing failing) {
        return clock.instant().isBefore(failing.nextTry().plus(KEPT));
    }

    private Failing keepInMemory(SubjectName name, Failing failing, Exception failure) {
        log.warn(
                "{}: its pause is kept in memory only ({}); a restart would try again at once. Check the storage.",
                name,
                failure.getMessage());
        return failing;
    }

    private Optional<StoredRecord> readOrLog(SubjectName name) {
        try {
            return storage.read(keyOf(name));
        } catch (IOException | RuntimeException failure) {
            log.warn("{}: its past failures cannot be read ({}). Check the storage.", name, failure.getMessage());
            return Optional.empty();
        }
    }

    private static RecordKey keyOf(SubjectName name) {
        return RecordKey.state("failing " + name.value());
    }
}
