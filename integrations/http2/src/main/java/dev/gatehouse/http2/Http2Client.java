package dev.gatehouse.http2;

import java.time.Duration;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's client as this module uses it. */
final class Http2Client {

    /** How much of a response one stream holds for its client. */
    static final int STREAM_WINDOW_BYTES = 256 * 1024;

    /** The largest head in either direction; the target's own limit counts for requests if it is lower. */
    static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Http2Transport.class);
    private static final int MAX_THREADS = 16;

    /** Longer than services wait for a connection; here it only keeps attempts from going on for ever. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(1);

    private Http2Client() {}

    static HTTP2Client start(Limits limits) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
        threads.setName("gatehouse-http2");
        threads.setDaemon(true);
        ClientConnector connector = new ClientConnector();
        connector.setExecutor(threads);
        connector.setScheduler(new ScheduledExecutorScheduler("gatehouse-http2-timer", true));
        connector.setConnectTimeout(CONNECT_TIMEOUT);
        connector.setIdleTimeout(limits.idleConnectionTimeout());
        HTTP2Client client = new HTTP2Client(connector);
        client.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
        client.setInitialSessionRecvWindow(sessionWindow(limits));
        client.setFlowControlStrategyFactory(ResponseFlowControl::new);
        client.setMaxRequestHeadersSize(MAX_HEAD_BYTES);
        client.setMaxResponseHeadersSize(MAX_HEAD_BYTES);
        try {
            client.start();
        } catch (Exception failed) {
            LifeCycle.stop(client);
            throw new IllegalStateException("HTTP/2 to targets cannot start: " + failed.getMessage(), failed);
        }
        return client;
    }

    /** Room for all streams, so that clients that take nothing cannot hold up the others of their connection. */
    private static int sessionWindow(Limits limits) {
        return (int) Math.min(Integer.MAX_VALUE, (limits.maxStreamsPerConnection() + 1L) * STREAM_WINDOW_BYTES);
    }

    static void stop(HTTP2Client client) {
        try {
            client.stop();
        } catch (Exception failed) {
            LOG.warn("HTTP/2 to targets did not stop cleanly ({}); its threads are daemons", failed.toString());
        }
    }
}
