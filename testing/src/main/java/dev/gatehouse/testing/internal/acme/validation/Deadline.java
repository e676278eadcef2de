package dev.gatehouse.testing.internal.acme.validation;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The moment by which a whole exchange has to be over, however slowly its single bytes arrive. */
final class Deadline {
    private final Duration allowed;
    private final long end;

    private Deadline(Duration allowed) {
        this.allowed = allowed;
        this.end = System.nanoTime() + allowed.toNanos();
    }

    static Deadline in(Duration allowed) {
        return new Deadline(allowed);
    }

    /**
     * Tells the time-out for the next step.
     *
     * @return at least one millisecond
     * @throws SocketTimeoutException when the time is over
     */
    int remainingMillis() throws SocketTimeoutException {
        long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (millis < 1) {
            throw new SocketTimeoutException("no complete answer within " + allowed.toMillis() + " ms");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
