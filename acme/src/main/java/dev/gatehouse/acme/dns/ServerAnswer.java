package dev.gatehouse.acme.dns;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one server, at one of its addresses, said about a record.
 *
 * @param server the name of the server as the NS records have it, or its address where it has no name
 * @param address its address and port; empty if none was found
 * @param verdict what the answer means
 * @param values the values that it shows under the name, at most ten, unprintable characters replaced
 * @param detail more of the answer, such as a response code; may be empty
 */
public record ServerAnswer(String server, String address, Verdict verdict, List<String> values, String detail) {

    /** What an answer means. */
    public enum Verdict {
        /** It shows the value. */
        SHOWS_VALUE("shows the value"),
        /** It shows other values only: it is behind, or another zone is asked than was written. */
        OTHER_VALUES("shows other values only"),
        /** The name exists there, without a TXT record. */
        NO_RECORD("has no TXT record at this name"),
        /** NXDOMAIN: the name does not exist there. */
        NO_NAME("does not know the name (NXDOMAIN)"),
        /** The name is an alias there. */
        ALIAS("has an alias (CNAME) at this name"),
        /** It answers for this zone as a stranger: it has not loaded it. */
        NOT_AUTHORITATIVE("is not authoritative for the zone"),
        /** SERVFAIL or another failure. */
        FAILURE("fails"),
        /** It did not answer in time. */
        TIMED_OUT("does not answer"),
        /** It cannot be reached, or its address was not found. */
        UNREACHABLE("cannot be reached");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** {@return whether the server said nothing at all} */
        public boolean isSilent() {
            return this == TIMED_OUT || this == UNREACHABLE;
        }
    }

    /**
     * Takes a copy of the values.
     *
     * @param server the name of the server
     * @param address its address and port
     * @param verdict what the answer means
     * @param values the values that it shows
     * @param detail more of the answer
     */
    public ServerAnswer {
        values = List.copyOf(values);
    }

    /** {@return whether it shows the value} */
    public boolean showsValue() {
        return verdict == Verdict.SHOWS_VALUE;
    }

    /** {@return one line: who, where, what it said} */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(server);
        if (!address.isEmpty()) {
            line.append(" (").append(address).append(')');
        }
        line.append(' ').append(verdict.words);
        if (!detail.isEmpty()) {
            line.append(": ").append(detail);
        }
        if (verdict == Verdict.OTHER_VALUES) {
            line.append(values.stream().collect(Collectors.joining("\", \"", ": \"", "\"")));
        }
        return line.toString();
    }
}
