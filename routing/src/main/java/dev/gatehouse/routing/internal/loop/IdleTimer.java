package dev.gatehouse.routing.internal.loop;

import java.time.Duration;

/**
 * Acts when nothing has happened for a while. Noting that something has happened costs a look at the clock: the timer
 * finds out when it fires, and goes on for the rest. Belongs to the thread of its loop.
 */
public final class IdleTimer {

    private final EventLoop loop;
    private final long limitNanos;
    private final Runnable action;
    private final Timer timer = new Timer(this::look);
    private long deadline;

    /**
     * Makes a timer that does not run.
     *
     * @param loop whose clock and thread it uses
     * @param limit how long; zero for no limit
     * @param action what is done when that time has passed
     */
    public IdleTimer(EventLoop loop, Duration limit, Runnable action) {
        this.loop = loop;
        this.limitNanos = limit.toNanos();
        this.action = action;
    }

    /** Starts the time anew. */
    public void touch() {
        if (limitNanos > 0) {
            deadline = loop.now() + limitNanos;
            if (!timer.isArmed()) {
                loop.arm(timer, deadline);
            }
        }
    }

    /**
     * Starts the time anew, with another limit for this once.
     *
     * @param nanos how long; zero for no limit
     */
    public void touch(long nanos) {
        if (nanos > 0) {
            deadline = loop.now() + nanos;
            loop.arm(timer, deadline);
        }
    }

    /** Stops the time until the next {@link #touch}. */
    public void stop() {
        loop.disarm(timer);
    }

    private void look() {
        if (deadline - loop.now() <= 0) {
            action.run();
        } else {
            loop.arm(timer, deadline);
        }
    }
}
