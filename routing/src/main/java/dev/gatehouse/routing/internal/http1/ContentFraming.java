package dev.gatehouse.routing.internal.http1;

import dev.gatehouse.routing.HttpFields;
import java.util.List;

/**
 * How the end of response content is found (RFC 9112, section 6.3). Whatever two readers could understand differently is
 * refused.
 *
 * @param kind which way
 * @param length how many bytes, for {@link Kind#LENGTH}
 */
record ContentFraming(Kind kind, long length) {

    enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private static final ContentFraming NO_CONTENT = new ContentFraming(Kind.NONE, 0);
    private static final ContentFraming CHUNKS = new ContentFraming(Kind.CHUNKED, 0);
    private static final ContentFraming CLOSE = new ContentFraming(Kind.UNTIL_CLOSE, 0);

    static ContentFraming of(StatusLine statusLine, HttpFields fields, boolean answersHead)
            throws MalformedResponseException {
        List<String> encodings = fields.all("Transfer-Encoding");
        if (!encodings.isEmpty()) {
            checkEncodings(statusLine, encodings, fields.contains("Content-Length"));
        }
        long length = length(fields);
        int status = statusLine.status();
        if (answersHead || status < 200 || status == 204 || status == 304) {
            return NO_CONTENT;
        }
        if (!encodings.isEmpty()) {
            return CHUNKS;
        }
        if (length < 0) {
            return CLOSE;
        }
        return length == 0 ? NO_CONTENT : new ContentFraming(Kind.LENGTH, length);
    }

    private static void checkEncodings(StatusLine statusLine, List<String> encodings, boolean hasLength)
            throws MalformedResponseException {
        if (hasLength) {
            throw new MalformedResponseException("both Content-Length and Transfer-Encoding");
        }
        if (statusLine.minorVersion() == 0) {
            throw new MalformedResponseException("Transfer-Encoding in an HTTP/1.0 response");
        }
        if (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked")) {
            throw new MalformedResponseException("Transfer-Encoding " + encodings + " (expected: chunked alone)");
        }
    }

    private static long length(HttpFields fields) throws MalformedResponseException {
        try {
            return fields.contentLength().orElse(-1);
        } catch (IllegalArgumentException malformed) {
            throw new MalformedResponseException(String.valueOf(malformed.getMessage()));
        }
    }
}
