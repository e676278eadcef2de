package dev.gatehouse.undertow;

import java.nio.ByteBuffer;

/** Bytes of a client that no engine has taken yet. As large as they are, so that a waiting connection holds little. */
final class ReceivedBytes {

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final int limit;
    private ByteBuffer bytes = NONE;

    /** @param limit how many there may be at once */
    ReceivedBytes(int limit) {
        this.limit = limit;
    }

    /**
     * Takes all bytes of a buffer.
     *
     * @return false, and takes none, if they would be more than allowed
     */
    boolean append(ByteBuffer source) {
        if (!source.hasRemaining()) {
            return true;
        }
        if (source.remaining() > limit - bytes.remaining()) {
            return false;
        }
        bytes = ByteBuffer.allocate(bytes.remaining() + source.remaining())
                .put(bytes)
                .put(source)
                .flip();
        return true;
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    /** {@return the bytes; what is read from here is gone} */
    ByteBuffer buffer() {
        return bytes;
    }

    void clear() {
        bytes = NONE;
    }
}
