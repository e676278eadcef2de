package dev.gatehouse.acme.internal.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Lets a cache expire by the manager's clock. */
public final class ClockTicker {

    private ClockTicker() {}

    public static Ticker of(InstantSource clock) {
        Instant origin = clock.instant();
        return () -> Duration.between(origin, clock.instant()).toNanos();
    }
}
