package dev.gatehouse.routing.internal.http1;

import dev.gatehouse.routing.HttpFields;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes request heads and trailers (RFC 9112, sections 3 and 5). Used again and again by one thread, so that only its
 * first requests allocate.
 */
public final class RequestEncoder {

    private static final int RETAINED_SIZE = 16 * 1024;

    private byte[] bytes = new byte[2048];
    private int length;

    /** Makes an encoder without bytes. */
    public RequestEncoder() {
        // grows when needed
    }

    /**
     * Begins a head, in place of whatever was written before.
     *
     * @param method a token
     * @param requestTarget visible ASCII characters
     * @param fields the fields
     * @return this encoder; framing and the empty line are still missing
     * @throws IllegalArgumentException if method or target would break the request line
     */
    public RequestEncoder head(String method, String requestTarget, HttpFields fields) {
        if (!HttpFields.isValidName(method) || !isVisibleAscii(requestTarget)) {
            throw new IllegalArgumentException("request line: method or target with a character that breaks it");
        }
        reset();
        text(method).octet(' ').text(requestTarget).line(" HTTP/1.1");
        return fields(fields);
    }

    /**
     * Begins with the last chunk and its trailers, in place of whatever was written before.
     *
     * @param trailers the trailer fields
     * @return this encoder
     */
    public RequestEncoder lastChunk(HttpFields trailers) {
        reset();
        return line("0").fields(trailers).line("");
    }

    private RequestEncoder line(String text) {
        return text(text).octet('\r').octet('\n');
    }

    private RequestEncoder fields(HttpFields fields) {
        fields.forEach((name, value) -> text(name).octet(':').octet(' ').line(value));
        return this;
    }

    private void reset() {
        length = 0;
        if (bytes.length > RETAINED_SIZE) {
            bytes = new byte[RETAINED_SIZE];
        }
    }

    private RequestEncoder text(String text) {
        int end = length + text.length();
        ensure(end);
        for (int i = 0; i < text.length(); i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length = end;
        return this;
    }

    private RequestEncoder octet(char c) {
        ensure(length + 1);
        bytes[length++] = (byte) c;
        return this;
    }

    private void ensure(int size) {
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
        }
    }

    /**
     * Tells whether a string can be a request target.
     *
     * @param target the string
     * @return true if it has nothing but visible ASCII characters
     */
    public static boolean isVisibleAscii(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return !target.isEmpty();
    }

    /** {@return how many bytes have been written} */
    public int length() {
        return length;
    }

    /**
     * Copies what has been written.
     *
     * @param out a buffer with room for {@link #length} bytes
     */
    public void copyTo(ByteBuffer out) {
        out.put(bytes, 0, length);
    }
}
