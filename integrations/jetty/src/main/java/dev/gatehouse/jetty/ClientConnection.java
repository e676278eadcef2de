package dev.gatehouse.jetty;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection below an exchange, for what HTTP does not tell about it. */
final class ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);

    private final boolean multiplexed;
    private final EndGate gate;
    private final RequestContent content;
    private final EndPoint endPoint;
    private final Connection connection;
    private boolean nextRequestHasBegun;

    ClientConnection(RequestHead head, ConnectionMetaData metaData, EndGate gate, RequestContent content) {
        this.gate = gate;
        this.content = content;
        multiplexed = head.isMultiplexed();
        connection = metaData.getConnection();
        endPoint = connection.getEndPoint();
    }

    /** {@return whether the client is there, as far as can be told; over HTTP/2 it tells by itself that it gives up} */
    boolean isThere() {
        if (!gate.enter()) {
            return false;
        }
        try {
            return endPoint.isOpen() && (multiplexed || !content.isAtEnd() || readsNoEnd());
        } finally {
            gate.leave();
        }
    }

    /**
     * Jetty does not read from an HTTP/1 connection whose request is being answered, so this does: one byte, without
     * waiting. A byte that comes belongs to the client's next request and is handed back. After that the client counts as
     * present, since nothing more can be learnt.
     */
    private synchronized boolean readsNoEnd() {
        if (nextRequestHasBegun || !(connection instanceof Connection.UpgradeTo http1)) {
            return true;
        }
        ByteBuffer one = BufferUtil.allocate(1);
        try {
            int count = endPoint.fill(one);
            if (count > 0) {
                nextRequestHasBegun = true;
                http1.onUpgradeTo(one);
            }
            return count >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the connection in a way that no client takes for the end of a response: by reset, and without a word of TLS. */
    void closeWithReset() {
        EndPoint outermost = endPoint;
        while (outermost.getTransport() instanceof EndPoint below) {
            outermost = below;
        }
        if (outermost.getTransport() instanceof NetworkChannel socket) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException | UnsupportedOperationException e) {
                LOG.debug(
                        "Connection of {}: closed without reset, {}",
                        endPoint.getRemoteSocketAddress(),
                        e.getMessage());
            }
        }
        outermost.close();
    }
}
