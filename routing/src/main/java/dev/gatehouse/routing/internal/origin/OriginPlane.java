package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.internal.tls.TlsTasks;
import dev.gatehouse.routing.transport.OriginTransport;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries exchanges to origins. Each exchange, with its connection, belongs to one loop from its beginning to its end.
 * Safe for use by several threads.
 */
public final class OriginPlane implements AutoCloseable {

    private final EventLoops loops;
    private final OriginTransports transports;
    private final TargetAddresses addresses;
    private final TlsTasks tlsTasks = new TlsTasks();
    private final ConnectionLimits limits;
    private final ConnectionBounds bounds;

    /** The targets that are kept warm, with their bounds. */
    private volatile Map<Target, ConnectionBound> warmTargets = Map.of();

    /** One for each loop that has been used; a host has few, and they live as long as it. */
    private final Map<EventLoop, OriginLoop> origins = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * Makes the plane on running loops.
     *
     * @param loops the loops, which the plane does not close
     * @param limits how many connections there are
     * @param transports what carries to targets whose version of HTTP is not spoken here; closed with the plane
     * @param ticker the clock, in nanoseconds like {@link System#nanoTime}
     */
    public OriginPlane(EventLoops loops, ConnectionLimits limits, OriginTransports transports, LongSupplier ticker) {
        this.loops = loops;
        this.limits = limits;
        this.transports = transports;
        addresses = new TargetAddresses(InetAddress::getAllByName, ticker);
        bounds = new ConnectionBounds(limits.max(), limits.maxWaiting());
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
            return exchange ->
                    carry(exchange, exchange.hostLoop(), origin -> new StreamCall(origin, exchange, target, transport));
        }
        ConnectionBound bound = bounds.of(target);
        boolean isSocket = target.socketPath() != null;
        return exchange -> carry(
                exchange,
                isSocket ? null : exchange.hostLoop(),
                origin -> new OriginCall(origin, exchange, target, bound));
    }

    /** Loops of a host know no Unix domain sockets. */
    private void carry(RoutedExchange exchange, @Nullable EventLoop hosts, Function<OriginLoop, TargetCall> made) {
        EventLoop loop = loops.choose(hosts);
        OriginLoop origin = on(loop);
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

    private OriginLoop on(EventLoop loop) {
        OriginLoop known = origins.get(loop);
        if (known != null) {
            return known;
        }
        OriginLoop made = origins.computeIfAbsent(loop, this::originLoop);
        if (limits.minIdle() > 0) {
            shareWarmConnections();
        }
        return made;
    }

    private OriginLoop originLoop(EventLoop loop) {
        ConnectionPool pool = new ConnectionPool(
                loop, Math.max(1, limits.maxIdle() / loops.all().size()), limits.idleTimeout());
        return new OriginLoop(loop, pool, addresses, tlsTasks, this::reclaim);
    }

    /**
     * Opens connections to targets ahead of their use, and keeps them up.
     *
     * @param targets all targets that are served now; what is not among them is kept no longer
     */
    public void keepWarm(Collection<Target> targets) {
        if (limits.minIdle() == 0) {
            return;
        }
        Map<Target, ConnectionBound> bound = new HashMap<>();
        targets.stream()
                .filter(target -> target.protocol() == OriginProtocol.HTTP_1_1)
                .forEach(target -> bound.put(target, bounds.of(target)));
        warmTargets = Map.copyOf(bound);
        loops.all().forEach(loop -> origins.computeIfAbsent(loop, this::originLoop));
        shareWarmConnections();
    }

    /** Where a host has loops of its own, the router's have nothing to do, and none are opened for them. */
    private void shareWarmConnections() {
        List<OriginLoop> all = List.copyOf(origins.values());
        List<OriginLoop> hosts = all.stream()
                .filter(origin -> !loops.all().contains(origin.loop()))
                .toList();
        int share = Math.max(1, limits.minIdle() / (hosts.isEmpty() ? all.size() : hosts.size()));
        for (OriginLoop origin : all) {
            int its = hosts.isEmpty() || hosts.contains(origin) ? share : 0;
            try {
                origin.loop().execute(() -> origin.warm().keep(warmTargets, its));
            } catch (RejectedExecutionException closed) {
                // its connections have gone
            }
        }
    }

    private void reclaim() {
        origins.forEach((loop, origin) -> {
            try {
                origin.reclaim();
            } catch (RejectedExecutionException closed) {
                // its connections have gone
            }
        });
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
        tlsTasks.close();
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
