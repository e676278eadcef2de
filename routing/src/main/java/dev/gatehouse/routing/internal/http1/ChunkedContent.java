package dev.gatehouse.routing.internal.http1;

import java.nio.ByteBuffer;

/** The state between two bytes of chunked content (RFC 9112, section 7.1), up to the line of the last chunk. */
final class ChunkedContent {

    private static final int MAX_SIZE_DIGITS = 15;

    /** Of all chunks together: extensions carry nothing that is used, so they are not to cost much. */
    private static final int MAX_EXTENSION_BYTES = 16 * 1024;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extensionBytes;

    void begin() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        extensionBytes = 0;
    }

    /** How many bytes of the current chunk are still to come. */
    long remaining() {
        return state == State.DATA ? size : 0;
    }

    /** Notes that bytes of the current chunk have been taken. */
    void taken(int bytes) {
        size -= bytes;
        if (size == 0) {
            state = State.DATA_CR;
        }
    }

    /**
     * Reads on to the data of the next chunk.
     *
     * @return true when there, or at the last chunk, whose {@link #remaining} is 0; false if the bytes ran out before
     */
    boolean advance(ByteBuffer in) throws MalformedResponseException {
        while (in.hasRemaining()) {
            byte b = in.get();
            switch (state) {
                case SIZE -> size(b);
                case EXTENSION -> extension(b);
                case SIZE_LF -> {
                    require(b, '\n');
                    digits = 0;
                    state = size == 0 ? State.SIZE : State.DATA;
                    return true;
                }
                case DATA_CR -> {
                    require(b, '\r');
                    state = State.DATA_LF;
                }
                case DATA_LF -> {
                    require(b, '\n');
                    state = State.SIZE;
                }
                default -> throw new IllegalStateException("chunk data is taken by the caller");
            }
        }
        return false;
    }

    private void size(byte b) throws MalformedResponseException {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw new MalformedResponseException("a chunk size of more than " + MAX_SIZE_DIGITS + " digits");
            }
            size = (size << 4) | digit;
        } else if (digits > 0 && (b == '\r' || b == ';')) {
            state = b == ';' ? State.EXTENSION : State.SIZE_LF;
        } else {
            throw new MalformedResponseException("a chunk size that is not a hexadecimal number");
        }
    }

    private void extension(byte b) throws MalformedResponseException {
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
            throw new MalformedResponseException("a control character in a chunk extension");
        } else if (++extensionBytes > MAX_EXTENSION_BYTES) {
            throw new MalformedResponseException("chunk extensions of more than " + MAX_EXTENSION_BYTES + " bytes");
        }
    }

    private static void require(byte b, char expected) throws MalformedResponseException {
        if (b != expected) {
            throw new MalformedResponseException("a chunk that does not end where its size says");
        }
    }
}
