package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.HttpFields;
import java.util.Locale;

/**
 * The head of a response that is being collected.
 *
 * @param status the final status
 * @param fields the fields as the origin sent them
 * @param isWithoutContent whether content cannot follow, whatever the fields say (RFC 9110, section 6.4.1)
 */
record CollectedHead(int status, HttpFields fields, boolean isWithoutContent) {

    static CollectedHead of(String method, int status, HttpFields fields) {
        return new CollectedHead(status, fields, method.equals("HEAD") || status == 204 || status == 304);
    }

    /** Whether the client is to have the content as it comes: events, and what the origin asks not to buffer. */
    boolean mustPass() {
        return isEventStream() || "no".equalsIgnoreCase(fields.get("X-Accel-Buffering"));
    }

    private boolean isEventStream() {
        String type = fields.get("Content-Type");
        if (type == null) {
            return false;
        }
        int parameters = type.indexOf(';');
        String mediaType = parameters < 0 ? type : type.substring(0, parameters);
        return mediaType.strip().toLowerCase(Locale.ROOT).equals("text/event-stream");
    }

    /** How much content the origin has announced; -1 if it has not. */
    long announcedLength() {
        return isWithoutContent ? -1 : fields.contentLength().orElse(-1);
    }

    /** The fields when all content is there. Where trailers follow, the host has to frame it in another way. */
    HttpFields fieldsFor(long length, boolean withTrailers) {
        if (isWithoutContent) {
            return fields;
        }
        HttpFields.Builder known = fields.toBuilder();
        return withTrailers
                ? known.remove("Content-Length").build()
                : known.set("Content-Length", Long.toString(length)).build();
    }
}
