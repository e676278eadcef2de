package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.internal.http1.RequestEncoder;
import dev.gatehouse.routing.internal.loop.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the calls of one loop share. Belongs to the thread of the loop. */
final class OriginLoop {

    private final EventLoop loop;
    private final ConnectionPool pool;
    private final TargetAddresses addresses;
    private final RequestEncoder encoder = new RequestEncoder();
    private final Set<TargetCall> calls = new HashSet<>();
    private boolean closed;

    OriginLoop(EventLoop loop, ConnectionPool pool, TargetAddresses addresses) {
        this.loop = loop;
        this.pool = pool;
        this.addresses = addresses;
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

    RequestEncoder encoder() {
        return encoder;
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
        List.copyOf(calls).forEach(TargetCall::routerCloses);
        pool.close();
    }

    boolean isClosed() {
        return closed;
    }
}
