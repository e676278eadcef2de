package dev.gatehouse.testing.internal.acme.record;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets tests wait for what they look for: it is looked for again whenever something happened. Thread safe.
 */
public final class Happenings {
    /** Time passes without anything happening, and can make an order invalid. */
    private static final long LOOK_AGAIN_MILLIS = 50;

    private long count;

    /** Says that something happened. */
    public synchronized void happened() {
        count++;
        notifyAll();
    }

    /**
     * Waits until something is there.
     *
     * @param look looks for it; called on this thread, without a lock
     * @param timeout for how long
     * @return what was found, empty when the time is over
     * @throws InterruptedException if the thread is interrupted
     */
    public <T> Optional<T> await(Supplier<Optional<T>> look, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen = count();
            Optional<T> found = look.get();
            if (found.isPresent() || !awaitMore(seen, deadline)) {
                return found;
            }
        }
    }

    private synchronized long count() {
        return count;
    }

    private synchronized boolean awaitMore(long seen, long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        if (count == seen) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS)));
        }
        return true;
    }
}
