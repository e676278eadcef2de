package dev.gatehouse.undertow;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.Options;

/** The connection below an exchange, for what HTTP does not tell about it. */
final class ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);

    private final HttpServerExchange exchange;
    private final ServerConnection connection;
    private final HostThread thread;
    private final EndGate probes;
    private final RequestContent content;
    private volatile boolean gone;

    ClientConnection(HttpServerExchange exchange, HostThread thread, EndGate probes, RequestContent content) {
        this.exchange = exchange;
        this.thread = thread;
        this.probes = probes;
        this.content = content;
        connection = exchange.getConnection();
    }

    /** {@return whether the client is there, as far as can be told} */
    boolean isThere() {
        if (connection instanceof HttpServerConnection http1) {
            thread.executeWhereRight(() -> probe(http1));
            return !gone && connection.isOpen();
        }
        return connection.isOpen() && Connectors.getConduitSinkChannel(exchange).isOpen();
    }

    /**
     * Undertow does not read from an HTTP/1 connection whose request is being answered, so this does, without waiting, and
     * on the I/O thread, as the writes do. It may do so between two writes of a response, but not once that is complete.
     * Bytes that come belong to the client's next request and are handed back. After that the client counts as present,
     * since nothing more can be learnt.
     */
    private void probe(HttpServerConnection http1) {
        if (!gone && content.isAtEnd() && probes.enter()) {
            try {
                if (!exchange.isResponseComplete()) {
                    readWithoutLoss(http1);
                }
            } finally {
                probes.leave();
            }
        }
    }

    private synchronized void readWithoutLoss(HttpServerConnection http1) {
        if (http1.getExtraBytes() != null) {
            return;
        }
        PooledByteBuffer pooled = http1.getByteBufferPool().allocate();
        boolean handedBack = false;
        try {
            ByteBuffer buffer = pooled.getBuffer();
            int count = http1.getOriginalSourceConduit().read(buffer);
            gone = count < 0;
            if (count > 0) {
                buffer.flip();
                http1.ungetRequestBytes(pooled);
                handedBack = true;
            }
        } catch (IOException e) {
            gone = true;
        } finally {
            if (!handedBack) {
                pooled.close();
            }
        }
    }

    /** Ends the connection of HTTP/1, or the stream of HTTP/2. */
    void close() {
        IoUtils.safeClose(connection);
        if (!(connection instanceof HttpServerConnection)) {
            // The stream of a request that began as HTTP/1.1 can only be reset through its response.
            IoUtils.safeClose(Connectors.getConduitSinkChannel(exchange));
            Connectors.terminateRequest(exchange);
            Connectors.terminateResponse(exchange);
        }
    }

    /** Makes the coming end of the connection one that no client takes for the end of a response. */
    void closeWithReset() {
        try {
            connection.setOption(Options.CLOSE_ABORT, true);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("Connection of {}: closed without reset, {}", connection.getPeerAddress(), e.getMessage());
        }
        close();
    }
}
