package dev.gatehouse.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has left HTTP/1.1 behind, or a stream of HTTP/2 that carries another protocol. Jetty opens it when the
 * head of the response has gone. Bytes are read straight into the buffer of the caller. Each of the two directions belongs to
 * one caller at a time.
 */
final class UpgradedConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {

    private static final ThreadLocal<@Nullable Boolean> DEMANDING = new ThreadLocal<>();

    private final Executor executor;
    private final Consumer<@Nullable Throwable> ended;
    private final AtomicReference<@Nullable Runnable> awaited = new AtomicReference<>();
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private final AtomicBoolean inputEnded = new AtomicBoolean();
    private final AtomicBoolean outputEnded = new AtomicBoolean();

    /** What the client had sent before the switch. */
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;

    private volatile @Nullable Throwable failure;
    private volatile boolean stopped;

    /** Prepares for {@link #onOpen}; told once both directions have ended (null) or the connection has broken. */
    UpgradedConnection(EndPoint endPoint, Executor executor, Consumer<@Nullable Throwable> ended) {
        super(endPoint, executor);
        this.executor = executor;
        this.ended = ended;
    }

    @Override
    public void onUpgradeTo(ByteBuffer received) {
        early = received;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        opened.complete(true);
        if (stopped) {
            getEndPoint().close();
        }
    }

    // From the client

    int read(ByteBuffer into) throws IOException {
        refuseIfOver();
        if (!opened.isDone()) {
            return 0;
        }
        if (early.hasRemaining()) {
            return BufferUtil.put(early, into);
        }
        ByteBuffer free = into.slice().limit(0);
        int count = getEndPoint().fill(free);
        if (count > 0) {
            into.position(into.position() + count);
        } else if (count < 0 && inputEnded.compareAndSet(false, true)) {
            execute(this::endIfBothHave);
        }
        return count;
    }

    private void refuseIfOver() throws IOException {
        Throwable broken = failure;
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
        if (stopped) {
            throw new IOException("the exchange is over");
        }
    }

    void whenReadable(Runnable resumed) {
        if (!awaited.compareAndSet(null, resumed)) {
            throw new IllegalStateException("whenReadable has been called before and has not called back yet");
        }
        if (opened.isDone() || stopped) {
            await();
        } else {
            opened.thenRun(() -> execute(this::await));
        }
    }

    private void await() {
        if (failure != null || stopped || early.hasRemaining() || inputEnded.get()) {
            resumeElsewhere();
            return;
        }
        DEMANDING.set(true);
        try {
            fillInterested();
        } finally {
            DEMANDING.remove();
        }
    }

    /** Jetty may call back before a demand returns, also for another one; the caller is not called back on that stack. */
    @Override
    public void onFillable() {
        if (DEMANDING.get() != null) {
            resumeElsewhere();
        } else {
            resume();
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        fail(cause);
        resumeElsewhere();
    }

    private void resumeElsewhere() {
        execute(this::resume);
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException serverStopped) {
            task.run();
        }
    }

    private void resume() {
        Runnable next = awaited.getAndSet(null);
        if (next != null) {
            next.run();
        }
    }

    /** Whoever uses the connection decides for how long it may be silent. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    // To the client

    /**
     * Writes as far as that goes without waiting; what waits for the head of the response follows by itself.
     *
     * @return false if the rest follows by itself, after which {@code resumed} runs
     */
    boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        refuseIfOver();
        Write write = new Write(data, last, resumed);
        if (opened.isDone()) {
            write.send();
        } else {
            opened.thenRun(write::send);
        }
        return write.isTaken();
    }

    /** One write; Jetty calls back on the stack of {@link #send} or later. */
    private final class Write implements Callback {

        private enum State {
            SENDING,
            RETURNED,
            COMPLETED
        }

        private final ByteBuffer data;
        private final boolean last;
        private final Runnable resumed;
        private final AtomicReference<State> state = new AtomicReference<>(State.SENDING);
        private @Nullable Throwable problem;

        Write(ByteBuffer data, boolean last, Runnable resumed) {
            this.data = data;
            this.last = last;
            this.resumed = resumed;
        }

        void send() {
            getEndPoint().write(this, data);
        }

        @Override
        public void succeeded() {
            if (last) {
                getEndPoint().shutdownOutput();
                outputEnded.set(true);
            }
            complete();
        }

        @Override
        public void failed(Throwable cause) {
            problem = cause;
            complete();
        }

        private void complete() {
            if (state.getAndSet(State.COMPLETED) == State.RETURNED) {
                settle();
                resumed.run();
            }
        }

        boolean isTaken() throws IOException {
            if (state.compareAndSet(State.SENDING, State.RETURNED)) {
                return false;
            }
            settle();
            if (problem != null) {
                throw new IOException(problem.getMessage(), problem);
            }
            return true;
        }

        private void settle() {
            if (problem != null) {
                fail(problem);
            } else {
                endIfBothHave();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    // The end

    private void endIfBothHave() {
        if (inputEnded.get() && outputEnded.get()) {
            ended.accept(null);
        }
    }

    private void fail(Throwable cause) {
        failure = cause;
        ended.accept(cause);
    }

    /** Also when both directions have ended, which closes a connection by itself. */
    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        if (cause == null) {
            ended.accept(null);
        } else {
            fail(cause);
        }
    }

    /** Lets a waiting caller find out that the exchange is over. */
    void stop() {
        stopped = true;
        resumeElsewhere();
    }

    /** Ends a connection both of whose directions have ended. */
    void closeInPeace() {
        getEndPoint().close();
    }

    /** Resets a stream of HTTP/2, so that the client can tell that it has broken. Before it is opened, that is all. */
    void reset(Throwable cause) {
        if (getEndPoint().getTransport() instanceof Stream stream) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }
        if (opened.isDone()) {
            getEndPoint().close(cause);
        }
    }
}
