package dev.gatehouse.routing.internal.tls;

import java.io.IOException;

/** The peer has answered the handshake with HTTP in clear text. */
final class PlainHttpException extends IOException {

    private static final long serialVersionUID = 1L;

    PlainHttpException() {
        super("speaks plain HTTP");
    }
}
