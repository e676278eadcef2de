package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HeaderMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * The content of a request. The handler reads it until the exchange ends; what is left of it then is thrown away here for
 * a while, so that a client that is still sending gets to read the response (RFC 9112, section 9.6).
 *
 * <p>Undertow's TLS layer below HTTP/1 is made for one thread at a time. There the channel is only touched on the I/O
 * thread, which reads ahead for handlers that read on another one.
 */
final class RequestContent {

    private static final Duration LINGER = Duration.ofSeconds(10);

    /** What a client sends beyond this is not worth waiting for to keep a connection. */
    private static final long DISCARDED_FOR_REUSE = 256 * 1024;

    private static final int READ_AHEAD = 16 * 1024;
    private static final Runnable DISCARD = () -> {};

    private final HttpServerExchange exchange;
    private final HostThread thread;

    /** What to do when there is something to read again: the handler's continuation or {@link #DISCARD}; else null. */
    private final AtomicReference<@Nullable Runnable> awaited = new AtomicReference<>();

    private @Nullable StreamSourceChannel channel;
    private @Nullable ByteBuffer ahead;
    private @Nullable IOException failure;
    private HttpFields trailers = HttpFields.empty();
    private volatile boolean atEnd;
    private long countRead;

    private Runnable unfinished = DISCARD;
    private XnioExecutor.@Nullable Key lingerTimeout;

    RequestContent(HttpServerExchange exchange, HostThread thread) {
        this.exchange = exchange;
        this.thread = thread;
        atEnd = exchange.isRequestComplete();
    }

    /** {@return whether nothing of the content is left to be sent by the client or to be read here} */
    boolean isAtEnd() {
        return atEnd;
    }

    /** {@return whether the client may have more to send than is thrown away only to keep its connection} */
    boolean mayHaveMuchLeft() {
        long length = exchange.getRequestContentLength();
        return !atEnd && (length < 0 || length - countRead > DISCARDED_FOR_REUSE);
    }

    /** {@return whether the client waits for a 100 that it has not been sent, and so holds its content back} */
    boolean isHeldBack() {
        return !atEnd && HttpContinue.requiresContinueResponse(exchange);
    }

    int read(ByteBuffer into) throws IOException {
        if (ahead != null && ahead.hasRemaining()) {
            int count = Math.min(ahead.remaining(), into.remaining());
            into.put(into.position(), ahead, ahead.position(), count).position(into.position() + count);
            ahead.position(ahead.position() + count);
            return count;
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        return atEnd ? -1 : thread.isRight() ? readChannel(into) : 0;
    }

    private int readChannel(ByteBuffer into) throws IOException {
        try {
            int count = channel().read(into);
            if (count < 0) {
                readTrailers();
                atEnd = true;
            } else {
                countRead += count;
                lookForEnd();
            }
            return count;
        } catch (IllegalStateException closed) {
            throw new IOException("request content: " + closed.getMessage(), closed);
        }
    }

    /** A handler that knows the length need not ask for the end; a client can only be missed once the end is known. */
    private void lookForEnd() throws IOException {
        if (exchange.getConnection() instanceof HttpServerConnection
                && countRead == exchange.getRequestContentLength()) {
            atEnd = channel().read(ByteBuffer.allocate(1)) < 0;
        }
    }

    private StreamSourceChannel channel() throws IOException {
        if (channel == null) {
            channel = exchange.getRequestChannel();
            if (channel == null) {
                throw new IOException("request content: another handler is reading it");
            }
        }
        return channel;
    }

    private void readTrailers() throws IOException {
        HeaderMap sent = exchange.getAttachment(HttpAttachments.REQUEST_TRAILERS);
        if (sent != null) {
            try {
                trailers = RequestHead.fields(sent);
            } catch (RefusedRequestException e) {
                throw new IOException("request trailers: " + e.getMessage(), e);
            }
        }
    }

    HttpFields trailers() {
        return trailers;
    }

    void whenReadable(Runnable resumed) {
        if (!awaited.compareAndSet(null, resumed)) {
            throw new IllegalStateException("whenReadable has been called before and has not called back yet");
        }
        if (failure != null || (ahead != null && ahead.hasRemaining())) {
            thread.execute(this::resume);
        } else {
            thread.executeWhereRight(this::await);
        }
    }

    private void await() {
        try {
            if (atEnd || exchange.isRequestComplete()) {
                thread.execute(this::resume);
            } else if (sendContinue()) {
                StreamSourceChannel source = channel();
                source.getReadSetter().set(readable -> onReadable(source));
                source.resumeReads();
            }
        } catch (IOException e) {
            failure = e;
            thread.execute(this::resume);
        }
    }

    /**
     * Undertow calls once for each resumption of an HTTP/2 stream, whether or not there is something to read. A handler
     * that was told so would resume again, and the I/O thread would be busy with the two of them and nothing else.
     */
    private void onReadable(StreamSourceChannel source) {
        if (awaited.get() == DISCARD || readAhead()) {
            source.suspendReads();
            resume();
        }
    }

    /** {@return whether there is something to tell: bytes, the end or a failure} */
    private boolean readAhead() {
        if (ahead == null) {
            ahead = ByteBuffer.allocate(READ_AHEAD);
        }
        try {
            return readChannel(ahead.clear()) != 0;
        } catch (IOException e) {
            failure = e;
            return true;
        } finally {
            ahead.flip();
        }
    }

    private void resume() {
        Runnable next = awaited.getAndSet(null);
        if (next == DISCARD) {
            discard();
        } else if (next != null) {
            next.run();
        }
    }

    /** {@return false if it has to be tried again, which happens by itself} */
    private boolean sendContinue() throws IOException {
        if (!HttpContinue.requiresContinueResponse(exchange)) {
            return true;
        }
        return finishContinue(HttpContinue.createResponseSender(exchange));
    }

    private boolean finishContinue(HttpContinue.ContinueResponseSender sender) throws IOException {
        boolean sent = sender.send();
        if (!sent) {
            thread.executeAfter(() -> retryContinue(sender), Duration.ofMillis(10));
        }
        return sent;
    }

    private void retryContinue(HttpContinue.ContinueResponseSender sender) {
        try {
            if (finishContinue(sender)) {
                await();
            }
        } catch (IOException e) {
            failure = e;
            resume();
        }
    }

    /**
     * Throws away what the client still sends, for a while. Only after the response is complete.
     *
     * @param unfinished run if the client has still not finished then
     */
    void discardRest(Runnable unfinished) {
        this.unfinished = unfinished;
        if (exchange.isRequestComplete()) {
            return;
        }
        if (!exchange.isPersistent() && isContinueWithheld()) {
            Connectors.terminateRequest(exchange);
            return;
        }
        lingerTimeout = thread.executeAfter(this::stopLingering, LINGER);
        boolean handlerWaits = awaited.getAndUpdate(waiting -> waiting == null ? null : DISCARD) != null;
        if (!handlerWaits) {
            thread.execute(this::discard);
        }
    }

    private boolean isContinueWithheld() {
        return HttpContinue.requiresContinueResponse(exchange.getRequestHeaders())
                && !HttpContinue.isContinueResponseSent(exchange);
    }

    private void discard() {
        ByteBuffer rubbish = ByteBuffer.allocate(READ_AHEAD);
        try {
            int count;
            do {
                count = readChannel(rubbish.clear());
            } while (count > 0);
            if (count == 0) {
                awaited.set(DISCARD);
                await();
                return;
            }
            cancelTimeout();
        } catch (IOException clientGone) {
            cancelTimeout();
            unfinished.run();
        }
    }

    private void stopLingering() {
        if (!exchange.isRequestComplete()) {
            unfinished.run();
        }
    }

    private void cancelTimeout() {
        if (lingerTimeout != null) {
            lingerTimeout.remove();
        }
    }
}
