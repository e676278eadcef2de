package dev.gatehouse.acme;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A certificate was not issued. The message says at which step, why, and what to do. */
public final class IssuanceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How long the certificate authority asks to wait. */
    private final @Nullable Duration retryAfter;

    /**
     * Makes an exception.
     *
     * @param message what went wrong
     * @param cause what was thrown, if anything
     */
    public IssuanceException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /**
     * Makes an exception for a certificate authority that asks to wait.
     *
     * @param message what went wrong
     * @param cause what was thrown, if anything
     * @param retryAfter how long to wait before the next try, if the authority has said so
     */
    public IssuanceException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** {@return how long the certificate authority asks to wait before the next try, if it has said so} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
