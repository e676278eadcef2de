package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.EventLoops;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Carries exchanges to origins. Each exchange, with its connection, belongs to one loop from its beginning to its end.
 * Safe for use by several threads.
 */
public final class OriginPlane implements AutoCloseable {

    private final EventLoops loops;
    private final TargetAddresses addresses;
    private final int maxIdle;
    private final Duration idleTimeout;

    /** One for each loop that has been used; a host has few, and they live as long as it. */
    private final Map<EventLoop, OriginLoop> origins = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * Makes the plane on running loops.
     *
     * @param loops the loops, which the plane does not close
     * @param maxIdlePerTarget how many idle connections a target may have, all loops together
     * @param idleTimeout after how long an idle connection is closed
     * @param ticker the clock, in nanoseconds like {@link System#nanoTime}
     */
    public OriginPlane(EventLoops loops, int maxIdlePerTarget, Duration idleTimeout, LongSupplier ticker) {
        this.loops = loops;
        addresses = new TargetAddresses(InetAddress::getAllByName, ticker);
        maxIdle = Math.max(1, maxIdlePerTarget / loops.all().size());
        this.idleTimeout = idleTimeout;
    }

    /**
     * Makes what carries exchanges to a target.
     *
     * @param target the target
     * @return a stage that never blocks
     * @throws IllegalArgumentException if the target is one to which no exchange can be carried
     */
    public Stage to(Target target) {
        if (target.protocol() == OriginProtocol.HTTP_2) {
            throw new IllegalArgumentException(
                    "target " + target + ": HTTP/2 to targets is not there (write http:// or https://)");
        }
        if (target.tls() != null || target.socketPath() != null) {
            throw new IllegalArgumentException("target " + target + ": cannot be reached yet (write host:port)");
        }
        return exchange -> carry(exchange, target);
    }

    private void carry(RoutedExchange exchange, Target target) {
        EventLoop loop = loops.choose(exchange.hostLoop());
        OriginLoop origin = origins.computeIfAbsent(
                loop, added -> new OriginLoop(added, new ConnectionPool(added, maxIdle, idleTimeout), addresses));
        if (closed) {
            unavailable(exchange);
            return;
        }
        OriginCall call = new OriginCall(origin, exchange, target);
        if (loop.isInside()) {
            guardedBegin(call);
        } else {
            try {
                loop.execute(() -> guardedBegin(call));
            } catch (RejectedExecutionException closed) {
                unavailable(exchange);
            }
        }
    }

    private static void guardedBegin(OriginCall call) {
        try {
            call.begin();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
            call.failedUnexpectedly(mistake);
        }
    }

    private static void unavailable(HttpExchange exchange) {
        Answer.send(exchange, 503, "The router was closed.");
    }

    /** Aborts the exchanges that are under way. */
    @Override
    public void close() {
        closed = true;
        addresses.close();
        origins.forEach((loop, origin) -> {
            try {
                loop.execute(origin::close);
            } catch (RejectedExecutionException closedBefore) {
                // its exchanges were aborted then
            }
        });
    }
}
