package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.loop.BufferPool;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way out. It holds a buffer only while the connection does not take what is in it. Belongs to the thread
 * of the loop.
 */
final class RecordOutput {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final BufferPool buffers;

    /** Between its position and its limit is what has not been sent. */
    private @Nullable ByteBuffer records;

    RecordOutput(SSLEngine engine, BufferPool buffers) {
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Makes a record of the engine's own; false if there is no room before others have been sent. */
    boolean wrapOwn() throws SSLException {
        return wrap(NOTHING).getStatus() != SSLEngineResult.Status.BUFFER_OVERFLOW;
    }

    /** Makes one record, if there is room for it. */
    SSLEngineResult wrap(ByteBuffer from) throws SSLException {
        ByteBuffer out = records;
        if (out == null) {
            out = buffers.acquire().flip();
            records = out;
        }
        out.compact();
        try {
            return engine.wrap(from, out);
        } finally {
            out.flip();
            if (!out.hasRemaining()) {
                release();
            }
        }
    }

    /** Sends what the connection takes; false if something is left. */
    boolean flush(LoopChannel channel) throws IOException {
        ByteBuffer out = records;
        if (out == null) {
            return true;
        }
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                return false;
            }
        }
        release();
        return true;
    }

    boolean isPending() {
        return records != null;
    }

    void release() {
        ByteBuffer out = records;
        records = null;
        if (out != null) {
            buffers.release(out);
        }
    }
}
