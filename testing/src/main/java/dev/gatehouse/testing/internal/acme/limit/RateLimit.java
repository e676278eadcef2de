package dev.gatehouse.testing.internal.acme.limit;

import java.time.Duration;

/**
 * So many in so much time.
 *
 * @param count how many at once, 1 or more
 * @param period in what time as many are free again, one after the other
 */
public record RateLimit(int count, Duration period) {

    /** Refuses what limits nothing. */
    public RateLimit {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
        }
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("period: " + period + " (expected: > 0)");
        }
    }

    Duration each() {
        return period.dividedBy(count);
    }

    /** {@return the period as Go writes it, and thus as Let's Encrypt does: {@code 168h0m0s}} */
    String goPeriod() {
        return period.toHours() + "h" + period.toMinutesPart() + "m" + period.toSecondsPart() + "s";
    }
}
