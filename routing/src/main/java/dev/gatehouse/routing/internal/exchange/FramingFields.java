package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.HttpFields;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Goes once over the fields of a request and picks those that say where it ends and whom it is for. */
final class FramingFields implements BiConsumer<String, String> {

    private static final RequestRefusal HOST_TWICE = RequestRefusal.of(400, "The request has several Host fields.");
    private static final RequestRefusal HOST_CONTRADICTS =
            RequestRefusal.of(400, "The Host field contradicts the rest of the request.");
    private static final RequestRefusal LENGTH_TWICE =
            RequestRefusal.of(400, "The request has several Content-Length fields.");
    private static final RequestRefusal LENGTH_MALFORMED =
            RequestRefusal.of(400, "The Content-Length is not a number of bytes.");
    private static final RequestRefusal LENGTH_AND_CODING =
            RequestRefusal.of(400, "The request has both Content-Length and Transfer-Encoding.");
    private static final RequestRefusal CODING_TOO_EARLY =
            RequestRefusal.of(400, "The request has a Transfer-Encoding, which HTTP/1.0 does not know.");
    private static final RequestRefusal CODING_UNKNOWN =
            RequestRefusal.of(400, "The Transfer-Encoding is not chunked alone.");
    private static final RequestRefusal IN_DISGUISE =
            RequestRefusal.of(400, "The request has a framing field that is spelled with an underscore.");
    private static final RequestRefusal OF_CONNECTION =
            RequestRefusal.of(400, "The request has a field of the connection, which HTTP/2 does not allow.");

    private long bytes;
    private int hosts;
    private int lengths;
    private int codings;
    private @Nullable String host;
    private @Nullable String length;
    private @Nullable String coding;
    private boolean inDisguise;
    private boolean ofConnection;

    /** The length of a name tells nearly all others from those that matter here. */
    @Override
    public void accept(String name, String value) {
        bytes += name.length() + value.length() + ": \r\n".length();
        switch (name.length()) {
            case 2 -> ofConnection |= name.equalsIgnoreCase("TE") && !value.equalsIgnoreCase("trailers");
            case 4 -> {
                if (name.equalsIgnoreCase("Host")) {
                    hosts++;
                    host = value;
                }
            }
            case 7 -> ofConnection |= name.equalsIgnoreCase("Upgrade");
            case 10 -> ofConnection |= name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
            case 14 -> {
                if (name.equalsIgnoreCase("Content-Length")) {
                    lengths++;
                    length = value;
                }
                inDisguise |= name.equalsIgnoreCase("Content_Length");
            }
            case 16 -> ofConnection |= name.equalsIgnoreCase("Proxy-Connection");
            case 17 -> {
                if (name.equalsIgnoreCase("Transfer-Encoding")) {
                    codings++;
                    coding = value;
                }
                inDisguise |= name.equalsIgnoreCase("Transfer_Encoding");
            }
            default -> {
                // says nothing about framing
            }
        }
    }

    /** How large the fields are, as HTTP/1.1 writes them. */
    long bytes() {
        return bytes;
    }

    @Nullable
    RequestRefusal refusal(String protocol, @Nullable String authority) {
        if (inDisguise) {
            return IN_DISGUISE;
        }
        if (hosts > 1) {
            return HOST_TWICE;
        }
        if (host != null && authority != null && !host.equalsIgnoreCase(authority)) {
            return HOST_CONTRADICTS;
        }
        if (lengths > 1) {
            return LENGTH_TWICE;
        }
        if (length != null && !HttpFields.isContentLength(length)) {
            return LENGTH_MALFORMED;
        }
        if (!protocol.startsWith("HTTP/1.")) {
            return ofConnection || codings > 0 ? OF_CONNECTION : null;
        }
        return codings == 0 ? null : codingRefusal(protocol);
    }

    private @Nullable RequestRefusal codingRefusal(String protocol) {
        if (lengths > 0) {
            return LENGTH_AND_CODING;
        }
        if (protocol.equals("HTTP/1.0")) {
            return CODING_TOO_EARLY;
        }
        return codings > 1 || !"chunked".equalsIgnoreCase(coding) ? CODING_UNKNOWN : null;
    }
}
