package dev.gatehouse.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * What has been received and is to be read again, in a buffer of the server's pool. It begins with the size of a usual
 * ClientHello, grows with a larger one up to a limit, and is held only while there is something in it.
 *
 * <p>Used by one thread at a time, except for {@link #release}, which may come at any time after {@link #drainTo} has
 * come into use.
 */
final class ReceivedBytes {

    private static final int USUAL_HELLO = 2 * 1024;

    private final ByteBufferPool pool;
    private final int limit;
    private @Nullable RetainableByteBuffer buffer;

    ReceivedBytes(ByteBufferPool pool, int limit) {
        this.pool = pool;
        this.limit = limit;
    }

    synchronized boolean isEmpty() {
        return buffer == null || !buffer.hasRemaining();
    }

    /** {@return whether nothing more can be taken before {@link #ensureSpace} is called} */
    synchronized boolean isFull() {
        return buffer != null && BufferUtil.space(buffer.getByteBuffer()) == 0;
    }

    /** {@return what has been received, from position to limit} */
    synchronized ByteBuffer bytes() {
        return buffer == null ? BufferUtil.EMPTY_BUFFER : buffer.getByteBuffer();
    }

    /** {@return a buffer as Jetty's end points fill it, behind what it has} */
    synchronized ByteBuffer space() {
        if (buffer == null) {
            buffer = pool.acquire(USUAL_HELLO, true);
        }
        return buffer.getByteBuffer();
    }

    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            BufferUtil.append(space(), bytes);
            if (bytes.hasRemaining() && !ensureSpace()) {
                throw new IllegalStateException("More than " + limit + " bytes before the ClientHello.");
            }
        }
    }

    /** Grows if it is full. Returns whether there is space, which is not so beyond the limit. */
    synchronized boolean ensureSpace() {
        if (buffer == null || !isFull()) {
            return true;
        }
        int capacity = buffer.getByteBuffer().capacity();
        if (capacity >= limit) {
            return false;
        }
        RetainableByteBuffer larger = pool.acquire(Math.min(2 * capacity, limit), true);
        BufferUtil.append(larger.getByteBuffer(), buffer.getByteBuffer());
        buffer.release();
        buffer = larger;
        return true;
    }

    /** Moves bytes to the end of a buffer, as many as fit. Returns how many. */
    synchronized int drainTo(ByteBuffer target) {
        if (buffer == null) {
            return 0;
        }
        int count = BufferUtil.append(target, buffer.getByteBuffer());
        releaseIfEmpty();
        return count;
    }

    synchronized void releaseIfEmpty() {
        if (isEmpty()) {
            release();
        }
    }

    synchronized void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
