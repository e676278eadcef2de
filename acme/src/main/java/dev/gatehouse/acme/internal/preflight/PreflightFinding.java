package dev.gatehouse.acme.internal.preflight;

/**
 * What a check has found.
 *
 * @param check which check
 * @param severity whether an order makes sense
 * @param sentence what is wrong and what to do; whole sentences
 */
public record PreflightFinding(Check check, Severity severity, String sentence) {

    /** The checks. */
    public enum Check {
        /** The name has an address. */
        RESOLVES("it has an address"),
        /** The address is one of this server. */
        POINTS_HERE("it points to this server"),
        /** The address is one of a CDN, which the challenges do not pass. */
        PROXIED("it is proxied"),
        /** The path of HTTP-01 can be reached on our own port. */
        HTTP01_REACHABLE("the path of HTTP-01 can be reached"),
        /** The CAA records permit the certificate authority. */
        CAA_PERMITS("its CAA records permit the certificate authority");

        private final String question;

        Check(String question) {
            this.question = question;
        }

        /** What it finds out, as a clause. */
        String question() {
            return question;
        }
    }

    /** Whether an order makes sense. */
    public enum Severity {
        /** It would fail. */
        BLOCKING,
        /** It may fail. */
        WARNING
    }
}
