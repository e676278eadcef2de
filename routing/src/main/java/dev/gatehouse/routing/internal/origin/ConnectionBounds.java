package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * The bounds of all targets. One lives as long as somebody uses it, so that targets which are no longer served leave
 * nothing behind. Safe for use by several threads.
 */
final class ConnectionBounds {

    private final int maxConnections;
    private final int maxWaiting;
    private final Map<Target, WeakReference<ConnectionBound>> bounds = new HashMap<>();

    ConnectionBounds(int maxConnections, int maxWaiting) {
        this.maxConnections = maxConnections;
        this.maxWaiting = maxWaiting;
    }

    synchronized ConnectionBound of(Target target) {
        bounds.values().removeIf(bound -> bound.get() == null);
        WeakReference<ConnectionBound> known = bounds.get(target);
        ConnectionBound bound = known == null ? null : known.get();
        if (bound == null) {
            bound = new ConnectionBound(maxConnections, maxWaiting);
            bounds.put(target, new WeakReference<>(bound));
        }
        return bound;
    }
}
