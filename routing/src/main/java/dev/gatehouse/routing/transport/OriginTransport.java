package dev.gatehouse.routing.transport;

import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.Target;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Carries requests to targets in one version of HTTP, over connections of its own that it shares between exchanges.
 *
 * <p>Its methods never block, and may be called by any thread.
 */
public interface OriginTransport extends AutoCloseable {

    /** {@return the version of HTTP that it speaks} */
    OriginProtocol protocol();

    /**
     * Begins to carry a request. The listener is told when its head is on its way; until then the stream may be cancelled
     * and nothing else.
     *
     * @param target where to
     * @param addresses the addresses of its host, at least one, in the order in which they are to be tried
     * @param request the head of the request
     * @param listener is told what happens; possibly before this method has returned
     * @return the stream
     */
    OriginStream open(
            Target target, List<InetSocketAddress> addresses, OriginRequest request, OriginStream.Listener listener);

    /**
     * Closes all connections and ends all threads. Streams that are open fail. Does nothing when called again.
     */
    @Override
    void close();
}
