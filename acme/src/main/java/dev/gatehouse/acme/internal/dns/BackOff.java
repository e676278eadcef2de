package dev.gatehouse.acme.internal.dns;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Pauses that double from attempt to attempt, with jitter. What a provider asks to wait for is the least.
 *
 * @param first the first pause
 * @param longest the longest pause that is not asked for by a provider
 */
record BackOff(Duration first, Duration longest) {

    private static final int MOST_DOUBLINGS = 20;

    /** The pause after a failed attempt; the first one has number 1. */
    Duration after(int attempt, Optional<Duration> wanted, RandomGenerator random) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        Duration usual = doubled.compareTo(longest) > 0 ? longest : doubled;
        Duration pause = wanted.filter(asked -> asked.compareTo(usual) > 0).orElse(usual);
        return pause.plusMillis(random.nextLong(Math.max(1, usual.toMillis() / 5)));
    }
}
