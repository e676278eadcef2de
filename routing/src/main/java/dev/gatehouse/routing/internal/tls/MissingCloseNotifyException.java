package dev.gatehouse.routing.internal.tls;

import java.io.IOException;

/**
 * The connection has ended without the {@code close_notify} that shows that nothing was cut off (RFC 8446, section 6.1).
 */
public final class MissingCloseNotifyException extends IOException {

    private static final long serialVersionUID = 1L;

    MissingCloseNotifyException() {
        super("ended without close_notify");
    }
}
