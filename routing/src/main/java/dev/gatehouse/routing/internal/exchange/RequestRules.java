package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.http1.RequestEncoder;
import org.jspecify.annotations.Nullable;

/**
 * What a request must be like to be passed on, whatever the parser of the host has let through: nothing in it that two
 * readers could understand differently, least of all where it ends (RFC 9112, sections 6 and 11.2; RFC 9113, section
 * 8.2.2), and no head that is larger than allowed. Names and values are safe already, since {@link HttpFields} takes no
 * others. Safe for use by several threads.
 */
public final class RequestRules {

    private static final RequestRefusal REQUEST_LINE = RequestRefusal.of(400, "The request line is malformed.");
    private static final RequestRefusal VERSION =
            RequestRefusal.of(505, "The version of HTTP is not one that is spoken here.");

    /** What HTTP/1.1 writes besides method, target and fields. */
    private static final int ADDED_BYTES = "  HTTP/1.1\r\n\r\n".length();

    private final int maxTargetBytes;
    private final int maxFields;
    private final int maxHeadBytes;
    private final RequestRefusal targetTooLong;
    private final RequestRefusal tooManyFields;
    private final RequestRefusal headTooLarge;

    /**
     * Makes the rules.
     *
     * @param maxTargetBytes how long a request target may be
     * @param maxFields how many fields a head may have
     * @param maxHeadBytes how large a head may be, counted as HTTP/1.1 writes it
     */
    public RequestRules(int maxTargetBytes, int maxFields, int maxHeadBytes) {
        this.maxTargetBytes = maxTargetBytes;
        this.maxFields = maxFields;
        this.maxHeadBytes = maxHeadBytes;
        targetTooLong = RequestRefusal.overLimit(
                414, "The request target has more than " + maxTargetBytes + " bytes.", "maxRequestTargetBytes");
        tooManyFields = RequestRefusal.overLimit(
                431, "The request has more than " + maxFields + " fields.", "maxRequestFields");
        headTooLarge = RequestRefusal.overLimit(
                431, "The head of the request has more than " + maxHeadBytes + " bytes.", "maxRequestHeadBytes");
    }

    /**
     * Looks at the head of a request.
     *
     * @param exchange the request
     * @return what is wrong with it; null if nothing is
     */
    public @Nullable RequestRefusal refusalOf(HttpExchange exchange) {
        String method = exchange.method();
        String target = exchange.requestTarget();
        if (target.length() > maxTargetBytes) {
            return targetTooLong;
        }
        if (!HttpFields.isValidName(method) || !RequestEncoder.isVisibleAscii(target)) {
            return REQUEST_LINE;
        }
        String protocol = exchange.protocol();
        boolean isHttp1 = protocol.equals("HTTP/1.1") || protocol.equals("HTTP/1.0");
        if (!isHttp1 && !protocol.startsWith("HTTP/2") && !protocol.startsWith("HTTP/3")) {
            return VERSION;
        }
        HttpFields fields = exchange.requestFields();
        if (fields.size() > maxFields) {
            return tooManyFields;
        }
        FramingFields framing = new FramingFields();
        fields.forEach(framing);
        if (method.length() + target.length() + ADDED_BYTES + framing.bytes() > maxHeadBytes) {
            return headTooLarge;
        }
        return framing.refusal(protocol, exchange.authority());
    }
}
