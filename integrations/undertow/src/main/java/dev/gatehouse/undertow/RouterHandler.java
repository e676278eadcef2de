package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.routing.internal.loop.EventLoop;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/**
 * Mounts a {@link HttpHandler}, usually a {@link dev.gatehouse.routing.Router}, in Undertow:
 *
 * <pre>{@code
 * Undertow.Builder builder = GatehouseUndertow.forRouting(Undertow.builder());
 * GatehouseUndertow.https(builder, certificates, 8443, "0.0.0.0", new RouterHandler(router));
 * builder.build().start();
 * }</pre>
 *
 * <p>It answers every request that reaches it and never blocks: it works on Undertow's I/O threads, reads and writes as
 * far as that goes without waiting, and goes on in callbacks. HTTP/1.0, HTTP/1.1 and HTTP/2 are served alike, with one
 * exception: Undertow has no way to send an informational response other than 100 over HTTP/2, so those are left out.
 *
 * <p>Connections may be upgraded over HTTP/1.1. Undertow does not take the extended {@code CONNECT} of HTTP/2 (RFC 8441) and
 * does not offer it, so browsers open a connection of HTTP/1.1 for a WebSocket.
 *
 * <p>Undertow does not keep the request line. Of a query that is empty the question mark is lost, and of one that begins
 * with a second question mark that one: {@code /a?} arrives as {@code /a}. All other targets arrive as they were sent.
 *
 * <p>Undertow mends chunks over HTTP/1.1 that are not well formed. The content is read strictly here instead (RFC 9112,
 * section 7.1), so no handler in front of this one may read from it, such as Undertow's {@code RequestBufferingHandler}.
 *
 * <p>The handler is not closed when the server stops; who made it closes it.
 */
public final class RouterHandler implements io.undertow.server.HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpHandler handler;
    private final Map<XnioIoThread, EventLoop> loops = new ConcurrentHashMap<>();
    private final AtomicBoolean limitMentioned = new AtomicBoolean();

    /**
     * Mounts a handler.
     *
     * @param handler what answers; safe for use by several threads
     */
    public RouterHandler(HttpHandler handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Passes a request on. Called by Undertow.
     *
     * @param exchange the request
     */
    @Override
    public void handleRequest(HttpServerExchange exchange) {
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> serve(exchange));
    }

    private void serve(HttpServerExchange exchange) {
        liftEntityLimit(exchange);
        RequestHead head;
        try {
            head = RequestHead.of(exchange);
        } catch (RefusedRequestException e) {
            refuse(e, exchange);
            return;
        }
        if (asksForClose(head)) {
            exchange.setPersistent(false);
        }
        StrictChunks.require(exchange);
        UndertowExchange seen = new UndertowExchange(head, exchange, loopOf(exchange));
        try {
            handler.handle(seen);
        } catch (Throwable failure) {
            answerFailure(head, seen, failure);
        }
    }

    private EventLoop loopOf(HttpServerExchange exchange) {
        XnioIoThread thread = exchange.getIoThread();
        EventLoop known = loops.get(thread);
        return known != null ? known : loops.computeIfAbsent(thread, XnioLoop::new);
    }

    /** How much a request may carry is the handler's to say, which tells the client when it is too much. */
    private void liftEntityLimit(HttpServerExchange exchange) {
        long limit = exchange.getMaxEntitySize();
        if (limit > 0 && exchange.isRequestChannelAvailable()) {
            exchange.setMaxEntitySize(-1);
            if (limitMentioned.compareAndSet(false, true)) {
                LOG.warn(
                        "Undertow ends chunked uploads over HTTP/1.1 after {} bytes, whatever the router allows (call"
                                + " GatehouseUndertow.forRouting on the builder)",
                        limit);
            }
        }
    }

    /** Undertow only knows the option that stands alone. */
    private static boolean asksForClose(RequestHead head) {
        return head.fields().tokens("Connection").stream().anyMatch("close"::equalsIgnoreCase);
    }

    /** Closes the connection, too: what follows on it may not be what the client believes to have sent. */
    private static void refuse(RefusedRequestException refusal, HttpServerExchange exchange) {
        if (refusal.status() != 500) {
            LOG.info(
                    "Request from {}: {} (answered {})",
                    exchange.getSourceAddress(),
                    refusal.getMessage(),
                    refusal.status());
        } else {
            LOG.error("Request cannot be passed on: {} (answered {})", refusal.getMessage(), refusal.status());
        }
        exchange.setPersistent(false);
        exchange.setStatusCode(refusal.status());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, TEXT);
        exchange.getResponseSender().send(refusal.getMessage() + "\n");
    }

    private static void answerFailure(RequestHead head, UndertowExchange exchange, Throwable failure) {
        if (exchange.isOver()) {
            LOG.debug("Handler of {} {} ended after its client: {}", head.method(), head.target(), failure.toString());
            return;
        }
        LOG.error("Handler of {} {} failed: {}", head.method(), head.target(), failure.toString(), failure);
        if (exchange.isResponseStarted()) {
            exchange.abort(failure);
            return;
        }
        ByteBuffer text = StandardCharsets.UTF_8.encode("Internal Server Error\n");
        exchange.startResponse(
                500, HttpFields.of("Content-Type", TEXT, "Content-Length", String.valueOf(text.remaining())));
        try {
            exchange.write(text, true, () -> {});
        } catch (IOException clientGone) {
            exchange.abort(clientGone);
        }
    }
}
