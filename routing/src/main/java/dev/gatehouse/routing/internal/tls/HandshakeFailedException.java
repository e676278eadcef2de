package dev.gatehouse.routing.internal.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The connection has ended, or broken, in the middle of the handshake. */
final class HandshakeFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    HandshakeFailedException(@Nullable IOException cause) {
        super("closed the connection during the TLS handshake", cause);
    }
}
