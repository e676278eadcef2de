package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.internal.http1.RequestEncoder;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.tls.TlsTasks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the calls of one loop share. Belongs to the thread of the loop. */
final class OriginLoop {

    private final EventLoop loop;
    private final ConnectionPool pool;
    private final TargetAddresses addresses;
    private final TlsTasks tlsTasks;
    private final RequestEncoder encoder = new RequestEncoder();
    private final Set<TargetCall> calls = new HashSet<>();
    private final WarmConnections warm = new WarmConnections(this);
    private final AtomicBoolean reclaiming = new AtomicBoolean();
    private final Runnable reclaimEverywhere;
    private boolean closed;

    OriginLoop(
            EventLoop loop,
            ConnectionPool pool,
            TargetAddresses addresses,
            TlsTasks tlsTasks,
            Runnable reclaimEverywhere) {
        this.loop = loop;
        this.pool = pool;
        this.addresses = addresses;
        this.tlsTasks = tlsTasks;
        this.reclaimEverywhere = reclaimEverywhere;
    }

    EventLoop loop() {
        return loop;
    }

    ConnectionPool pool() {
        return pool;
    }

    TargetAddresses addresses() {
        return addresses;
    }

    WarmConnections warm() {
        return warm;
    }

    TlsTasks tlsTasks() {
        return tlsTasks;
    }

    RequestEncoder encoder() {
        return encoder;
    }

    /** Somebody waits for a connection, and other loops may have idle ones. */
    void reclaimEverywhere() {
        reclaimEverywhere.run();
    }

    /** Gives idle connections up to those who wait. Called by any thread. */
    void reclaim() {
        if (!reclaiming.getAndSet(true)) {
            loop.execute(() -> {
                reclaiming.set(false);
                pool.giveIdleToWaiting();
            });
        }
    }

    void add(TargetCall call) {
        calls.add(call);
    }

    void remove(TargetCall call) {
        calls.remove(call);
    }

    /** Aborts the calls and closes the idle connections; a loop of the host goes on without them. */
    void close() {
        closed = true;
        warm.keep(Map.of(), 0);
        List.copyOf(calls).forEach(TargetCall::routerCloses);
        pool.close();
    }

    boolean isClosed() {
        return closed;
    }
}
