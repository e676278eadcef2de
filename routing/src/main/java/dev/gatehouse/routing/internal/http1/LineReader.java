package dev.gatehouse.routing.internal.http1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects a block of lines up to and with its empty line, across any number of reads. Lines end with CR LF and nothing
 * else: a CR or LF on its own is refused, because readers differ in what they take it for (RFC 9112, section 2.2).
 */
final class LineReader {

    private static final int USUAL_SIZE = 1024;
    private static final int RETAINED_SIZE = 8192;

    private final int maxBytes;
    private byte[] bytes = new byte[USUAL_SIZE];
    private int length;
    private int lineStart;
    private boolean afterCr;

    LineReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void clear() {
        length = 0;
        lineStart = 0;
        afterCr = false;
        if (bytes.length > RETAINED_SIZE) {
            bytes = new byte[USUAL_SIZE];
        }
    }

    /** Takes bytes until the empty line is complete; false if they ran out before. */
    boolean readBlock(ByteBuffer in) throws MalformedResponseException {
        while (in.hasRemaining()) {
            int start = lineStart;
            if (take(in.get()) && lineStart - start == 2) {
                return true;
            }
        }
        return false;
    }

    private boolean take(byte b) throws MalformedResponseException {
        if (length == maxBytes) {
            throw new MalformedResponseException("more than " + maxBytes + " bytes of head or trailers");
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(maxBytes, length * 2));
        }
        bytes[length++] = b;
        if (afterCr != (b == '\n')) {
            throw new MalformedResponseException("a CR or LF on its own in the head or trailers");
        }
        afterCr = b == '\r';
        if (b == '\n') {
            lineStart = length;
            return true;
        }
        return false;
    }

    byte[] bytes() {
        return bytes;
    }

    /** How many bytes have been collected, with all line ends. */
    int length() {
        return length;
    }
}
