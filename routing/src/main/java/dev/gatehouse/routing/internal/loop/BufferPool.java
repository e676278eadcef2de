package dev.gatehouse.routing.internal.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers of one size for the thread of one loop. An exchange borrows them only while bytes are on their way; a
 * bounded number is kept for the next one.
 */
public final class BufferPool {

    /** The size of each buffer in bytes. */
    public static final int BUFFER_BYTES = 32 * 1024;

    private static final int MAX_KEPT = 64;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int borrowed;

    /** Makes an empty pool. */
    public BufferPool() {
        // filled by what is given back
    }

    /** {@return an empty buffer} */
    public ByteBuffer acquire() {
        borrowed++;
        ByteBuffer buffer = free.pollLast();
        return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer.clear();
    }

    /**
     * Gives a buffer back. Nobody may touch it, or a view of it, afterwards.
     *
     * @param buffer what {@link #acquire} has returned
     */
    public void release(ByteBuffer buffer) {
        borrowed--;
        if (free.size() < MAX_KEPT) {
            free.addLast(buffer);
        }
    }

    /** {@return how many buffers have been acquired and not released} */
    int borrowed() {
        return borrowed;
    }
}
