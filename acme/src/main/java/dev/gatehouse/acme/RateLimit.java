package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.limits.TimeText;
import java.time.Duration;

/**
 * So many of something per time. What is used comes back evenly: of 50 per 7 days, one every 3 hours and 21 minutes.
 * Immutable.
 *
 * @param count how many at once, at least 1
 * @param interval the time in which that many become available again, more than zero
 */
public record RateLimit(int count, Duration interval) {

    /**
     * Checks the values.
     *
     * @param count how many at once, at least 1
     * @param interval the time in which that many become available again, more than zero
     * @throws IllegalArgumentException if a value is out of its range
     */
    public RateLimit {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " (expected: at least 1)");
        }
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: more than zero)");
        }
    }

    /**
     * So many per time.
     *
     * @param count how many at once, at least 1
     * @param interval the time in which that many become available again, more than zero
     * @return the limit
     * @throws IllegalArgumentException if a value is out of its range
     */
    public static RateLimit of(int count, Duration interval) {
        return new RateLimit(count, interval);
    }

    /** {@return the time in which one comes back} */
    public Duration refill() {
        return interval.dividedBy(count);
    }

    /** {@return the limit in words, such as {@code 50 per 7 d}} */
    @Override
    public String toString() {
        return count + " per " + TimeText.of(interval);
    }
}
