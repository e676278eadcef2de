package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.transport.OriginTransport;
import dev.gatehouse.routing.transport.OriginTransportProvider;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The transports of one router: those that it was given, and those that are found when the first target needs them. Safe
 * for use by several threads.
 */
public final class OriginTransports implements AutoCloseable {

    private final Map<OriginProtocol, OriginTransport> transports = new ConcurrentHashMap<>();
    private final Duration idleConnectionTimeout;

    /**
     * Makes the collection.
     *
     * @param given the transports that need not be looked for
     * @param idleConnectionTimeout for those that are found
     */
    public OriginTransports(Map<OriginProtocol, OriginTransport> given, Duration idleConnectionTimeout) {
        transports.putAll(given);
        this.idleConnectionTimeout = idleConnectionTimeout;
    }

    /**
     * Finds what carries to a target.
     *
     * @param target a target whose version of HTTP the router does not speak itself
     * @return the transport
     * @throws IllegalArgumentException if there is none
     */
    OriginTransport to(Target target) {
        return transports.computeIfAbsent(
                target.protocol(),
                protocol -> ServiceLoader.load(OriginTransportProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(provider -> provider.protocol() == protocol)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("target " + target
                                + ": HTTP/2 to targets is not there (add the dependency dev.gatehouse:gatehouse-http2, or write"
                                + " http:// or https://)"))
                        .create(idleConnectionTimeout));
    }

    @Override
    public void close() {
        transports.values().forEach(OriginTransport::close);
    }
}
