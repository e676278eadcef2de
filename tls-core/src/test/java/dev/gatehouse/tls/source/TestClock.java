package dev.gatehouse.tls.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that is moved by hand. */
final class TestClock implements InstantSource {

    private volatile Instant now;

    TestClock(Instant now) {
        this.now = now;
    }

    /** An hour from now: everything is valid, and no file is young. */
    static TestClock inAnHour() {
        return new TestClock(Instant.now().plus(Duration.ofHours(1)));
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
