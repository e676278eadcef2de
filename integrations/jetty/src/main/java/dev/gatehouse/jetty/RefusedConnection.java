package dev.gatehouse.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The last life of a connection that is refused: it says why, and closes in such a way that the client gets to read it.
 * To close at once would make the TCP stack answer what the client still sends with a reset, and a reset takes unread bytes away.
 */
final class RefusedConnection extends AbstractConnection {

    private static final Duration TIME_TO_READ = Duration.ofSeconds(2);
    private static final int DISCARDED_BYTES = 64 * 1024;
    private static final int DISCARD_BUFFER = 4 * 1024;

    private final Connector connector;
    private final ByteBuffer answer;
    private final Callback fillable =
            Callback.from(Invocable.InvocationType.NON_BLOCKING, this::onFillable, this::onFillInterestedFailed);
    private Scheduler.@Nullable Task timeToRead;
    private int discarded;

    RefusedConnection(EndPoint endPoint, Connector connector, ByteBuffer answer) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.answer = answer;
    }

    /** Makes what a client is told that speaks HTTP where TLS is spoken. */
    static ByteBuffer plainHttpAnswer() {
        String text = "This port speaks HTTPS. Use an https:// address.\n";
        return StandardCharsets.US_ASCII.encode("HTTP/1.1 400 Bad Request\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: " + text.length() + "\r\n"
                + "Connection: close\r\n\r\n" + text);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        timeToRead = connector.getScheduler().schedule(() -> getEndPoint().close(), TIME_TO_READ);
        if (answer.hasRemaining()) {
            getEndPoint()
                    .write(
                            Callback.from(Invocable.InvocationType.NON_BLOCKING, this::onAnswered, failure -> close()),
                            answer);
        } else {
            onAnswered();
        }
    }

    private void onAnswered() {
        getEndPoint().shutdownOutput();
        tryFillInterested(fillable);
    }

    @Override
    public void onFillable() {
        RetainableByteBuffer buffer = connector.getByteBufferPool().acquire(DISCARD_BUFFER, true);
        try {
            int count;
            while ((count = getEndPoint().fill(buffer.getByteBuffer())) > 0 && discarded < DISCARDED_BYTES) {
                discarded += count;
                BufferUtil.clear(buffer.getByteBuffer());
            }
            if (count == 0) {
                tryFillInterested(fillable);
            } else {
                close();
            }
        } catch (IOException clientGone) {
            close();
        } finally {
            buffer.release();
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        if (timeToRead != null) {
            timeToRead.cancel();
        }
        super.onClose(cause);
    }
}
