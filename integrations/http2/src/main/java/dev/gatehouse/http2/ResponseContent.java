package dev.gatehouse.http2;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * The content of a response, from its arrival until the client takes it. Jetty's threads fill it, the thread of the exchange
 * reads it; the window of the stream bounds it.
 */
final class ResponseContent {

    private final Queue<Stream.Data> received = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean readerWaits = new AtomicBoolean();
    private final Runnable readable;

    private volatile @Nullable Stream stream;
    private volatile boolean complete;
    private volatile boolean discarding;
    private boolean atEnd;

    ResponseContent(Runnable readable) {
        this.readable = readable;
    }

    /** Takes what has come; whether there will be more. */
    boolean fill(Stream open) {
        stream = open;
        while (!complete) {
            Stream.Data data = ResponseFlowControl.read(open);
            if (data == null) {
                break;
            }
            complete = data.frame().isEndStream();
            received.add(data);
        }
        if (discarding) {
            discard();
        } else if (!received.isEmpty() && readerWaits.compareAndSet(true, false)) {
            readable.run();
        }
        return !complete;
    }

    /** Whether the end of the response has come, even if it has not been read yet. */
    boolean isComplete() {
        return complete;
    }

    int read(ByteBuffer into) {
        while (!atEnd) {
            Stream.Data data = received.peek();
            if (data == null) {
                readerWaits.set(true);
                if (received.isEmpty() || !readerWaits.compareAndSet(true, false)) {
                    return 0;
                }
                continue;
            }
            ByteBuffer from = data.frame().getByteBuffer();
            int count = BufferUtil.put(from, into);
            if (!from.hasRemaining()) {
                received.poll();
                atEnd = data.frame().isEndStream();
                release(data);
            }
            if (count > 0) {
                return count;
            }
        }
        return -1;
    }

    /** Gives back what was not read, and the windows with it. Called by the reader, who does not read from then on. */
    void discard() {
        discarding = true;
        for (Stream.Data data = received.poll(); data != null; data = received.poll()) {
            release(data);
        }
    }

    private void release(Stream.Data data) {
        data.release();
        Stream open = stream;
        if (open != null && open.getSession() instanceof HTTP2Session session) {
            session.getFlowControlStrategy()
                    .onDataConsumed(session, open, data.frame().flowControlLength());
        }
    }
}
