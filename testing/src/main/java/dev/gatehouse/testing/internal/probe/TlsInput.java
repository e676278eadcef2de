package dev.gatehouse.testing.internal.probe;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads numbers and vectors as TLS writes them. A message that ends too early is refused. */
final class TlsInput {
    private final ByteBuffer bytes;

    TlsInput(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    int uint8() throws IOException {
        require(1);
        return bytes.get() & 0xff;
    }

    int uint16() throws IOException {
        require(2);
        return bytes.getChar();
    }

    int uint24() throws IOException {
        return uint8() << 16 | uint16();
    }

    byte[] raw(int length) throws IOException {
        require(length);
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }

    byte[] vector8() throws IOException {
        return raw(uint8());
    }

    byte[] vector16() throws IOException {
        return raw(uint16());
    }

    byte[] vector24() throws IOException {
        return raw(uint24());
    }

    private void require(int length) throws IOException {
        if (bytes.remaining() < length) {
            throw new HelloException("The server sent a message that ends in the middle of a field.");
        }
    }
}
