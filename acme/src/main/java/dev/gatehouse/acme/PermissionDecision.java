package dev.gatehouse.acme;

/**
 * The answer of an {@link IssuancePermission}, with its reason.
 *
 * @param verdict the answer
 * @param reason why, for the log and for events; one clause without a full stop
 */
public record PermissionDecision(Verdict verdict, String reason) {

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
     * Allows.
     *
     * @param reason why
     * @return the decision
     */
    public static PermissionDecision allowed(String reason) {
        return new PermissionDecision(Verdict.ALLOWED, reason);
    }

    /**
     * Denies.
     *
     * @param reason why
     * @return the decision
     */
    public static PermissionDecision denied(String reason) {
        return new PermissionDecision(Verdict.DENIED, reason);
    }

    /**
     * Does not know.
     *
     * @param reason why not
     * @return the decision
     */
    public static PermissionDecision unknown(String reason) {
        return new PermissionDecision(Verdict.UNKNOWN, reason);
    }

    /** {@return whether a certificate may be issued} */
    public boolean isAllowed() {
        return verdict == Verdict.ALLOWED;
    }
}
