package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.loop.BufferPool;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Content as it comes in, decrypted into the buffer of whoever reads, without a copy where that has room for a whole
 * record. Belongs to the thread of the loop.
 */
final class ContentInput {

    /** Lets the engine do what it wants before it can go on. */
    interface Engine {
        /** Whether it can go on now. */
        boolean isReady() throws IOException;
    }

    private final RecordInput records;
    private final BufferPool buffers;
    private final Engine engine;
    private boolean ended;
    private @Nullable IOException failure;

    /** What is left of a record that was larger than the room for it. */
    private @Nullable ByteBuffer left;

    ContentInput(RecordInput records, BufferPool buffers, Engine engine) {
        this.records = records;
        this.buffers = buffers;
        this.engine = engine;
    }

    /** Reads as {@link LoopChannel#read} does. What came before a failure is read before it is told. */
    int read(LoopChannel transport, ByteBuffer into) throws IOException {
        int start = into.position();
        if (failure == null) {
            try {
                decrypt(transport, into);
            } catch (IOException failed) {
                failure = failed;
            }
        }
        int count = into.position() - start;
        if (count > 0) {
            return count;
        }
        if (failure != null) {
            throw failure;
        }
        return ended ? -1 : 0;
    }

    private void decrypt(LoopChannel transport, ByteBuffer into) throws IOException {
        int start = into.position();
        boolean more = true;
        while (more && into.hasRemaining()) {
            if (left != null) {
                takeLeft(left, into);
            } else {
                more = !ended && engine.isReady() && decryptRecord(transport, into, into.position() > start);
            }
        }
    }

    /** Takes a record; false if there is nothing to go on with now. */
    private boolean decryptRecord(LoopChannel transport, ByteBuffer into, boolean hasContent) throws IOException {
        SSLEngineResult result = records.unwrap(into);
        return switch (result.getStatus()) {
            case OK -> result.bytesConsumed() > 0 || result.bytesProduced() > 0;
            case CLOSED -> {
                ended = true;
                yield false;
            }
            case BUFFER_OVERFLOW -> !hasContent && decryptLarge(transport);
            case BUFFER_UNDERFLOW -> fill(transport);
        };
    }

    /** Takes a record that may be larger than what there is room for, and may not have come whole yet. */
    private boolean decryptLarge(LoopChannel transport) throws IOException {
        ByteBuffer whole = buffers.acquire();
        SSLEngineResult result;
        try {
            result = records.unwrap(whole);
        } finally {
            whole.flip();
            if (whole.hasRemaining()) {
                left = whole;
            } else {
                buffers.release(whole);
            }
        }
        return switch (result.getStatus()) {
            case OK -> true;
            case CLOSED -> {
                ended = true;
                yield false;
            }
            case BUFFER_OVERFLOW -> throw new SSLException("a record of more than " + whole.capacity() + " bytes");
            case BUFFER_UNDERFLOW -> fill(transport);
        };
    }

    private boolean fill(LoopChannel transport) throws IOException {
        int count = records.fill(transport);
        if (count < 0) {
            throw new MissingCloseNotifyException();
        }
        return count > 0;
    }

    private void takeLeft(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(from.slice(from.position(), count));
        from.position(from.position() + count);
        if (!from.hasRemaining()) {
            left = null;
            buffers.release(from);
        }
    }

    /** Whether a read would find something, though nothing more comes. */
    boolean hasMore() {
        return left != null || records.hasMore() || ended || failure != null;
    }

    void release() {
        records.release();
        ByteBuffer held = left;
        left = null;
        if (held != null) {
            buffers.release(held);
        }
    }
}
