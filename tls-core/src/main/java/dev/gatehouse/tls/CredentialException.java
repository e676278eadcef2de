package dev.gatehouse.tls;

import org.jspecify.annotations.Nullable;

/** Key material that cannot serve: unreadable, not fitting together, or without a name. The message says the remedy. */
public final class CredentialException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what is wrong with which credential, and what to do
     */
    public CredentialException(String message) {
        super(message);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param message what is wrong with which credential, and what to do
     * @param cause what was thrown while it was read
     */
    public CredentialException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
