package dev.gatehouse.routing.transport;

import dev.gatehouse.routing.OriginProtocol;
import java.time.Duration;

/**
 * Makes a transport for each router that has a target for it and was given none. Found by {@link java.util.ServiceLoader}.
 */
public interface OriginTransportProvider {

    /** {@return the version of HTTP that its transports speak} */
    OriginProtocol protocol();

    /**
     * Makes a transport. The router closes it.
     *
     * @param idleConnectionTimeout how long the router keeps connections without a request
     * @return the transport
     */
    OriginTransport create(Duration idleConnectionTimeout);
}
