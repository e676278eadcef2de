package dev.gatehouse.routing.internal.loop;

/** Something to be done at a time, on the thread of a loop. Made once and armed as often as needed. */
public final class Timer {

    static final int NOT_ARMED = -1;

    private final Runnable action;
    long deadline;
    int index = NOT_ARMED;

    /**
     * Makes a timer that is not armed.
     *
     * @param action what is done; it may arm the timer again
     */
    public Timer(Runnable action) {
        this.action = action;
    }

    /** {@return whether the timer is going to act} */
    public boolean isArmed() {
        return index != NOT_ARMED;
    }

    void fire() {
        action.run();
    }
}
