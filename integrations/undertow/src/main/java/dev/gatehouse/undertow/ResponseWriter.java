package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;

/** The response of one exchange, written to Undertow's channel. */
final class ResponseWriter {

    /** For the end of a response, which no handler watches over. */
    private static final Duration MAX_STANDSTILL = Duration.ofSeconds(30);

    private final RequestHead head;
    private final HttpServerExchange exchange;
    private final RequestContent content;
    private final HostThread thread;
    private final EndGate probes;
    private final Consumer<@Nullable Throwable> ended;
    private final AtomicReference<@Nullable Write> pending = new AtomicReference<>();
    private volatile boolean started;
    private volatile boolean pushing;
    private @Nullable StreamSinkChannel channel;
    private boolean trailersFollow;

    /**
     * Prepares a writer.
     *
     * @param probes ended before the last write begins
     * @param ended told once the response is complete (null) or cannot become so
     */
    ResponseWriter(
            RequestHead head,
            HttpServerExchange exchange,
            RequestContent content,
            HostThread thread,
            EndGate probes,
            Consumer<@Nullable Throwable> ended) {
        this.head = head;
        this.exchange = exchange;
        this.content = content;
        this.thread = thread;
        this.probes = probes;
        this.ended = ended;
    }

    boolean isStarted() {
        return started;
    }

    /** {@return whether a write is at work right now, so that it will notice itself what happens to the connection} */
    boolean isPushing() {
        return pushing;
    }

    void start(int status, HttpFields fields) {
        if (started) {
            throw new IllegalStateException("response " + status + ": started before");
        }
        started = true;
        exchange.setStatusCode(status);
        HeaderMap headers = exchange.getResponseHeaders();
        fields.forEach((name, value) -> headers.add(new HttpString(name), value));
    }

    /** {@return whether a client can only tell by the end of the connection that the response is complete} */
    boolean endsWithConnection() {
        return started
                && !head.isMultiplexed()
                && !exchange.getResponseHeaders().contains(Headers.CONTENT_LENGTH)
                && !exchange.getResponseHeaders().contains(Headers.TRANSFER_ENCODING);
    }

    void setTrailers(HttpFields fields) {
        HeaderMap trailers = new HeaderMap();
        fields.forEach((name, value) -> trailers.add(new HttpString(name), value));
        exchange.putAttachment(HttpAttachments.RESPONSE_TRAILERS, trailers);
        trailersFollow = fields.size() > 0;
    }

    boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        if (!started) {
            throw new IllegalStateException("write before startResponse");
        }
        Write write = new Write(data, last, resumed);
        // Until the last write the connection belongs to this exchange, and a client that leaves is looked for.
        boolean begunByGate = last && probes.endWith(write::begin);
        if (!begunByGate) {
            write.begin();
        }
        return write.isTaken();
    }

    /** Fails the write that waits for room, if there is one. */
    void failPending(Throwable cause) {
        Write waiting = pending.get();
        if (waiting != null) {
            waiting.complete(cause);
        }
    }

    private StreamSinkChannel channel() throws IOException {
        if (channel == null) {
            chooseFraming();
            channel = exchange.getResponseChannel();
            if (channel == null) {
                throw new IOException("another handler is writing the response");
            }
        }
        return channel;
    }

    /** What depends on how far the request has been read, and so is not decided before the response goes out. */
    private void chooseFraming() {
        HeaderMap headers = exchange.getResponseHeaders();
        if (content.isHeldBack()) {
            exchange.setPersistent(false);
            if (head.isMultiplexed()) {
                exchange.getConnection().terminateRequestChannel(exchange);
            }
        }
        if (!head.isMultiplexed() && (content.mayHaveMuchLeft() || !exchange.isPersistent())) {
            exchange.setPersistent(false);
            headers.put(Headers.CONNECTION, "close");
        }
        if (head.isHttp11()
                && !headers.contains(Headers.CONTENT_LENGTH)
                && Connectors.isEntityBodyAllowed(exchange)
                && !exchange.getRequestMethod().equals(Methods.HEAD)) {
            headers.put(Headers.TRANSFER_ENCODING, "chunked");
        }
    }

    /** One write; the channel takes it on the stack of {@link #begin} or later. */
    private final class Write {

        private enum State {
            SENDING,
            RETURNED,
            COMPLETED
        }

        private final ByteBuffer data;
        private final boolean last;
        private final boolean empty;
        private final Runnable resumed;
        private final AtomicReference<State> state = new AtomicReference<>(State.SENDING);
        private boolean shutDown;
        private @Nullable Throwable failure;
        private XnioExecutor.@Nullable Key standstillCheck;
        private int remainingAtCheck;

        Write(ByteBuffer data, boolean last, Runnable resumed) {
            this.data = data;
            this.last = last;
            this.resumed = resumed;
            empty = !data.hasRemaining();
        }

        void begin() {
            thread.executeWhereRight(this::proceed);
        }

        private void proceed() {
            boolean done;
            pushing = true;
            try {
                done = push(channel());
            } catch (IOException | RuntimeException e) {
                complete(e);
                return;
            } finally {
                pushing = false;
            }
            if (done) {
                complete(null);
            } else {
                awaitRoom();
            }
        }

        private boolean push(StreamSinkChannel out) throws IOException {
            if (last && empty && trailersFollow && !out.flush()) {
                return false;
            }
            while (data.hasRemaining()) {
                if ((last ? out.writeFinal(data) : out.write(data)) == 0 && data.hasRemaining()) {
                    return false;
                }
            }
            if (last && empty && !shutDown) {
                shutDown = true;
                out.shutdownWrites();
            }
            return out.flush();
        }

        private void awaitRoom() {
            StreamSinkChannel out = channel;
            if (out == null) {
                return;
            }
            pending.set(this);
            if (last && standstillCheck == null) {
                remainingAtCheck = data.remaining();
                standstillCheck = thread.executeAfter(this::checkStandstill, MAX_STANDSTILL);
            }
            out.getWriteSetter().set(writable -> {
                out.suspendWrites();
                proceed();
            });
            out.resumeWrites();
        }

        private void checkStandstill() {
            if (state.get() == State.COMPLETED) {
                return;
            }
            if (data.remaining() == remainingAtCheck) {
                ended.accept(new IOException(
                        "the client has not taken the end of the response for " + MAX_STANDSTILL.toSeconds() + " s"));
            } else {
                remainingAtCheck = data.remaining();
                standstillCheck = thread.executeAfter(this::checkStandstill, MAX_STANDSTILL);
            }
        }

        private void complete(@Nullable Throwable cause) {
            if (state.get() != State.COMPLETED) {
                failure = cause;
            }
            State before = state.getAndSet(State.COMPLETED);
            pending.compareAndSet(this, null);
            if (standstillCheck != null) {
                standstillCheck.remove();
            }
            if (before == State.RETURNED) {
                settle();
                resumed.run();
            }
        }

        boolean isTaken() throws IOException {
            if (state.compareAndSet(State.SENDING, State.RETURNED)) {
                return false;
            }
            settle();
            if (failure != null) {
                throw new IOException("response: " + failure.getMessage(), failure);
            }
            return true;
        }

        private void settle() {
            if (failure != null || last) {
                ended.accept(failure);
            }
        }
    }
}
