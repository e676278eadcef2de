package dev.gatehouse.http2;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.util.Callback;

/** One write of request content; Jetty calls back on the stack of {@link #send} or later. */
final class ContentWrite implements Callback {

    private enum State {
        SENDING,
        RETURNED,
        COMPLETED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.SENDING);
    private final Runnable written;

    /**
     * Prepares it.
     *
     * @param written told when the buffer is free after {@link #send} has returned false
     */
    ContentWrite(Runnable written) {
        this.written = written;
    }

    /** Sends the content; false if Jetty keeps the buffer. */
    boolean send(Stream stream, ByteBuffer content, boolean last) {
        stream.data(new DataFrame(stream.getId(), content, last), this);
        return !state.compareAndSet(State.SENDING, State.RETURNED);
    }

    @Override
    public void succeeded() {
        complete();
    }

    /** The stream has failed and says so itself. */
    @Override
    public void failed(Throwable cause) {
        complete();
    }

    private void complete() {
        if (state.getAndSet(State.COMPLETED) == State.RETURNED) {
            written.run();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
