package dev.gatehouse.http2;

import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.transport.OriginRequest;
import dev.gatehouse.routing.transport.OriginStream;
import dev.gatehouse.routing.transport.OriginTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.jspecify.annotations.Nullable;

/**
 * Carries exchanges to targets in HTTP/2. Made for one router, which closes it; safe for use by several threads.
 *
 * <p>Memory is bounded: a stream holds at most 256 KiB of a response that its client does not take.
 */
public final class Http2Transport implements OriginTransport {

    private final Limits limits;
    private final HTTP2Client client;

    /** One for each target in use. */
    private final Map<Target, TargetConnections> targets = new ConcurrentHashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    private Http2Transport(Limits limits) {
        this.limits = limits;
        client = Http2Client.start(limits);
    }

    /** {@return a builder with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public OriginProtocol protocol() {
        return OriginProtocol.HTTP_2;
    }

    @Override
    public OriginStream open(
            Target target, List<InetSocketAddress> addresses, OriginRequest request, OriginStream.Listener listener) {
        Http2Stream stream = new Http2Stream(target, List.copyOf(addresses), request, listener);
        boolean[] queued = new boolean[1];
        TargetConnections connections = targets.compute(target, (same, known) -> {
            TargetConnections chosen =
                    known != null ? known : new TargetConnections(target, client, limits, () -> unused(target));
            queued[0] = !closed.get() && chosen.enqueue(stream);
            return chosen;
        });
        if (queued[0]) {
            connections.dispatch();
        } else {
            stream.fail(closed.get() ? Failures.transportClosed() : Failures.busy(limits.maxQueuedPerTarget()));
        }
        return stream;
    }

    private void unused(Target target) {
        targets.computeIfPresent(target, (same, connections) -> connections.isUnused() ? null : connections);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            targets.values().forEach(TargetConnections::close);
            Http2Client.stop(client);
        }
    }

    /** Collects the settings of a transport. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable Integer maxConnectionsPerTarget;
        private @Nullable Integer maxStreamsPerConnection;
        private @Nullable Integer maxQueuedPerTarget;
        private @Nullable Duration idleConnectionTimeout;
        private @Nullable Duration pingAfter;
        private @Nullable Duration pingTimeout;

        private Builder() {}

        /**
         * Limits the connections to one target. A further one is opened when all others are used to their limit.
         *
         * @param connections 1 or more; 8 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxConnectionsPerTarget(int connections) {
            maxConnectionsPerTarget = atLeastOne("maxConnectionsPerTarget", maxConnectionsPerTarget, connections);
            return this;
        }

        /**
         * Limits the exchanges at a time on one connection. The limit of the target counts if it is lower.
         *
         * @param streams 1 or more; 100 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxStreamsPerConnection(int streams) {
            maxStreamsPerConnection = atLeastOne("maxStreamsPerConnection", maxStreamsPerConnection, streams);
            return this;
        }

        /**
         * Limits the exchanges that wait for a connection to one target, or for their turn on one. Beyond it the client
         * gets 503 at once. The wait itself is limited by the connect time-out of the service.
         *
         * @param exchanges 1 or more; 1,000 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxQueuedPerTarget(int exchanges) {
            maxQueuedPerTarget = atLeastOne("maxQueuedPerTarget", maxQueuedPerTarget, exchanges);
            return this;
        }

        /**
         * Sets how long a connection is kept open without an exchange. It may be kept up to twice as long.
         *
         * @param timeout more than zero; 30 seconds if not set
         * @return this builder
         * @throws IllegalArgumentException if not positive
         * @throws IllegalStateException if set before
         */
        public Builder idleConnectionTimeout(Duration timeout) {
            idleConnectionTimeout = positive("idleConnectionTimeout", idleConnectionTimeout, timeout);
            return this;
        }

        /**
         * Sets when a connection with exchanges under way, from which nothing comes, is checked by a ping. A connection is
         * also checked when a target has not answered a request in time. In a silence that goes on, further pings follow at
         * the distance that servers of gRPC allow.
         *
         * @param silence how long nothing has come; more than zero; 30 seconds if not set
         * @param timeout how long the answer may take; more than zero; 10 seconds if not set. After that the connection is
         *     closed and its exchanges fail
         * @return this builder
         * @throws IllegalArgumentException if one is not positive
         * @throws IllegalStateException if set before
         */
        public Builder ping(Duration silence, Duration timeout) {
            pingAfter = positive("ping silence", pingAfter, silence);
            pingTimeout = positive("ping timeout", pingTimeout, timeout);
            return this;
        }

        private static int atLeastOne(String setting, @Nullable Integer before, int value) {
            refuseTwice(setting, before, value);
            if (value < 1) {
                throw new IllegalArgumentException(setting + ": " + value + " (expected: 1 or more)");
            }
            return value;
        }

        private static Duration positive(String setting, @Nullable Duration before, Duration value) {
            refuseTwice(setting, before, value);
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(setting + ": " + value + " (expected: more than zero)");
            }
            return value;
        }

        private static void refuseTwice(String setting, @Nullable Object before, Object value) {
            if (before != null) {
                throw new IllegalStateException(
                        setting + ": set twice, to " + before + " and to " + value + " (set it once)");
            }
        }

        /**
         * Makes the transport and starts its threads.
         *
         * @return the transport
         */
        public Http2Transport build() {
            return new Http2Transport(new Limits(
                    Objects.requireNonNullElse(maxConnectionsPerTarget, 8),
                    Objects.requireNonNullElse(maxStreamsPerConnection, 100),
                    Objects.requireNonNullElse(maxQueuedPerTarget, 1000),
                    Objects.requireNonNullElse(idleConnectionTimeout, Duration.ofSeconds(30)),
                    Objects.requireNonNullElse(pingAfter, Duration.ofSeconds(30)),
                    Objects.requireNonNullElse(pingTimeout, Duration.ofSeconds(10))));
        }
    }
}
