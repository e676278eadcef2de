package dev.gatehouse.testing.internal.dns;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.xbill.DNS.Rcode;

/** What happens to a query in place of, or besides, its being answered. */
public sealed interface DnsFaultEffect {

    /**
     * Answers with this code and nothing else.
     *
     * @param code the number
     */
    record ResponseCode(int code) implements DnsFaultEffect {
        @Override
        public String toString() {
            return "response code " + Rcode.string(code);
        }
    }

    /** Does not answer. */
    record Drop() implements DnsFaultEffect {
        @Override
        public String toString() {
            return "no answer";
        }
    }

    /** Leaves all out that does not fit into an empty datagram. */
    record Truncate() implements DnsFaultEffect {
        @Override
        public String toString() {
            return "a truncated answer";
        }
    }

    /**
     * Answers later.
     *
     * @param until makes, for each query, what ends its wait when it is done, however that may be
     */
    record Wait(Supplier<? extends CompletionStage<?>> until) implements DnsFaultEffect {
        @Override
        public String toString() {
            return "the answer is held back";
        }
    }
}
