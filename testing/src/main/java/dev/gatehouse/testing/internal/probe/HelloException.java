package dev.gatehouse.testing.internal.probe;

import java.io.IOException;

/** What the server sent is no sensible answer to a ClientHello. */
public final class HelloException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what was wrong
     */
    public HelloException(String message) {
        super(message);
    }
}
