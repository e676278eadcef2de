package dev.gatehouse.acme.dns;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A DNS-01 challenge could not be answered. The message says at which step, why, what to do, and, if the record was not to
 * be seen everywhere, what each server said, one line for each.
 */
public final class Dns01Exception extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The steps of answering a challenge. */
    public enum Step {
        /** Where the record goes is looked up. */
        LOCATE,
        /** The provider adds the record. */
        PRESENT,
        /** The servers of the zone are asked for it. */
        PROPAGATION
    }

    /** Which step failed. */
    private final Step step;

    /** How long to wait before the next try. */
    private final @Nullable Duration retryAfter;

    /** What each server said. */
    private final transient @Nullable PropagationReport report;

    private Dns01Exception(
            Step step,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable PropagationReport report) {
        super(message, cause);
        this.step = step;
        this.retryAfter = retryAfter;
        this.report = report;
    }

    /**
     * Makes an exception.
     *
     * @param step which step failed
     * @param message subject, what is wrong, what to do
     * @param cause what was thrown, if anything
     * @return the exception
     */
    public static Dns01Exception at(Step step, String message, @Nullable Throwable cause) {
        Duration retryAfter = cause instanceof DnsProviderException provider
                ? provider.retryAfter().orElse(null)
                : null;
        return new Dns01Exception(step, message, cause, retryAfter, null);
    }

    /**
     * Makes an exception for a record that was not to be seen in time.
     *
     * @param message subject, what is wrong, what to do
     * @param report what each server said; it is added to the message
     * @return the exception, with {@link Step#PROPAGATION}
     */
    public static Dns01Exception notPropagated(String message, PropagationReport report) {
        return new Dns01Exception(Step.PROPAGATION, message + report, null, null, report);
    }

    /** {@return which step failed} */
    public Step step() {
        return step;
    }

    /** {@return how long the provider asks to wait before the next try, if it has said so} */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** {@return what each server said, if the step was {@link Step#PROPAGATION}} */
    public Optional<PropagationReport> report() {
        return Optional.ofNullable(report);
    }
}
