package dev.gatehouse.acme.internal.work;

import java.time.Duration;

/** Calls back after a time. The only thing by which time sets work going, so that a test can be the time. */
public interface Alarms {

    /**
     * Calls back once, after a delay.
     *
     * @param call runs on the thread of the alarms: it must be quick and must not block
     * @param delay how long from now; zero or less is as soon as possible
     */
    Alarm after(Duration delay, Runnable call);

    /** A call that may not have happened yet. */
    @FunctionalInterface
    interface Alarm {

        /** Calls it off; does nothing if it has happened. */
        void cancel();
    }
}
