package dev.gatehouse.jetty;

import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request. The handler reads it until the exchange ends; what is left of it then is thrown away here for
 * a while, so that a client that is still sending gets to read the response (RFC 9112, section 9.6).
 */
final class RequestContent {

    private static final Duration LINGER = Duration.ofSeconds(10);

    /** What a client sends beyond this is not worth waiting for to keep a connection. */
    private static final long DISCARDED_FOR_REUSE = 256 * 1024;

    private static final Runnable DISCARD = () -> {};
    private static final ThreadLocal<@Nullable Boolean> DEMANDING = new ThreadLocal<>();

    private final Request request;
    private final EndGate gate;
    private final Consumer<Throwable> clientGone;
    private final Executor executor;
    private final boolean continueExpected;

    /** What to do when Jetty has something to read again: the handler's continuation or {@link #DISCARD}; else null. */
    private final AtomicReference<@Nullable Runnable> demanded = new AtomicReference<>();

    private volatile boolean demandedBefore;
    private volatile boolean atEnd;
    private long countRead;
    private Content.@Nullable Chunk chunk;
    private HttpFields trailers = HttpFields.empty();

    private volatile boolean lingeredLongEnough;
    private Runnable discarded = DISCARD;
    private Scheduler.@Nullable Task lingerTimeout;

    RequestContent(RequestHead head, Request request, EndGate gate, Consumer<Throwable> clientGone) {
        this.request = request;
        this.gate = gate;
        this.clientGone = clientGone;
        executor = request.getConnectionMetaData().getConnector().getExecutor();
        org.eclipse.jetty.http.HttpFields fields = request.getHeaders();
        continueExpected = fields.contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        atEnd = !head.isMultiplexed() && !fields.contains(HttpHeader.TRANSFER_ENCODING) && request.getLength() <= 0;
    }

    /** {@return whether nothing of the content is left to be sent by the client or to be read here} */
    boolean isAtEnd() {
        return atEnd;
    }

    /** {@return whether the client may have more to send than is thrown away only to keep its connection} */
    boolean mayHaveMuchLeft() {
        long length = request.getLength();
        return !atEnd && (length < 0 || length - countRead > DISCARDED_FOR_REUSE);
    }

    /** {@return whether the client waits for a 100 that it has not been sent, and so holds its content back} */
    private boolean isHeldBack() {
        return continueExpected && !demandedBefore && !atEnd;
    }

    int read(ByteBuffer into) throws IOException {
        if (!gate.enter()) {
            throw new IOException("the exchange is over");
        }
        try {
            return readInside(into);
        } finally {
            gate.leave();
        }
    }

    private int readInside(ByteBuffer into) throws IOException {
        while (true) {
            Content.Chunk current = chunk != null ? chunk : request.read();
            chunk = null;
            if (current == null) {
                return 0;
            }
            if (Content.Chunk.isFailure(current)) {
                throw failed(current.getFailure());
            }
            int count = BufferUtil.put(current.getByteBuffer(), into);
            countRead += count;
            if (current.hasRemaining()) {
                chunk = current;
                return count;
            }
            boolean last = current.isLast();
            current.release();
            if (last) {
                chunk = Content.Chunk.EOF;
                readTrailers();
                atEnd = true;
            }
            if (count > 0) {
                lookForEnd();
                return count;
            }
            if (last) {
                return -1;
            }
        }
    }

    /** A handler that knows the length need not ask for the end; a client can only be missed once the end is known. */
    private void lookForEnd() {
        if (!atEnd && countRead == request.getLength()) {
            chunk = request.read();
            atEnd = chunk != null && chunk.isLast() && !chunk.hasRemaining() && !Content.Chunk.isFailure(chunk);
        }
    }

    private void readTrailers() throws IOException {
        if (!atEnd && request.getTrailers() != null) {
            try {
                trailers = RequestHead.fields(request.getTrailers());
            } catch (RefusedRequestException e) {
                throw new IOException("request trailers: " + e.getMessage(), e);
            }
        }
    }

    private IOException failed(Throwable failure) {
        if (failure instanceof EofException || failure instanceof ClosedChannelException) {
            clientGone.accept(failure);
        }
        return new IOException("request content: " + failure.getMessage(), failure);
    }

    void whenReadable(Runnable resumed) {
        if (!gate.enter()) {
            execute(resumed);
            return;
        }
        try {
            if (!demanded.compareAndSet(null, resumed)) {
                throw new IllegalStateException("whenReadable has been called before and has not called back yet");
            }
            if (chunk != null) {
                resumeElsewhere();
            } else {
                demand();
            }
        } finally {
            gate.leave();
        }
    }

    /** Jetty may call back before a demand returns, also for another one; the handler is not called back on that stack. */
    private void demand() {
        demandedBefore = true;
        DEMANDING.set(true);
        try {
            request.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::onReadable));
        } catch (IllegalStateException over) {
            resumeElsewhere();
        } finally {
            DEMANDING.remove();
        }
    }

    private void onReadable() {
        if (DEMANDING.get() != null) {
            resumeElsewhere();
        } else {
            resume();
        }
    }

    private void resumeElsewhere() {
        execute(this::resume);
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    private void resume() {
        Runnable next = demanded.getAndSet(null);
        if (next == DISCARD) {
            discard();
        } else if (next != null) {
            next.run();
        }
    }

    HttpFields trailers() {
        return trailers;
    }

    /** Gives back what is held. Only after the gate has ended. */
    void release() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /**
     * Throws away what the client still sends, for a while, and then goes on. Only after the gate has ended.
     *
     * @param next run once, at the end of the content or of the patience
     */
    void discardThen(Runnable next) {
        discarded = next;
        if (atEnd || isHeldBack()) {
            release();
            next.run();
            return;
        }
        lingerTimeout = request.getComponents()
                .getScheduler()
                .schedule(this::stopLingering, LINGER.toMillis(), TimeUnit.MILLISECONDS);
        boolean handlerWaits = demanded.getAndUpdate(waiting -> waiting == null ? null : DISCARD) != null;
        if (!handlerWaits) {
            discard();
        }
    }

    private void discard() {
        while (!lingeredLongEnough) {
            Content.Chunk current = chunk != null ? chunk : request.read();
            chunk = null;
            if (current == null) {
                demanded.set(DISCARD);
                demand();
                return;
            }
            boolean end = current.isLast() || Content.Chunk.isFailure(current);
            current.release();
            if (end) {
                break;
            }
        }
        finishDiscarding();
    }

    private void stopLingering() {
        lingeredLongEnough = true;
        if (demanded.compareAndSet(DISCARD, null)) {
            finishDiscarding();
        }
    }

    private void finishDiscarding() {
        if (lingerTimeout != null) {
            lingerTimeout.cancel();
        }
        discarded.run();
    }
}
