package dev.gatehouse.jetty;

import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response of one exchange, written to Jetty's. */
final class ResponseWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);

    /** What Jetty has set already, as it is configured; a handler that sets them knows better. */
    private static final Set<String> SET_BY_JETTY = Set.of("date", "server", "x-powered-by");

    private final RequestHead head;
    private final Response response;
    private final RequestContent content;
    private final Consumer<@Nullable Throwable> ended;
    private CompletableFuture<?> informational = CompletableFuture.completedFuture(null);
    private volatile boolean started;
    private boolean committed;
    private HttpFields trailers = HttpFields.empty();

    /**
     * Prepares a writer.
     *
     * @param head the request
     * @param response where to write
     * @param content the rest of the request
     * @param ended told once the response is complete (null) or cannot become so
     */
    ResponseWriter(RequestHead head, Response response, RequestContent content, Consumer<@Nullable Throwable> ended) {
        this.head = head;
        this.response = response;
        this.content = content;
        this.ended = ended;
    }

    boolean isStarted() {
        return started;
    }

    void sendInformational(int status, HttpFields fields) {
        if (started) {
            throw new IllegalStateException("informational response " + status + ": the final response has begun");
        }
        if (head.isAtLeastHttp11()) {
            informational = informational
                    .handle((sent, failure) -> response.writeInterim(status, jettyFields(fields)))
                    .thenCompose(sent -> sent)
                    .whenComplete((sent, failure) -> {
                        if (failure != null) {
                            LOG.debug("Informational response {} not sent: {}", status, failure.getMessage());
                        }
                    });
        }
    }

    void start(int status, HttpFields fields) {
        if (started) {
            throw new IllegalStateException("response " + status + ": started before");
        }
        started = true;
        response.setStatus(status);
        org.eclipse.jetty.http.HttpFields.Mutable jettyFields = response.getHeaders();
        fields.forEach((name, value) -> {
            if (SET_BY_JETTY.contains(name.toLowerCase(Locale.ROOT))) {
                jettyFields.put(new HttpField(name, value));
            } else {
                jettyFields.add(name, value);
            }
        });
    }

    /**
     * Starts a response after whose head the connection or stream carries another protocol.
     *
     * @param sent told when the head has gone
     */
    void startUpgrade(String protocol, HttpFields fields, Callback sent) {
        start(head.isMultiplexed() ? 200 : 101, fields);
        if (!head.isMultiplexed()) {
            response.getHeaders().put(HttpHeader.UPGRADE, protocol).put(HttpHeader.CONNECTION, "Upgrade");
        }
        informational.whenComplete((before, failure) -> response.write(true, BufferUtil.EMPTY_BUFFER, sent));
    }

    /** {@return whether a client can only tell by the end of the connection that the response is complete} */
    boolean endsWithConnection() {
        return started && !head.isAtLeastHttp11() && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH);
    }

    void setTrailers(HttpFields trailers) {
        this.trailers = trailers;
    }

    boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        if (!started) {
            throw new IllegalStateException("write before startResponse");
        }
        Write write = new Write(data, last, resumed);
        if (informational.isDone()) {
            write.send();
        } else {
            informational.whenComplete((sent, failure) -> write.send());
        }
        return write.isTaken();
    }

    private static org.eclipse.jetty.http.HttpFields jettyFields(HttpFields fields) {
        org.eclipse.jetty.http.HttpFields.Mutable jettyFields = org.eclipse.jetty.http.HttpFields.build();
        fields.forEach(jettyFields::add);
        return jettyFields;
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
        private @Nullable Throwable failure;

        Write(ByteBuffer data, boolean last, Runnable resumed) {
            this.data = data;
            this.last = last;
            this.resumed = resumed;
        }

        void send() {
            boolean first = !committed;
            committed = true;
            try {
                if (first && !head.isMultiplexed() && content.mayHaveMuchLeft()) {
                    response.getHeaders().put(HttpHeader.CONNECTION, "close");
                }
                if (first && leavesFramingOpen()) {
                    response.setTrailersSupplier(() -> jettyFields(trailers));
                    if (last) {
                        response.write(
                                false,
                                data,
                                Callback.from(
                                        getInvocationType(),
                                        () -> response.write(true, BufferUtil.EMPTY_BUFFER, this),
                                        this::failed));
                        return;
                    }
                }
                response.write(last, data, this);
            } catch (IllegalStateException over) {
                failed(over);
            }
        }

        /**
         * Without a {@code Content-Length}, Jetty would add its own to content that comes in one piece: wrong if there is
         * no content to be measured, and in the way of trailers. And only a supplier of trailers makes it frame content
         * by chunks when the connection closes, so that an end that comes too early can be told from the real one.
         */
        private boolean leavesFramingOpen() {
            return head.isAtLeastHttp11()
                    && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
                    && (!last
                            || trailers.size() > 0
                            || HttpMethod.HEAD.is(head.method())
                            || response.getStatus() == 304);
        }

        @Override
        public void succeeded() {
            complete();
        }

        @Override
        public void failed(Throwable cause) {
            failure = cause;
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

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
