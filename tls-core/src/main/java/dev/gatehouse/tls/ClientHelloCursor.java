package dev.gatehouse.tls;

import java.nio.ByteBuffer;

/**
 * Walks over a part of a message (RFC 8446, section 3). Whatever would lead beyond the end of the part is refused with the
 * problem that belongs to the part.
 */
final class ClientHelloCursor {

    private final ByteBuffer bytes;
    private final int end;
    private final ClientHelloProblem problem;
    private int position;

    /** The bytes are in network order; their own position and limit do not matter. */
    ClientHelloCursor(ByteBuffer bytes, int start, int end, ClientHelloProblem problem) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
        this.problem = problem;
    }

    boolean isAtEnd() {
        return position == end;
    }

    int length() {
        return end - position;
    }

    int uint8() {
        return bytes.get(advance(1)) & 0xff;
    }

    int uint16() {
        return bytes.getShort(advance(2)) & 0xffff;
    }

    void skip(int count) {
        advance(count);
    }

    /** The content of a vector whose length is one byte. */
    ClientHelloCursor vector8(ClientHelloProblem itsProblem) {
        return part(uint8(), itsProblem);
    }

    /** The content of a vector whose length is two bytes. */
    ClientHelloCursor vector16(ClientHelloProblem itsProblem) {
        return part(uint16(), itsProblem);
    }

    /** All that is left, in pairs of bytes; at least one pair. */
    TlsCodePoints codePoints() {
        if (isAtEnd() || length() % 2 != 0) {
            throw refusal();
        }
        return TlsCodePoints.read(bytes, position, end);
    }

    /** All that is left; at least one byte. */
    byte[] opaque() {
        if (isAtEnd()) {
            throw refusal();
        }
        byte[] copy = new byte[length()];
        bytes.get(position, copy);
        return copy;
    }

    void expectEnd() {
        if (!isAtEnd()) {
            throw refusal();
        }
    }

    ClientHelloRefusal refusal() {
        return new ClientHelloRefusal(problem);
    }

    private ClientHelloCursor part(int length, ClientHelloProblem itsProblem) {
        int start = advance(length);
        return new ClientHelloCursor(bytes, start, start + length, itsProblem);
    }

    private int advance(int count) {
        int start = position;
        if (count > end - start) {
            throw refusal();
        }
        position = start + count;
        return start;
    }
}
