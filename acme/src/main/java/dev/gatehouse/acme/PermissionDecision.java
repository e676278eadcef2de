package dev.gatehouse.acme;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer of an {@link IssuancePermission}, with its reason. Immutable.
 *
 * @param verdict the answer
 * @param reason why, for the log and for events; one clause without a full stop
 * @param validFor how long the answer may be remembered; if empty, as long as {@link OnDemand} says for its verdict
 */
public record PermissionDecision(Verdict verdict, String reason, Optional<Duration> validFor) {

    /** The answer itself. */
    public enum Verdict {
        /** A certificate may be issued. */
        ALLOWED,
        /** It may not. */
        DENIED,
        /** The question could not be answered now. Nothing is issued, and the question is asked again soon. */
        UNKNOWN
    }

    /**
     * Checks the parts.
     *
     * @param verdict the answer
     * @param reason why
     * @param validFor how long the answer may be remembered; not negative
     * @throws IllegalArgumentException if {@code validFor} is negative
     */
    public PermissionDecision {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(reason, "reason");
        validFor.filter(Duration::isNegative).ifPresent(negative -> {
            throw new IllegalArgumentException("validFor: " + negative + " (expected: zero or more)");
        });
    }

    /**
     * Allows.
     *
     * @param reason why
     * @return the decision
     */
    public static PermissionDecision allowed(String reason) {
        return new PermissionDecision(Verdict.ALLOWED, reason, Optional.empty());
    }

    /**
     * Denies.
     *
     * @param reason why
     * @return the decision
     */
    public static PermissionDecision denied(String reason) {
        return new PermissionDecision(Verdict.DENIED, reason, Optional.empty());
    }

    /**
     * Does not know.
     *
     * @param reason why not
     * @return the decision
     */
    public static PermissionDecision unknown(String reason) {
        return new PermissionDecision(Verdict.UNKNOWN, reason, Optional.empty());
    }

    /**
     * The same answer for a time that the one who decides has chosen. Very short and very long times are brought within
     * the bounds of the memory.
     *
     * @param validFor how long it may be remembered; not negative
     * @return the decision with this time
     * @throws IllegalArgumentException if it is negative
     */
    public PermissionDecision validFor(Duration validFor) {
        return new PermissionDecision(verdict, reason, Optional.of(validFor));
    }

    /** {@return whether a certificate may be issued} */
    public boolean isAllowed() {
        return verdict == Verdict.ALLOWED;
    }
}
