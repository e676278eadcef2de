package dev.gatehouse.testing.internal.dns;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/** The zones as they are now, and as they were before their last changes. Thread safe. */
public final class ZoneHistory {
    /** How many changes back it remembers. */
    public static final int LONGEST = 100;

    private final Deque<Zones> earlier = new ArrayDeque<>();
    private Zones current = Zones.NONE;

    /**
     * Makes a change, for which serial numbers go up by one.
     *
     * @param change from zones to zones; when it throws, nothing has changed
     */
    public synchronized void change(UnaryOperator<Zones> change) {
        Zones changed = change.apply(current).after(current);
        earlier.addFirst(current);
        if (earlier.size() > LONGEST) {
            earlier.removeLast();
        }
        current = changed;
    }

    /** Lets the zones as they are now be the first ones. */
    public synchronized void forgetEarlier() {
        earlier.clear();
    }

    /** {@return the zones as they are now} */
    public synchronized Zones current() {
        return current;
    }

    /** {@return the zones as they were so many changes ago, or as long ago as is remembered} */
    public synchronized Zones before(int changes) {
        if (changes == 0 || earlier.isEmpty()) {
            return current;
        }
        return earlier.stream()
                .skip(Math.min(changes, earlier.size()) - 1L)
                .findFirst()
                .orElse(current);
    }
}
