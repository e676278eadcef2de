package dev.gatehouse.routing;

import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.buffer.MemoryBudget;
import dev.gatehouse.routing.internal.buffer.RequestBuffering;
import dev.gatehouse.routing.internal.buffer.ResponseBuffering;
import dev.gatehouse.routing.internal.buffer.SpoolWorkers;
import dev.gatehouse.routing.internal.exchange.RequestRules;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.internal.origin.ConnectionLimits;
import dev.gatehouse.routing.internal.origin.OriginPlane;
import dev.gatehouse.routing.internal.origin.OriginTransports;
import dev.gatehouse.routing.internal.table.RouteTable;
import dev.gatehouse.routing.transport.OriginTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Leads each exchange to the {@link Service} that has its host and path, and has it answered there.
 *
 * <p><b>Hosts.</b> The service with the exact host of the request comes first, then the one with the wildcard for its
 * left-most label, then the one without hosts. Within that the longest path prefix counts. A request without a valid host
 * gets 400, one that no service has gets 404.
 *
 * <p><b>Paths</b> are compared as they were sent, without decoding. Origins and proxies differ in how they read dot
 * segments, doubled or encoded slashes, backslashes and path parameters; a request that one of them could read as a
 * request for another route, or for something above its path prefix, gets 400. All others are passed on untouched.
 *
 * <p><b>Malformed requests</b> get 400 on every host, whatever its parser lets through: with more than one length, with a
 * transfer coding other than {@code chunked}, with fields of the connection in HTTP/2, with several hosts, or with a request
 * line that is none. Heads that are too large get 431, targets that are too long 414. None of these is passed on, each leaves
 * one line in the log, and an HTTP/1 connection is closed after it.
 *
 * <p><b>Changes</b> are complete or refused: {@link #put}, {@link #remove} and {@link #replace} check everything first,
 * then all new requests see the new routes. Requests under way end as they began.
 *
 * <p><b>Threads.</b> All methods may be called by any thread. {@link #handle} does not block. The router has a few daemon
 * threads of its own, named {@code gatehouse-...}, until it is closed.
 */
public final class Router implements HttpHandler, AutoCloseable {

    private final EventLoops loops;
    private final OriginPlane origins;
    private final SpoolWorkers spoolWorkers = new SpoolWorkers();
    private final MemoryBudget bufferMemory;
    private final Entrance entrance;
    private final boolean pathMissFallsThrough;
    private final AtomicReference<Routes> routes;
    private final Object changes = new Object();
    private volatile boolean closed;

    /** All services by name in their order, with what is made of them. */
    private record Routes(Map<String, Service> services, Map<Service, Stage> stages, RouteTable table) {}

    private Router(Builder builder) {
        ConnectionLimits limits = builder.connectionLimits();
        loops = EventLoops.start("gatehouse-origin-", builder.originThreads(), System::nanoTime);
        origins = new OriginPlane(
                loops, limits, new OriginTransports(builder.transports, limits.idleTimeout()), System::nanoTime);
        bufferMemory = new MemoryBudget(builder.bufferMemoryBytes());
        entrance = new Entrance(builder.rules());
        pathMissFallsThrough = builder.pathMissFallsThrough;
        try {
            routes = new AtomicReference<>(compile(builder.services, Map.of()));
            keepWarm();
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /** {@return a builder for a router without services} */
    public static Builder builder() {
        return new Builder();
    }

    // Changes

    /**
     * Adds a service, or replaces the one of the same name.
     *
     * @param service the service
     * @throws RouteConflictException if another service has one of its hosts with one of its path prefixes; nothing is
     *     changed then
     */
    public void put(Service service) {
        Objects.requireNonNull(service, "service");
        change(services -> services.put(service.name(), service));
    }

    /**
     * Removes a service. Requests for it get 404 from then on, unless they fall to another service.
     *
     * @param name its name
     * @return whether there was one
     */
    public boolean remove(String name) {
        Objects.requireNonNull(name, "name");
        return change(services -> services.remove(name)) != null;
    }

    /**
     * Replaces all services at once.
     *
     * @param services the new ones
     * @throws RouteConflictException if two of them have the same name, or the same host with the same path prefix;
     *     nothing is changed then
     */
    public void replace(Collection<Service> services) {
        List<Service> all = List.copyOf(services);
        synchronized (changes) {
            routes.set(compile(all, routes.get().stages()));
            keepWarm();
        }
    }

    private interface Change {
        @Nullable
        Service apply(Map<String, Service> services);
    }

    private @Nullable Service change(Change change) {
        synchronized (changes) {
            Routes before = routes.get();
            Map<String, Service> services = new LinkedHashMap<>(before.services());
            Service previous = change.apply(services);
            routes.set(compile(services.values(), before.stages()));
            keepWarm();
            return previous;
        }
    }

    private void keepWarm() {
        origins.keepWarm(services().stream()
                .map(Service::target)
                .filter(Objects::nonNull)
                .toList());
    }

    /** Services that stay keep what was made of them. */
    private Routes compile(Collection<Service> services, Map<Service, Stage> known) {
        Map<String, Service> byName = new LinkedHashMap<>();
        Map<Service, Stage> stages = new LinkedHashMap<>();
        for (Service service : services) {
            if (byName.putIfAbsent(service.name(), service) != null) {
                throw new RouteConflictException(
                        "services: two are called " + service.name() + " (give each its own name)");
            }
            Stage stage = known.get(service);
            stages.put(service, stage != null ? stage : stageFor(service));
        }
        return new Routes(byName, stages, RouteTable.of(stages, pathMissFallsThrough));
    }

    private Stage stageFor(Service service) {
        Target target = service.target();
        HttpHandler handler = service.handler();
        Stage answer;
        if (target != null) {
            answer = origins.to(target);
        } else {
            answer = Objects.requireNonNull(handler, "a service has a target or a handler")::handle;
        }
        Buffering buffering = service.buffering();
        if (buffering != null && buffering.buffersResponses()) {
            answer = new ResponseBuffering(loops, spoolWorkers, bufferMemory, buffering, answer);
        }
        if (buffering != null && buffering.buffersRequests()) {
            answer = new RequestBuffering(loops, spoolWorkers, bufferMemory, buffering, answer);
        }
        return answer;
    }

    /** {@return the services in the order in which they were added; an unmodifiable snapshot} */
    public List<Service> services() {
        return List.copyOf(routes.get().services().values());
    }

    /**
     * Finds a service.
     *
     * @param name its name
     * @return the service, or null if there is none
     */
    public @Nullable Service service(String name) {
        return routes.get().services().get(name);
    }

    // Requests

    /**
     * Answers an exchange. Called by the host; does not block.
     *
     * @param exchange the request, with the response to be made
     */
    @Override
    public void handle(HttpExchange exchange) {
        if (closed) {
            Answer.send(exchange, 503, "The router was closed.");
            return;
        }
        entrance.handle(exchange, routes.get().table());
    }

    /**
     * Ends the router. Exchanges under way with targets are aborted, new ones get 503; so stop the host first. Does
     * nothing when called again.
     */
    @Override
    public void close() {
        closed = true;
        origins.close();
        loops.close();
        spoolWorkers.close();
    }

    /** Collects the settings of a router. Not safe for use by several threads. */
    public static final class Builder {

        private final List<Service> services = new ArrayList<>();
        private boolean pathMissFallsThrough;
        private final Map<OriginProtocol, OriginTransport> transports = new EnumMap<>(OriginProtocol.class);
        private @Nullable Integer originThreads;
        private @Nullable Integer maxIdleConnections;
        private @Nullable Integer minIdleConnections;
        private @Nullable Integer maxConnections;
        private @Nullable Integer maxWaiting;
        private @Nullable Duration idleConnectionTimeout;
        private @Nullable Long bufferMemoryBytes;
        private @Nullable Integer maxRequestTargetBytes;
        private @Nullable Integer maxRequestFields;
        private @Nullable Integer maxRequestHeadBytes;

        private Builder() {}

        /**
         * Adds a service.
         *
         * @param service the service
         * @return this builder
         */
        public Builder service(Service service) {
            services.add(Objects.requireNonNull(service, "service"));
            return this;
        }

        /**
         * Adds services.
         *
         * @param services the services
         * @return this builder
         */
        public Builder services(Collection<Service> services) {
            services.forEach(this::service);
            return this;
        }

        /**
         * Lets a path that no prefix under an exact host covers fall through to the services of the wildcard, and from
         * there to those for all hosts. Without this such a request gets 404.
         *
         * @return this builder
         */
        public Builder pathMissFallsThrough() {
            pathMissFallsThrough = true;
            return this;
        }

        /**
         * Sets how many threads move bytes between hosts and targets. They never block.
         *
         * @param threads 1 or more; one for every four processors if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder originThreads(int threads) {
            originThreads =
                    Settings.once("originThreads", originThreads, Settings.atLeastOne("originThreads", threads));
            return this;
        }

        /**
         * Sets how many connections to one target are kept open for the next requests.
         *
         * @param connections 1 or more; 100 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxIdleConnectionsPerTarget(int connections) {
            maxIdleConnections = Settings.once(
                    "maxIdleConnectionsPerTarget",
                    maxIdleConnections,
                    Settings.atLeastOne("maxIdleConnectionsPerTarget", connections));
            return this;
        }

        /**
         * Sets how many idle connections to each target are opened ahead, so that requests find them, from the moment on
         * when a service with that target is put. They are spread over the threads, at least one for each. A target that
         * cannot be reached is tried again at growing intervals, up to a minute.
         *
         * @param connections 0 or more, not more than {@link #maxIdleConnectionsPerTarget}; 0 if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder minIdleConnectionsPerTarget(int connections) {
            minIdleConnections = Settings.once("minIdleConnectionsPerTarget", minIdleConnections, (int)
                    Settings.notNegative("minIdleConnectionsPerTarget", connections));
            return this;
        }

        /**
         * Limits how many connections one target has at a time, idle ones included. A request for which there is none
         * waits for as long as the {@link Service.Builder#connectTimeout connectTimeout} of its service; then it gets 503
         * with {@code Retry-After}. WebSockets and other long exchanges hold a connection each.
         *
         * @param connections 1 or more; 10,000 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxConnectionsPerTarget(int connections) {
            maxConnections = Settings.once(
                    "maxConnectionsPerTarget",
                    maxConnections,
                    Settings.atLeastOne("maxConnectionsPerTarget", connections));
            return this;
        }

        /**
         * Limits how many requests wait for a connection to one target. Those beyond get 503 with {@code Retry-After} at
         * once.
         *
         * @param requests 1 or more; 1,000 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxWaitingRequestsPerTarget(int requests) {
            maxWaiting = Settings.once(
                    "maxWaitingRequestsPerTarget",
                    maxWaiting,
                    Settings.atLeastOne("maxWaitingRequestsPerTarget", requests));
            return this;
        }

        /**
         * Sets how long a connection to a target is kept open without a request.
         *
         * @param timeout more than zero; 30 seconds if not set
         * @return this builder
         * @throws IllegalArgumentException if not positive
         * @throws IllegalStateException if set before
         */
        public Builder idleConnectionTimeout(Duration timeout) {
            idleConnectionTimeout = Settings.once(
                    "idleConnectionTimeout",
                    idleConnectionTimeout,
                    Settings.positive("idleConnectionTimeout", timeout));
            return this;
        }

        /**
         * Sets what carries exchanges to targets in HTTP/2, in place of what is found on the class path or module path.
         * The router closes it.
         *
         * @param transport the transport, of no other router
         * @return this builder
         * @throws IllegalStateException if one for the same version of HTTP was set before
         */
        public Builder originTransport(OriginTransport transport) {
            if (transports.putIfAbsent(transport.protocol(), transport) != null) {
                throw new IllegalStateException(
                        "originTransport: set twice for " + transport.protocol() + " (set it once)");
            }
            return this;
        }

        /**
         * Limits the memory that all {@link Buffering} of the router takes together. Beyond it, content goes to temporary
         * files even if its service allows more.
         *
         * @param bytes 0 or more; a quarter of the largest heap if not set
         * @return this builder
         * @throws IllegalArgumentException if negative
         * @throws IllegalStateException if set before
         */
        public Builder bufferMemoryBytes(long bytes) {
            bufferMemoryBytes = Settings.once(
                    "bufferMemoryBytes", bufferMemoryBytes, Settings.notNegative("bufferMemoryBytes", bytes));
            return this;
        }

        /**
         * Limits path and query of a request. A longer one gets 414, if the host has not refused it before.
         *
         * @param bytes 1 or more; 16 KiB if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxRequestTargetBytes(int bytes) {
            maxRequestTargetBytes = Settings.once(
                    "maxRequestTargetBytes",
                    maxRequestTargetBytes,
                    Settings.atLeastOne("maxRequestTargetBytes", bytes));
            return this;
        }

        /**
         * Limits how many fields the head of a request has. More get 431, if the host has not refused them before. Cookies
         * count as one field, however many lines of HTTP/2 they came in.
         *
         * @param fields 1 or more; 200 if not set
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxRequestFields(int fields) {
            maxRequestFields = Settings.once(
                    "maxRequestFields", maxRequestFields, Settings.atLeastOne("maxRequestFields", fields));
            return this;
        }

        /**
         * Limits the head of a request as HTTP/1.1 writes it, in whatever version it came. A larger one gets 431, if the
         * host has not refused it before.
         *
         * @param bytes 1 or more; 64 KiB if not set, which is also what the host adapters set for their servers
         * @return this builder
         * @throws IllegalArgumentException if less than 1
         * @throws IllegalStateException if set before
         */
        public Builder maxRequestHeadBytes(int bytes) {
            maxRequestHeadBytes = Settings.once(
                    "maxRequestHeadBytes", maxRequestHeadBytes, Settings.atLeastOne("maxRequestHeadBytes", bytes));
            return this;
        }

        private RequestRules rules() {
            return new RequestRules(
                    Objects.requireNonNullElse(maxRequestTargetBytes, 16 * 1024),
                    Objects.requireNonNullElse(maxRequestFields, 200),
                    Objects.requireNonNullElse(maxRequestHeadBytes, 64 * 1024));
        }

        private int originThreads() {
            return originThreads != null
                    ? originThreads
                    : Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        }

        private ConnectionLimits connectionLimits() {
            return ConnectionLimits.withDefaults(
                    maxIdleConnections, minIdleConnections, idleConnectionTimeout, maxConnections, maxWaiting);
        }

        private long bufferMemoryBytes() {
            return bufferMemoryBytes != null
                    ? bufferMemoryBytes
                    : Runtime.getRuntime().maxMemory() / 4;
        }

        /**
         * Makes the router and starts its threads; {@link Router#close} ends them.
         *
         * @return the router
         * @throws RouteConflictException if two services have the same name, or the same host with the same path prefix
         * @throws IllegalStateException if more idle connections are to be opened than kept
         */
        public Router build() {
            return new Router(this);
        }
    }
}
