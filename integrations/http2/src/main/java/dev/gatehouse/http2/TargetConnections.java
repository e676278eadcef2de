package dev.gatehouse.http2;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.transport.OriginFailure;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one target, and the requests that wait for one. A request goes to the first connection with room; a
 * further connection is opened when there is none. Safe for use by several threads; nothing is called with the lock held.
 */
final class TargetConnections implements Http2Connection.Owner {

    private final Target target;
    private final HTTP2Client client;
    private final Limits limits;
    private final Runnable unused;

    private final Deque<Http2Stream> queue = new ArrayDeque<>();
    private final List<Http2Connection> connections = new ArrayList<>();

    /** The attempt under way; one at a time. */
    private @Nullable Attempt attempt;

    /** A stream whose turn it is, with the connection that has room for it. */
    private record Turn(Http2Connection connection, Http2Stream stream) {}

    /**
     * Makes it without a connection.
     *
     * @param unused told when there is neither a connection nor a request
     */
    TargetConnections(Target target, HTTP2Client client, Limits limits, Runnable unused) {
        this.target = target;
        this.client = client;
        this.limits = limits;
        this.unused = unused;
    }

    // Requests

    /** Takes a request, unless too many wait; {@link #dispatch} follows. */
    synchronized boolean enqueue(Http2Stream stream) {
        if (queue.size() >= limits.maxQueuedPerTarget()) {
            return false;
        }
        queue.add(stream);
        stream.isIn(this);
        return true;
    }

    synchronized void remove(Http2Stream stream) {
        queue.remove(stream);
    }

    synchronized boolean hasConnections() {
        return !connections.isEmpty();
    }

    synchronized boolean isUnused() {
        return queue.isEmpty() && connections.isEmpty() && attempt == null;
    }

    /** Gives requests to connections with room, and opens a connection for the others. */
    void dispatch() {
        List<Turn> turns = new ArrayList<>();
        Attempt begun = null;
        synchronized (this) {
            Http2Connection withRoom = queue.isEmpty() ? null : reserve();
            while (withRoom != null) {
                turns.add(new Turn(withRoom, queue.remove()));
                withRoom = queue.isEmpty() ? null : reserve();
            }
            if (!queue.isEmpty() && attempt == null && connections.size() < limits.maxConnectionsPerTarget()) {
                begun = new Attempt(queue.element().addresses().iterator());
                attempt = begun;
            }
        }
        turns.forEach(turn -> turn.connection().open(turn.stream()));
        if (begun != null) {
            begun.connectNext();
        }
    }

    private @Nullable Http2Connection reserve() {
        for (Http2Connection connection : connections) {
            if (connection.reserve()) {
                return connection;
            }
        }
        return null;
    }

    // Connections

    @Override
    public void available(Http2Connection connection) {
        synchronized (this) {
            if (attempt != null && attempt.connection == connection) {
                attempt = null;
                connections.add(connection);
            }
        }
        dispatch();
    }

    @Override
    public void retired(Http2Connection connection, String reason) {
        Attempt failed;
        synchronized (this) {
            failed = attempt != null && attempt.connection == connection ? attempt : null;
            connections.remove(connection);
        }
        if (failed != null) {
            failed.failed(connection, Failures.noHttp2(target, reason));
        } else {
            dispatch();
            unused.run();
        }
    }

    @Override
    public void hasRoom() {
        dispatch();
    }

    void close() {
        List<Http2Stream> waiting;
        List<Http2Connection> open;
        synchronized (this) {
            waiting = List.copyOf(queue);
            queue.clear();
            open = List.copyOf(connections);
            connections.clear();
        }
        waiting.forEach(stream -> stream.fail(Failures.transportClosed()));
        open.forEach(Http2Connection::close);
    }

    /** Opens one connection, trying the addresses of the target in turn. */
    private final class Attempt {

        private final Iterator<InetSocketAddress> addresses;
        private volatile @Nullable Http2Connection connection;

        Attempt(Iterator<InetSocketAddress> addresses) {
            this.addresses = addresses;
        }

        void connectNext() {
            Http2Connection next = new Http2Connection(target, TargetConnections.this, limits, client.getScheduler());
            connection = next;
            Map<String, Object> context = new ConcurrentHashMap<>();
            client.connect(
                    org.eclipse.jetty.io.Transport.TCP_IP,
                    target.tls() == null ? null : new OriginSslContextFactory(target, target.tls()),
                    addresses.next(),
                    next,
                    Promise.from(
                            session -> requireHttp2(next, session, context),
                            failure -> failed(next, Failures.notConnected(target, failure))),
                    context);
        }

        /** A server without ALPN completes the handshake all the same. */
        private void requireHttp2(Http2Connection connected, Session session, Map<String, Object> context) {
            if (target.tls() != null && !"h2".equals(context.get(ClientConnector.APPLICATION_PROTOCOL_CONTEXT_KEY))) {
                failed(connected, Failures.noHttp2(target, "it did not agree to h2 by ALPN"));
                connected.close();
            }
        }

        void failed(Http2Connection failed, OriginFailure failure) {
            List<Http2Stream> given = List.of();
            synchronized (TargetConnections.this) {
                if (attempt != this || connection != failed) {
                    return;
                }
                if (!addresses.hasNext()) {
                    attempt = null;
                    if (connections.isEmpty()) {
                        given = List.copyOf(queue);
                        queue.clear();
                    }
                }
            }
            if (addresses.hasNext()) {
                connectNext();
            } else {
                given.forEach(stream -> stream.fail(failure));
                unused.run();
            }
        }
    }
}
