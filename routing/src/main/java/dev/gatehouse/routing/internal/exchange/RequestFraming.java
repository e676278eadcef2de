package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;

/**
 * How the content of a request is framed on its way to the origin, decided anew from what is known and not copied from
 * what the client's fields claim.
 *
 * @param kind which way
 * @param length how many bytes, for {@link Kind#LENGTH}
 * @param announcesEmptyContent whether a request without content says so, as methods whose content has a meaning do
 * @param expectsContinue whether the client waits for 100 (Continue) before it sends its content
 */
public record RequestFraming(Kind kind, long length, boolean announcesEmptyContent, boolean expectsContinue) {

    /** The ways. */
    public enum Kind {
        /** There is no content. */
        NONE,
        /** Its length is known. */
        LENGTH,
        /** It comes in chunks, or its length is not known for another reason. */
        CHUNKED,
        /** Only the first read tells if there is content: HTTP/2 without {@code Content-Length}. */
        TO_BE_SEEN
    }

    /**
     * Looks at a request. What follows an extended {@code CONNECT} is not its content but the other protocol (RFC 8441,
     * section 4).
     *
     * @param exchange the request, which keeps to the {@link RequestRules}
     * @return its framing
     */
    public static RequestFraming of(HttpExchange exchange) {
        HttpFields fields = exchange.requestFields();
        if (exchange.method().equals("CONNECT")) {
            return new RequestFraming(Kind.NONE, 0, false, false);
        }
        long length = fields.contentLength().orElse(-1);
        boolean announcesEmpty = switch (exchange.method()) {
            case "POST", "PUT", "PATCH" -> true;
            default -> length == 0;
        };
        boolean expects = fields.containsToken("Expect", "100-continue")
                && !exchange.protocol().equals("HTTP/1.0");
        Kind kind = kind(exchange, length, expects);
        boolean hasContent = kind == Kind.LENGTH || kind == Kind.CHUNKED;
        return new RequestFraming(kind, Math.max(length, 0), announcesEmpty, expects && hasContent);
    }

    private static Kind kind(HttpExchange exchange, long length, boolean expects) {
        if (length >= 0) {
            return length == 0 ? Kind.NONE : Kind.LENGTH;
        }
        if (exchange.requestFields().contains("Transfer-Encoding")) {
            return Kind.CHUNKED;
        }
        if (exchange.protocol().startsWith("HTTP/1.")) {
            return Kind.NONE;
        }
        return expects ? Kind.CHUNKED : Kind.TO_BE_SEEN;
    }
}
