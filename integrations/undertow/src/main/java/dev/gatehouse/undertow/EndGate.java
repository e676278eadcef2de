package dev.gatehouse.undertow;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps short uses of a connection apart from the end of the exchange: after the end the connection belongs to the next
 * exchange, or to no one. Nobody waits here; the end runs when the last user has left, on that user's thread.
 */
final class EndGate {

    /** The sign bit of {@link #state}; the other bits count those inside. */
    private static final int ENDING = Integer.MIN_VALUE;

    private final AtomicInteger state = new AtomicInteger();
    private @Nullable Runnable end;

    /** {@return whether the caller may use the connection until it calls {@link #leave}} */
    boolean enter() {
        int before = state.getAndUpdate(s -> s < 0 ? s : s + 1);
        return before >= 0;
    }

    void leave() {
        if (state.decrementAndGet() == ENDING && end != null) {
            end.run();
        }
    }

    /**
     * Lets nobody in any more and runs the end once all have left.
     *
     * @param end run once
     * @return false if there has been an end before; the given one is dropped then
     */
    boolean endWith(Runnable end) {
        int before = state.getAndUpdate(s -> s < 0 ? s : (s + 1) | ENDING);
        if (before < 0) {
            return false;
        }
        this.end = end;
        leave();
        return true;
    }

    boolean hasEnded() {
        return state.get() < 0;
    }
}
