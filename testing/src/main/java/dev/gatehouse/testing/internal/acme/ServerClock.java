package dev.gatehouse.testing.internal.acme;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that can be put forward and back while another one drives it. Thread safe. */
public final class ServerClock implements InstantSource {
    private final InstantSource driver;
    private Duration ahead = Duration.ZERO;

    /**
     * Starts in step with the other clock.
     *
     * @param driver the other clock
     */
    public ServerClock(InstantSource driver) {
        this.driver = driver;
    }

    @Override
    public Instant instant() {
        return driver.instant().plus(ahead());
    }

    /** Puts the clock forward, or back when the time is negative. */
    public synchronized void move(Duration by) {
        ahead = ahead.plus(by);
    }

    private synchronized Duration ahead() {
        return ahead;
    }
}
