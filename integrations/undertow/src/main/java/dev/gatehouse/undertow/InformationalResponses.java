package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends informational responses, for which Undertow has no method but for 100: to HTTP/1.1 clients they are written below
 * its own response. HTTP/2 has no such way in, and those clients do without them.
 */
final class InformationalResponses {

    private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);

    private final RequestHead head;
    private final HttpServerExchange exchange;
    private final HostThread thread;
    private @Nullable InformationalQueue queue;

    InformationalResponses(RequestHead head, HttpServerExchange exchange, HostThread thread) {
        this.head = head;
        this.exchange = exchange;
        this.thread = thread;
    }

    /** A 100 is sent by Undertow when the content is first waited for, and by no one else. */
    void send(int status, HttpFields fields) {
        if (status == StatusCodes.CONTINUE || head.protocol().toString().equals("HTTP/1.0")) {
            return;
        }
        if (!(exchange.getConnection() instanceof HttpServerConnection http1) || http1.getPipelineBuffer() != null) {
            LOG.debug("Informational response {} not sent: Undertow can send it to HTTP/1.1 clients only", status);
            return;
        }
        if (queue == null) {
            InformationalQueue added = new InformationalQueue(http1.getOriginalSinkConduit());
            exchange.addResponseWrapper((factory, ignored) -> added.before(factory.create()));
            queue = added;
        }
        InformationalQueue target = queue;
        ByteBuffer message = message(status, fields);
        thread.executeWhereRight(() -> target.send(message));
    }

    private static ByteBuffer message(int status, HttpFields fields) {
        StringBuilder message = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(StatusCodes.getReason(status))
                .append("\r\n");
        fields.forEach(
                (name, value) -> message.append(name).append(": ").append(value).append("\r\n"));
        return StandardCharsets.ISO_8859_1.encode(message.append("\r\n").toString());
    }
}
