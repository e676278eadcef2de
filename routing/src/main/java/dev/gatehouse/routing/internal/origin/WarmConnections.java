package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.loop.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps so many connections of one loop to each target open before anybody asks for them. A target that cannot be reached
 * is tried again after longer and longer pauses. Belongs to the thread of the loop.
 */
final class WarmConnections {

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OriginLoop origins;
    private final Timer sweep = new Timer(this::sweep);
    private Map<Target, WarmTarget> targets = Map.of();
    private int minIdle;

    WarmConnections(OriginLoop origins) {
        this.origins = origins;
    }

    /**
     * Says which targets are to be kept warm from now on.
     *
     * @param wanted the targets
     * @param newMinIdle how many connections to each; none are opened if 0
     */
    void keep(Map<Target, ConnectionBound> wanted, int newMinIdle) {
        Map<Target, WarmTarget> before = targets;
        Map<Target, WarmTarget> next = new HashMap<>();
        wanted.forEach((target, bound) -> {
            WarmTarget known = before.get(target);
            next.put(target, known != null ? known : new WarmTarget(origins, target, bound));
        });
        targets = next;
        minIdle = newMinIdle;
        List<WarmTarget> dropped = new ArrayList<>(before.values());
        dropped.removeAll(next.values());
        dropped.forEach(WarmTarget::stop);
        sweep();
    }

    private void sweep() {
        targets.values().forEach(target -> target.fill(minIdle));
        if (minIdle > 0 && !targets.isEmpty()) {
            origins.loop().arm(sweep, origins.loop().now() + SWEEP_NANOS);
        } else {
            origins.loop().disarm(sweep);
        }
    }
}
