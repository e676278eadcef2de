package dev.gatehouse.acme.dns;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link DnsProvider} did not do what it was asked for. The message names the provider, says why, and what to do. */
public final class DnsProviderException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as it matters for the next step. */
    public enum Reason {
        /** The credentials are wrong, or do not permit this. The same call fails again until somebody mends them. */
        CREDENTIALS,
        /** The provider does not serve a zone for this name. */
        ZONE,
        /** The provider refuses this for another reason; the same call fails again. */
        REFUSED,
        /** Too many calls. It works again after a while. */
        RATE_LIMIT,
        /** The provider could not be reached, or had a fault of its own. It may work again at any time. */
        UNAVAILABLE
    }

    /** What went wrong. */
    private final Reason reason;

    /** How long the provider asks to wait. */
    private final @Nullable Duration retryAfter;

    private DnsProviderException(
            Reason reason, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.retryAfter = retryAfter;
    }

    /**
     * Makes an exception.
     *
     * @param reason what went wrong
     * @param message subject, what is wrong, what to do
     * @return the exception
     */
    public static DnsProviderException of(Reason reason, String message) {
        return new DnsProviderException(reason, message, null, null);
    }

    /**
     * Makes an exception.
     *
     * @param reason what went wrong
     * @param message subject, what is wrong, what to do
     * @param cause what was thrown
     * @return the exception
     */
    public static DnsProviderException of(Reason reason, String message, Throwable cause) {
        return new DnsProviderException(reason, message, cause, null);
    }

    /**
     * Makes an exception for a provider that could not be reached or had a fault.
     *
     * @param message subject, what is wrong, what to do
     * @param cause what was thrown, if anything
     * @return the exception, with {@link Reason#UNAVAILABLE}
     */
    public static DnsProviderException unavailable(String message, @Nullable Throwable cause) {
        return new DnsProviderException(Reason.UNAVAILABLE, message, cause, null);
    }

    /**
     * Adds how long the provider asks to wait.
     *
     * @param wait from now on; zero or more
     * @return an exception that is otherwise the same
     */
    public DnsProviderException retryAfter(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("wait: " + wait + " (expected: zero or more)");
        }
        DnsProviderException waiting =
                new DnsProviderException(reason, Objects.requireNonNull(getMessage()), getCause(), wait);
        waiting.setStackTrace(getStackTrace());
        return waiting;
    }

    /** {@return what went wrong} */
    public Reason reason() {
        return reason;
    }

    /** {@return how long the provider asks to wait before the next try, if it has said so} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** {@return whether the same call may succeed later, without that somebody mends something} */
    public boolean isTemporary() {
        return reason == Reason.RATE_LIMIT || reason == Reason.UNAVAILABLE;
    }
}
