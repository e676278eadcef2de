package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.Timer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one loop. The one used last is used next, so that those in excess grow old and are closed.
 * Belongs to the thread of the loop.
 */
final class ConnectionPool {

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final int maxIdlePerTarget;
    private final long idleTimeoutNanos;
    private final Map<Target, ArrayDeque<Http1Connection>> idle = new HashMap<>();
    private final ByteBuffer scratch = ByteBuffer.allocate(1);
    private final Timer sweep = new Timer(this::sweep);
    private boolean closed;

    ConnectionPool(EventLoop loop, int maxIdlePerTarget, Duration idleTimeout) {
        this.loop = loop;
        this.maxIdlePerTarget = maxIdlePerTarget;
        this.idleTimeoutNanos = idleTimeout.toNanos();
    }

    /**
     * Takes an idle connection.
     *
     * @param verified whether to look first if the origin has closed it, which costs a system call; for requests that
     *     cannot be sent twice
     * @return a connection, or null if there is none
     */
    @Nullable
    Http1Connection take(Target target, Http1Connection.User user, boolean verified) {
        ArrayDeque<Http1Connection> connections = idle.get(target);
        if (connections == null) {
            return null;
        }
        for (Http1Connection next = connections.pollLast(); next != null; next = connections.pollLast()) {
            if (next.isOpen() && (!verified || next.isUsable(scratch.clear()))) {
                next.take(user);
                return next;
            }
            next.close();
        }
        return null;
    }

    /** How many connections to a target are kept. */
    int idle(Target target) {
        ArrayDeque<Http1Connection> connections = idle.get(target);
        return connections == null
                ? 0
                : (int) connections.stream().filter(Http1Connection::isOpen).count();
    }

    /** Takes back a connection whose exchange is over in both directions. */
    void giveBack(Http1Connection connection) {
        if (closed) {
            connection.close();
            return;
        }
        connection.becomeIdle(loop.now());
        if (giveToWaiting(connection)) {
            return;
        }
        ArrayDeque<Http1Connection> connections =
                idle.computeIfAbsent(connection.target(), target -> new ArrayDeque<>());
        if (connections.size() >= maxIdlePerTarget) {
            connections.removeFirst().close();
        }
        connections.addLast(connection);
        if (!sweep.isArmed()) {
            loop.arm(sweep, loop.now() + SWEEP_NANOS);
        }
    }

    /** Closes all of them, and whatever is given back from now on. */
    void close() {
        closed = true;
        loop.disarm(sweep);
        idle.values().forEach(connections -> connections.forEach(Http1Connection::close));
        idle.clear();
    }

    /** Those who wait for a connection are not here only, and the idle ones of each loop are out of reach of the others. */
    void giveIdleToWaiting() {
        idle.values().forEach(connections -> {
            for (Http1Connection next = connections.peekFirst();
                    next != null && giveToWaiting(next);
                    next = connections.peekFirst()) {
                connections.removeFirst();
            }
        });
    }

    /** True if the connection is no longer to be kept. */
    private boolean giveToWaiting(Http1Connection connection) {
        ConnectionBound bound = connection.bound();
        if (bound == null || !bound.isAwaited()) {
            return false;
        }
        ConnectionBound.Waiter next = bound.nextOf(loop);
        if (next != null) {
            next.mayUse(connection);
            return true;
        }
        boolean othersWait = bound.isAwaited();
        if (othersWait) {
            connection.close();
        }
        return othersWait;
    }

    private void sweep() {
        long now = loop.now();
        idle.values().removeIf(connections -> {
            connections.removeIf(connection -> closeIfOld(connection, now));
            return connections.isEmpty();
        });
        if (!idle.isEmpty()) {
            loop.arm(sweep, now + SWEEP_NANOS);
        }
    }

    private boolean closeIfOld(Http1Connection connection, long now) {
        if (connection.isOpen() && now - connection.idleSince() < idleTimeoutNanos) {
            return false;
        }
        connection.close();
        return true;
    }
}
