package dev.gatehouse.acme.internal.limits;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that goes on when the clock is set back. Not safe for use by several threads. */
final class SteadyTime {

    private final InstantSource clock;
    private Instant last;
    private Duration elapsed = Duration.ZERO;

    SteadyTime(InstantSource clock) {
        this.clock = clock;
        this.last = clock.instant();
    }

    Duration elapsed() {
        Instant now = clock.instant();
        if (now.isAfter(last)) {
            elapsed = elapsed.plus(Duration.between(last, now));
        }
        last = now;
        return elapsed;
    }

    /** What the clock will show at a moment of this time. */
    Instant instantOf(Duration moment) {
        return last.plus(moment.minus(elapsed));
    }
}
