package dev.gatehouse.http2;

import dev.gatehouse.routing.OriginProtocol;
import dev.gatehouse.routing.transport.OriginTransport;
import dev.gatehouse.routing.transport.OriginTransportProvider;
import java.time.Duration;

/** Gives HTTP/2 to routers that were given no {@link Http2Transport}. Applications do not use it themselves. */
public final class Http2TransportProvider implements OriginTransportProvider {

    /** Called by {@link java.util.ServiceLoader}. */
    public Http2TransportProvider() {
        // nothing to prepare
    }

    @Override
    public OriginProtocol protocol() {
        return OriginProtocol.HTTP_2;
    }

    @Override
    public OriginTransport create(Duration idleConnectionTimeout) {
        return Http2Transport.builder()
                .idleConnectionTimeout(idleConnectionTimeout)
                .build();
    }
}
