package dev.gatehouse.acme.internal.ondemand;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Names that are refused for now, so that strangers and failing names cost nothing: no thread, no question, no order.
 * Bounded, since names are invented by clients.
 */
public final class Refusals {

    private static final int MAX_NAMES = 10_000;

    /** For how long at most a failure holds without a look into storage: another node may have had more luck. */
    private static final Duration LONGEST_WITHOUT_LOOKING = Duration.ofMinutes(1);

    /** How long a refusal can still be read by people after it has ended. */
    private static final Duration REMEMBERED = Duration.ofHours(6);

    private final InstantSource clock;
    private final Cache<SubjectName, Known> known;

    Refusals(InstantSource clock) {
        this.clock = clock;
        this.known = Caffeine.newBuilder()
                .maximumSize(MAX_NAMES)
                .expireAfterWrite(REMEMBERED)
                .ticker(() -> clock.millis() * 1_000_000)
                .executor(Runnable::run)
                .build();
    }

    /** A refusal, with when somebody last asked for its name. */
    static final class Known {

        private final Refusal refusal;
        private final Instant holdsUntil;
        private volatile Instant lastAsked;

        private Known(Refusal refusal, Instant holdsUntil, Instant lastAsked) {
            this.refusal = refusal;
            this.holdsUntil = holdsUntil;
            this.lastAsked = lastAsked;
        }

        Refusal refusal() {
            return refusal;
        }

        Instant lastAsked() {
            return lastAsked;
        }
    }

    /** The refusal that holds for a name now; that it was asked for is noted. */
    Optional<Refusal> holding(SubjectName name) {
        Known entry = known.getIfPresent(name);
        Instant now = clock.instant();
        if (entry == null || !now.isBefore(entry.holdsUntil)) {
            return Optional.empty();
        }
        entry.lastAsked = now;
        return Optional.of(entry.refusal);
    }

    /** The last refusal of a name, though it may not hold any more. */
    Optional<Known> last(SubjectName name) {
        return Optional.ofNullable(known.getIfPresent(name));
    }

    /** With whether a visitor has asked; else it was tried again by itself. */
    void put(SubjectName name, Refusal refusal, boolean hasVisitor) {
        Instant now = clock.instant();
        Instant looksAgain = now.plus(LONGEST_WITHOUT_LOOKING);
        boolean looksEarlier = refusal.isRetried() && looksAgain.isBefore(refusal.until());
        Instant lastAsked = hasVisitor ? now : last(name).map(Known::lastAsked).orElse(now);
        known.put(name, new Known(refusal, looksEarlier ? looksAgain : refusal.until(), lastAsked));
    }

    void forget(SubjectName name) {
        known.invalidate(name);
    }

    Map<SubjectName, Known> all() {
        return known.asMap();
    }
}
