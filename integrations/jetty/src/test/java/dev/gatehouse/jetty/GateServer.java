package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsGate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A server behind a gate, which tells what it knows of a connection. Its buffers are counted. */
final class GateServer implements AutoCloseable {

    private static final int DEFAULT_THREADS = 16;

    private final ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking();
    private final QueuedThreadPool threads;
    private final Server server;
    private final ServerConnector connector;

    private GateServer(ServerTls tls, int maxThreads, HttpConfiguration http, Consumer<ServerConnector> settings)
            throws Exception {
        threads = new QueuedThreadPool(maxThreads);
        server = new Server(threads, null, buffers);
        connector = GatehouseConnector.https(server, tls, http, 0);
        connector.setHost("127.0.0.1");
        settings.accept(connector);
        server.addConnector(connector);
        server.setHandler(new Telling());
        server.start();
    }

    static GateServer start(ServerTls tls) throws Exception {
        return start(tls, DEFAULT_THREADS, connector -> {});
    }

    static GateServer start(ServerTls tls, int maxThreads, Consumer<ServerConnector> settings) throws Exception {
        return new GateServer(tls, maxThreads, GatehouseConnector.httpConfiguration(), settings);
    }

    static GateServer start(ServerTls tls, HttpConfiguration configuration) throws Exception {
        return new GateServer(tls, DEFAULT_THREADS, configuration, connector -> {});
    }

    int port() {
        return connector.getLocalPort();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    TlsGate gate() {
        return connector.getConnectionFactory(TlsGateConnectionFactory.class).gate();
    }

    ServerConnector connector() {
        return connector;
    }

    /** Threads that do something at this moment, besides accepting and selecting. */
    int workingThreads() {
        return threads.getUtilizedThreads();
    }

    int connections() {
        return connector.getConnectedEndPoints().size();
    }

    void stop() throws Exception {
        server.stop();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
        await().untilAsserted(() ->
                assertThat(buffers.getLeaks()).as(buffers.dumpLeaks()).isEmpty());
    }

    private static final class Telling extends Handler.Abstract.NonBlocking {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            EndPoint.SslSessionData session =
                    (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
            X509Certificate[] client = session.peerCertificates();
            Content.Sink.write(
                    response,
                    true,
                    "secure=%s %s host=%s suite=%s name=%s client=%s thread=%s"
                            .formatted(
                                    request.isSecure(),
                                    request.getConnectionMetaData().getProtocol(),
                                    Request.getServerName(request),
                                    session.cipherSuite(),
                                    session.sslSession().getValue(SslContextFactory.Server.SNI_HOST),
                                    client == null ? "none" : client[0].getSubjectX500Principal(),
                                    Thread.currentThread().getName()),
                    callback);
            return true;
        }
    }
}
