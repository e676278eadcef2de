package dev.gatehouse.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Accepts the bytes of chunked content as RFC 9112, section 7.1, has them, and nothing else. It keeps the state between two
 * bytes and copies nothing. What follows the end of the content is not looked at.
 */
final class ChunkValidator {

    private static final int MAX_SIZE_DIGITS = 15;

    /** Of all chunks together: extensions carry nothing that is used, so they are not to cost much. */
    private static final int MAX_EXTENSION_BYTES = 16 * 1024;

    private static final int MAX_TRAILER_BYTES = 64 * 1024;
    private static final int MAX_TRAILERS = 500;
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_OR_END,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        END
    }

    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extensionBytes;
    private int trailerBytes;
    private int trailers;

    /** {@return whether the content is complete} */
    boolean isAtEnd() {
        return state == State.END;
    }

    /**
     * Takes what has come next.
     *
     * @param in taken up to its limit, or to the end of the content
     * @throws IOException on the first byte that is not allowed
     */
    void accept(ByteBuffer in) throws IOException {
        while (in.hasRemaining() && state != State.END) {
            if (state == State.DATA) {
                skipData(in);
            } else {
                accept(in.get());
            }
        }
    }

    private void skipData(ByteBuffer in) {
        int count = (int) Math.min(in.remaining(), size);
        in.position(in.position() + count);
        size -= count;
        if (size == 0) {
            state = State.DATA_CR;
        }
    }

    private void accept(byte b) throws IOException {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                require(b, '\n', "a chunk size that does not end with CRLF");
                digits = 0;
                state = size == 0 ? State.TRAILER_OR_END : State.DATA;
            }
            case DATA_CR -> {
                require(b, '\r', "a chunk that does not end where its size says");
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                require(b, '\n', "a chunk that does not end where its size says");
                state = State.SIZE;
            }
            case END_LF -> {
                require(b, '\n', "trailers that do not end with CRLF");
                state = State.END;
            }
            default -> trailer(b);
        }
    }

    private void size(byte b) throws IOException {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw new IOException("a chunk size of more than " + MAX_SIZE_DIGITS + " digits");
            }
            size = (size << 4) | digit;
        } else if (digits > 0 && (b == '\r' || b == ';')) {
            state = b == ';' ? State.EXTENSION : State.SIZE_LF;
        } else {
            throw new IOException("a chunk size that is not a hexadecimal number");
        }
    }

    private void extension(byte b) throws IOException {
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if (isControl(b)) {
            throw new IOException("a control character in a chunk extension");
        } else if (++extensionBytes > MAX_EXTENSION_BYTES) {
            throw new IOException("chunk extensions of more than " + MAX_EXTENSION_BYTES + " bytes");
        }
    }

    private void trailer(byte b) throws IOException {
        if (++trailerBytes > MAX_TRAILER_BYTES) {
            throw new IOException("trailers of more than " + MAX_TRAILER_BYTES + " bytes");
        }
        switch (state) {
            case TRAILER_OR_END -> beginTrailerOrEnd(b);
            case TRAILER_NAME -> {
                if (b == ':') {
                    state = State.TRAILER_VALUE;
                } else {
                    requireToken(b);
                }
            }
            case TRAILER_VALUE -> {
                if (b == '\r') {
                    state = State.TRAILER_LF;
                } else if (isControl(b)) {
                    throw new IOException("a control character in a trailer");
                }
            }
            case TRAILER_LF -> {
                require(b, '\n', "a trailer that does not end with CRLF");
                state = State.TRAILER_OR_END;
            }
            default -> throw new IllegalStateException("not in the trailers: " + state);
        }
    }

    private void beginTrailerOrEnd(byte b) throws IOException {
        if (b == '\r') {
            state = State.END_LF;
            return;
        }
        requireToken(b);
        if (++trailers > MAX_TRAILERS) {
            throw new IOException("more than " + MAX_TRAILERS + " trailers");
        }
        state = State.TRAILER_NAME;
    }

    private static void requireToken(byte b) throws IOException {
        boolean token = (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || TOKEN_SYMBOLS.indexOf(b) >= 0;
        if (!token) {
            throw new IOException("a trailer whose name is malformed");
        }
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
    }

    private static void require(byte b, char expected, String otherwise) throws IOException {
        if (b != expected) {
            throw new IOException(otherwise);
        }
    }
}
