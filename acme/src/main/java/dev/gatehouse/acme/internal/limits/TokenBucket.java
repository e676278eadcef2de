package dev.gatehouse.acme.internal.limits;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Lets a number of things begin at once, and as many again in the course of each interval. */
public final class TokenBucket {

    private final int burst;
    private final Duration interval;
    private final InstantSource clock;

    private double tokens;
    private Instant filled;

    public TokenBucket(int burst, Duration interval, InstantSource clock) {
        this.burst = burst;
        this.interval = interval;
        this.clock = clock;
        this.tokens = burst;
        this.filled = clock.instant();
    }

    /** Takes a token, or tells from when on there will be one. */
    public synchronized Optional<Instant> takeOrNext() {
        Instant now = clock.instant();
        refill(now);
        if (tokens >= 1) {
            tokens -= 1;
            return Optional.empty();
        }
        return Optional.of(now.plusNanos((long) Math.ceil((1 - tokens) * interval.toNanos() / burst)));
    }

    /** Puts a token back that was taken for nothing. */
    public synchronized void giveBack() {
        tokens = Math.min(burst, tokens + 1);
    }

    /** A clock that is set back gives nothing and takes nothing. */
    private void refill(Instant now) {
        if (now.isAfter(filled)) {
            double elapsed = Duration.between(filled, now).toNanos();
            tokens = Math.min(burst, tokens + elapsed * burst / interval.toNanos());
        }
        filled = now;
    }

    @Override
    public String toString() {
        return burst + " per " + TimeText.of(interval);
    }
}
