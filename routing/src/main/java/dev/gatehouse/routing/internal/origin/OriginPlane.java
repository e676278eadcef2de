package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.transport.OriginTransport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Carries exchanges to origins. Each exchange, with its connection, belongs to one loop from its beginning to its end.
 * Safe for use by several threads.
 */
public final class OriginPlane implements AutoCloseable {

    private final EventLoops loops;
    private final OriginTransports transports;
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
     * @param transports what carries to targets whose version of HTTP is not spoken here; closed with the plane
     * @param ticker the clock, in nanoseconds like {@link System#nanoTime}
     */
    public OriginPlane(
            EventLoops loops,
            int maxIdlePerTarget,
            Duration idleTimeout,
            OriginTransports transports,
            LongSupplier ticker) {
        this.loops = loops;
        this.transports = transports;
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
            OriginTransport transport = transports.to(target);
            return exchange -> carry(exchange, origin -> new StreamCall(origin, exchange, target, transport));
        }
        if (target.tls() != null || target.socketPath() != null) {
            throw new IllegalArgumentException("target " + target + ": cannot be reached yet (write host:port)");
        }
        return exchange -> carry(exchange, origin -> new OriginCall(origin, exchange, target));
    }

    private void carry(RoutedExchange exchange, Function<OriginLoop, TargetCall> made) {
        EventLoop loop = loops.choose(exchange.hostLoop());
        OriginLoop origin = origins.computeIfAbsent(
                loop, added -> new OriginLoop(added, new ConnectionPool(added, maxIdle, idleTimeout), addresses));
        if (closed) {
            unavailable(exchange);
            return;
        }
        TargetCall call = made.apply(origin);
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

    private static void guardedBegin(TargetCall call) {
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
        transports.close();
    }
}
