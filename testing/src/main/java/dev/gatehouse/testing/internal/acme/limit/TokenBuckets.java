package dev.gatehouse.testing.internal.acme.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One token bucket for each key (the generic cell rate algorithm): it holds as many as the limit counts, and one comes
 * back in each equal part of the period. Buckets that are full again are forgotten. Thread safe.
 */
final class TokenBuckets {
    private static final int FORGET_ABOVE = 10_000;

    private final RateLimit limit;
    /** When each bucket will be full again. */
    private final Map<String, Instant> fullAt = new HashMap<>();

    TokenBuckets(RateLimit limit) {
        this.limit = limit;
    }

    RateLimit limit() {
        return limit;
    }

    /** {@return when the next one is free, null if one is free now} */
    synchronized @Nullable Instant freeAt(String key, Instant now) {
        Instant free = laterOf(fullAt.getOrDefault(key, now), now)
                .plus(limit.each())
                .minus(limit.each().multipliedBy(limit.count()));
        return free.isAfter(now) ? free : null;
    }

    /** Takes one out, also if there is none: the next one is then free so much later. */
    synchronized void take(String key, Instant now) {
        if (fullAt.size() >= FORGET_ABOVE) {
            fullAt.values().removeIf(full -> !full.isAfter(now));
        }
        Duration each = limit.each();
        fullAt.merge(key, now.plus(each), (full, fresh) -> laterOf(full, now).plus(each));
    }

    private static Instant laterOf(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
