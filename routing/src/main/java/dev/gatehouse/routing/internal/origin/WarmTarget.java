package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections of one loop to one target ahead of their use. Belongs to the thread of the loop. */
final class WarmTarget {

    private static final Logger LOG = LoggerFactory.getLogger(WarmTarget.class);
    private static final int MAX_DOUBLINGS = 6;

    private final OriginLoop origins;
    private final Target target;
    private final ConnectionBound bound;
    private final Set<WarmUp> opening = new HashSet<>();
    private boolean stopped;
    private int failures;
    private long notBefore;

    WarmTarget(OriginLoop origins, Target target, ConnectionBound bound) {
        this.origins = origins;
        this.target = target;
        this.bound = bound;
    }

    /** Opens what is missing, unless the target has just failed. */
    void fill(int minIdle) {
        List.copyOf(opening).forEach(WarmUp::endIfLate);
        long now = origins.loop().now();
        if (failures > 0 && notBefore - now > 0) {
            return;
        }
        int missing = minIdle - origins.pool().idle(target) - opening.size();
        int tries = failures > 0 ? Math.min(missing, 1 - opening.size()) : missing;
        for (; tries > 0 && bound.tryEnter(); tries--) {
            WarmUp next = new WarmUp(this, origins, target);
            opening.add(next);
            next.begin();
        }
    }

    void opened(WarmUp one, Http1Connection connection) {
        opening.remove(one);
        failures = 0;
        connection.holdPlace(bound);
        if (stopped) {
            connection.close();
        } else {
            origins.pool().giveBack(connection);
        }
    }

    void failed(WarmUp one, String problem, String remedy) {
        opening.remove(one);
        bound.left();
        long pause = TimeUnit.SECONDS.toNanos(1L << Math.min(failures, MAX_DOUBLINGS));
        notBefore = origins.loop().now() + pause;
        if (failures++ == 0 && !stopped) {
            LOG.warn("{}, so no connection is kept open ahead; tried again from time to time. {}", problem, remedy);
        }
    }

    void stop() {
        stopped = true;
    }
}
