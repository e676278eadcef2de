package dev.gatehouse.testing.internal.probe;

import java.io.IOException;

/** The server ended the handshake with an alert. */
public final class AlertException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * Makes an exception.
     *
     * @param code number of the alert
     */
    public AlertException(int code) {
        super("The server sent alert " + code + ".");
        this.code = code;
    }

    /** {@return number of the alert} */
    public int code() {
        return code;
    }
}
