package dev.gatehouse.jetty;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts a {@link HttpHandler}, usually a {@link dev.gatehouse.routing.Router}, in Jetty:
 *
 * <pre>{@code
 * Server server = new Server();
 * server.addConnector(GatehouseConnector.https(server, certificates, 8443));
 * server.setHandler(new RouterHandler(router));
 * }</pre>
 *
 * <p>It answers every request that reaches it and never blocks: it is called on Jetty's I/O threads, reads and writes
 * as far as that goes without waiting, and goes on in callbacks. HTTP/1.0, HTTP/1.1 and HTTP/2 are served alike.
 * Connections may be upgraded over HTTP/1.1 and by the extended {@code CONNECT} of HTTP/2 (RFC 8441); Jetty's idle time-out
 * does not end those, since the handler has one of its own.
 *
 * <p>Jetty's idle time-out does not end an exchange while its handler is thinking, since the handler has time-outs of its
 * own. It ends one whose client neither sends the content that is being read nor takes the content that is being written.
 *
 * <p>The handler is not closed when the server stops; who made it closes it.
 */
public final class RouterHandler extends Handler.Abstract.NonBlocking {

    private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpHandler handler;

    /**
     * Mounts a handler.
     *
     * @param handler what answers; safe for use by several threads
     */
    public RouterHandler(HttpHandler handler) {
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Passes a request on. Called by Jetty.
     *
     * @return true: every request is answered here
     */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        RequestHead head;
        try {
            head = RequestHead.of(request);
        } catch (RefusedRequestException e) {
            LOG.info("Request from {}: {} (answered {})", Request.getRemoteAddr(request), e.getMessage(), e.status());
            refuse(e, response, callback);
            return true;
        }
        JettyExchange exchange = new JettyExchange(head, request, response, callback);
        try {
            handler.handle(exchange);
        } catch (Throwable failure) {
            answerFailure(head, exchange, failure);
        }
        return true;
    }

    /** Closes the connection, too: what follows on it may not be what the client believes to have sent. */
    private static void refuse(RefusedRequestException refusal, Response response, Callback callback) {
        response.setStatus(refusal.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, TEXT).put(HttpHeader.CONNECTION, "close");
        response.write(true, StandardCharsets.UTF_8.encode(refusal.getMessage() + "\n"), callback);
    }

    private static void answerFailure(RequestHead head, JettyExchange exchange, Throwable failure) {
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
