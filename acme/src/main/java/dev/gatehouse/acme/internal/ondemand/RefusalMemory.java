package dev.gatehouse.acme.internal.ondemand;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Names that are refused for now, so that strangers and failing names cost nothing: no thread, no question, no order.
 * Bounded, since names are invented by clients.
 */
final class RefusalMemory {

    private static final int MAX_NAMES = 10_000;
    private static final Duration FIRST_DELAY = Duration.ofMinutes(1);
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);

    /** How long failures are remembered after their delay, so that the next one waits longer. */
    private static final Duration FAILURE_MEMORY = Duration.ofHours(6);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Cache<ServerName, Refusal> refusals;

    private record Refusal(Instant until, int failures) {}

    RefusalMemory(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
        this.refusals = Caffeine.newBuilder()
                .maximumSize(MAX_NAMES)
                .expireAfterWrite(FAILURE_MEMORY)
                .ticker(ClockTicker.of(clock))
                .executor(Runnable::run)
                .build();
    }

    /** Until when a name is refused, if it is. */
    Optional<Instant> refusedUntil(ServerName name) {
        return Optional.ofNullable(refusals.getIfPresent(name))
                .map(Refusal::until)
                .filter(until -> clock.instant().isBefore(until));
    }

    Instant refuseFor(ServerName name, Duration delay) {
        return refuseUntil(name, clock.instant().plus(delay));
    }

    Instant refuseUntil(ServerName name, Instant until) {
        refusals.put(name, new Refusal(until, failuresOf(name)));
        return until;
    }

    /** Each failure in a row waits twice as long as the one before, give or take a fifth. */
    Instant backOff(ServerName name, Duration atLeast) {
        int failures = failuresOf(name) + 1;
        Duration doubled = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration delay = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
        Duration jittered = Duration.ofMillis((long) (delay.toMillis() * random.nextDouble(0.8, 1.2)));
        Instant until = clock.instant().plus(jittered.compareTo(atLeast) < 0 ? atLeast : jittered);
        refusals.put(name, new Refusal(until, failures));
        return until;
    }

    void forget(ServerName name) {
        refusals.invalidate(name);
    }

    private int failuresOf(ServerName name) {
        Refusal refusal = refusals.getIfPresent(name);
        return refusal == null ? 0 : refusal.failures;
    }
}
