package dev.gatehouse.tls;

/** A string that is not a server name or wildcard name, with a reason that code can act on. */
public final class InvalidNameException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Why a string is not a name. */
    public enum Reason {
        /** Nothing is left after a trailing dot, or a port, has been removed. */
        EMPTY("is empty"),
        /** Longer than 253 characters in its A-label form. */
        TOO_LONG("is longer than 253 characters"),
        /** Two dots in a row, or a dot at the start. */
        EMPTY_LABEL("has an empty label"),
        /** A label of more than 63 characters. */
        LABEL_TOO_LONG("has a label of more than 63 characters"),
        /** A character that host names do not have. */
        ILLEGAL_CHARACTER("has a character other than letters, digits, '-', '_' and '.'"),
        /** A label that begins or ends with a hyphen. */
        HYPHEN_AT_EDGE("has a label that begins or ends with '-'"),
        /** The last label is a number, but the whole is not an IPv4 address. */
        NUMERIC_TOP_LABEL("ends in a number but is not an IPv4 address"),
        /** A colon or bracket, but not an IPv6 address. */
        MALFORMED_IP_ADDRESS("is not a well-formed IP address"),
        /** Letters beyond ASCII that IDNA cannot turn into an A-label. */
        NOT_IDNA("cannot be written as A-labels (IDNA)"),
        /** A port that is not a number from 0 to 65535. */
        MALFORMED_PORT("has a malformed port"),
        /** A star that is not the whole left-most label, or stands before fewer than two labels. */
        MISPLACED_WILDCARD("may have '*' only as its whole left-most label, before at least two labels");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /** Why. */
    private final Reason reason;

    InvalidNameException(String name, Reason reason) {
        super("Name '" + printable(name) + "' " + reason.text + ".");
        this.reason = reason;
    }

    /** {@return why the string is not a name} */
    public Reason reason() {
        return reason;
    }

    /** Names come from the network: what reaches a log is short and has no control characters. */
    private static String printable(String name) {
        String shortened = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
