package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.budget.RateLimitNotice.Scope;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pauses that one certificate authority has asked for, each for what it concerns: the account, a registrable domain,
 * an exact set of names, a name. Kept in storage for all nodes, in one bounded record. Its methods may block.
 */
public final class CaPauses {

    private static final Logger log = LoggerFactory.getLogger(CaPauses.class);

    /** For how long this node relies on what it has read, although another may have written. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private static final Duration LONGEST_UNAVAILABLE = Duration.ofHours(1);
    private static final int MAX_WRITE_TRIES = 5;

    private final String ca;
    private final RecordKey key;
    private final CertificateStorage storage;
    private final InstantSource clock;

    /** Replaced as a whole, under this object's lock; storage is read and written without the lock. */
    private Known known = new Known(List.of(), Instant.MIN);

    private record Known(List<Pause> pauses, Instant readAt) {}

    /** With the identity of the authority and account under which pauses are stored. */
    public CaPauses(String ca, CertificateStorage storage, InstantSource clock) {
        this.ca = ca;
        this.key = RecordKey.state("pauses of " + ca);
        this.storage = storage;
        this.clock = clock;
    }

    /** The longest pause that concerns an order for these names. */
    public Optional<LimitRefusal> pausing(Set<? extends SubjectName> names) {
        return longest(pause -> pause.concerns(names));
    }

    /** The pause that concerns the making of an account. */
    public Optional<LimitRefusal> pausingNewAccounts() {
        return longest(pause -> pause.scope() == Scope.NEW_ACCOUNTS || pause.scope() == Scope.ACCOUNT);
    }

    /**
     * The authority has answered {@code rateLimited}.
     *
     * @param names the names of the order
     * @param detail the {@code detail} of its problem document, from which the scope is read
     * @param retryAfter its {@code Retry-After}, if any
     * @return the pause, with what it concerns
     */
    public LimitRefusal rateLimited(Set<? extends SubjectName> names, String detail, Optional<Instant> retryAfter) {
        List<Pause> pauses = Pause.of(names, detail, retryAfter, clock.instant());
        pauses.forEach(pause -> log.warn(
                "{}: the certificate authority asks for a pause of the {} until {}: {}",
                ca,
                pause.described(),
                pause.until(),
                pause.reason()));
        store(pauses);
        return refusal(pauses.get(0));
    }

    /** The authority has asked, with a status of 5xx and a {@code Retry-After}, to be left alone by everyone. */
    public LimitRefusal unavailable(String detail, Instant retryAfter) {
        Instant now = clock.instant();
        Instant latest = now.plus(LONGEST_UNAVAILABLE);
        Instant until = retryAfter.isAfter(latest) ? latest : retryAfter.isBefore(now) ? now : retryAfter;
        Pause pause = new Pause(Scope.ACCOUNT, "", until, Pause.oneLine(detail));
        log.warn("{}: the certificate authority asks to be left alone until {}: {}", ca, until, pause.reason());
        store(List.of(pause));
        return refusal(pause);
    }

    private Optional<LimitRefusal> longest(Predicate<Pause> concerned) {
        Instant now = clock.instant();
        return fresh(now).stream()
                .filter(concerned)
                .filter(pause -> now.isBefore(pause.until()))
                .max(Comparator.comparing(Pause::until))
                .map(this::refusal);
    }

    private LimitRefusal refusal(Pause pause) {
        return new LimitRefusal(
                "pause of the " + pause.scope().words(),
                ca + " asks for a pause of the " + pause.described() + ": " + pause.reason(),
                pause.until());
    }

    private List<Pause> fresh(Instant now) {
        Known last = known();
        if (now.isBefore(last.readAt().plus(FRESH)) && !now.isBefore(last.readAt())) {
            return last.pauses();
        }
        try {
            List<Pause> read = storage.read(key).map(PauseText::parse).orElse(List.of());
            return know(PauseText.merge(last.pauses(), read, now), now);
        } catch (IOException | RuntimeException failure) {
            log.warn("{}: its pauses cannot be read ({}). Check the storage.", ca, failure.getMessage());
            return know(last.pauses(), now);
        }
    }

    private void store(List<Pause> added) {
        Instant now = clock.instant();
        know(PauseText.merge(known().pauses(), added, now), known().readAt());
        try {
            write(added, now);
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "{}: a pause is kept in memory only ({}); a restart forgets it. Check the storage.",
                    ca,
                    failure.getMessage());
        }
    }

    private void write(List<Pause> added, Instant now) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<StoredRecord> record = storage.read(key);
            List<Pause> all = PauseText.merge(record.map(PauseText::parse).orElse(List.of()), added, now);
            Instant end = all.stream()
                    .map(Pause::until)
                    .max(Comparator.naturalOrder())
                    .orElse(now);
            try {
                storage.write(
                        key,
                        PauseText.format(all),
                        record.map(StoredRecord::version).orElse(CertificateStorage.ABSENT),
                        WriteTerms.none().expiringAt(end));
                know(all, now);
                return;
            } catch (StaleRecordException anotherNode) {
                if (attempt == MAX_WRITE_TRIES) {
                    throw anotherNode;
                }
            }
        }
    }

    private synchronized Known known() {
        return known;
    }

    private synchronized List<Pause> know(List<Pause> pauses, Instant readAt) {
        known = new Known(pauses, readAt);
        return pauses;
    }
}
