package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.loop.BufferPool;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Records as they come in. It holds a buffer only while there is a part of a record in it. Belongs to the thread of the
 * loop.
 */
final class RecordInput {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final int HTTP_LENGTH = 5;

    private final SSLEngine engine;
    private final BufferPool buffers;
    private @Nullable ByteBuffer records;
    private boolean incomplete;
    private boolean anyRecord;

    RecordInput(SSLEngine engine, BufferPool buffers) {
        this.engine = engine;
        this.buffers = buffers;
    }

    /** Takes the next record apart. */
    SSLEngineResult unwrap(ByteBuffer into) throws SSLException {
        ByteBuffer in = records;
        SSLEngineResult result = engine.unwrap(in == null ? EMPTY : in, into);
        incomplete = result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW;
        anyRecord |= result.bytesConsumed() > 0;
        if (in != null && !in.hasRemaining()) {
            release();
        }
        return result;
    }

    /** Reads on; 0 if there is nothing now, -1 at the end. */
    int fill(LoopChannel channel) throws IOException {
        ByteBuffer in = records;
        if (in == null) {
            in = buffers.acquire().flip();
            records = in;
        } else if (in.remaining() == in.capacity()) {
            throw new SSLException("a record of more than " + in.capacity() + " bytes");
        }
        int count;
        in.compact();
        try {
            count = channel.read(in);
        } finally {
            in.flip();
            if (!in.hasRemaining()) {
                release();
            }
        }
        incomplete &= count <= 0;
        if (!anyRecord && records != null) {
            refusePlainHttp(records);
        }
        return count;
    }

    private static void refusePlainHttp(ByteBuffer in) throws PlainHttpException {
        if (in.remaining() >= HTTP_LENGTH) {
            byte[] first = new byte[HTTP_LENGTH];
            in.get(in.position(), first);
            if (new String(first, StandardCharsets.US_ASCII).equals("HTTP/")) {
                throw new PlainHttpException();
            }
        }
    }

    /** Whether there may be a whole record that has not been taken apart yet. */
    boolean hasMore() {
        return records != null && !incomplete;
    }

    void release() {
        ByteBuffer in = records;
        records = null;
        if (in != null) {
            buffers.release(in);
        }
    }
}
