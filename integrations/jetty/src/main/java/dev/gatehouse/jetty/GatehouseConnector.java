package dev.gatehouse.jetty;

import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ServerTls;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * Makes Jetty connectors for a server whose certificates Gatehouse chooses and whose requests a {@link RouterHandler} may
 * answer. A connector that is returned belongs to the caller: idle time-out, host and all else can be set until the server
 * starts.
 *
 * <p><b>Threads.</b> A handshake that waits for its certificate holds one thread of the server's pool. At most half of
 * the pool, and at most 100 threads, can be held in that way; what comes beyond that is refused at once with the alert
 * {@code unrecognized_name}, so that a flood of made-up names leaves threads for others. A server that expects many new
 * names at once gets a larger pool. With a context of your own, keep its bound on waiting handshakes below the pool's
 * size.
 *
 * <p><b>Server name and host.</b> Jetty can refuse requests whose {@code Host} is not in the certificate that the
 * connection was opened with (its <i>SNI host check</i>). That is off here: HTTP/2 clients use one connection for all
 * names of a wildcard certificate, and the router decides by the host of each request. Where the server name decides about
 * client certificates, switch it on with {@link SecureRequestCustomizer#setSniHostCheck}.
 */
public final class GatehouseConnector {

    private static final int MAX_WAITING_HANDSHAKES = 100;

    /** Jetty's own 8 KiB is less than what browsers send and applications answer when cookies pile up. */
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private GatehouseConnector() {}

    /**
     * Makes a connector for HTTP/2 and HTTP/1.1 over TLS.
     *
     * @param server the server that the connector will be added to, with its thread pool
     * @param certificates finds the certificate for each handshake
     * @param port where to listen, 0 for a free port
     * @return the connector, not yet added to the server
     */
    public static ServerConnector https(Server server, CertificateResolver certificates, int port) {
        SSLContext tls = ServerTls.builder(certificates)
                .maxWaiters(maxWaitingHandshakes(server))
                .build()
                .sslContext();
        return https(server, tls, httpConfiguration(), port);
    }

    /**
     * Makes a connector for HTTP/2 and HTTP/1.1 over TLS, with a context and settings of your own.
     *
     * @param server the server that the connector will be added to
     * @param tls the context, ready to use, such as one of {@link ServerTls}
     * @param configuration the HTTP settings; a {@link SecureRequestCustomizer} is added if there is none
     * @param port where to listen, 0 for a free port
     * @return the connector, not yet added to the server
     */
    public static ServerConnector https(Server server, SSLContext tls, HttpConfiguration configuration, int port) {
        if (configuration.getCustomizer(SecureRequestCustomizer.class) == null) {
            configuration.addCustomizer(new SecureRequestCustomizer(false));
        }
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(tls);
        ssl.setRenegotiationAllowed(false);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        return listeningOn(
                port,
                new ServerConnector(
                        server,
                        new SslConnectionFactory(ssl, alpn.getProtocol()),
                        alpn,
                        new HTTP2ServerConnectionFactory(configuration),
                        new HttpConnectionFactory(configuration)));
    }

    /**
     * Makes a connector for HTTP/1.1 in clear text, as a challenge of the certificate authority or a load balancer uses it.
     * Clients that offer to go over to HTTP/2 there are answered in HTTP/1.1.
     *
     * @param server the server that the connector will be added to
     * @param port where to listen, 0 for a free port
     * @return the connector, not yet added to the server
     */
    public static ServerConnector http(Server server, int port) {
        return listeningOn(port, new ServerConnector(server, new HttpConnectionFactory(httpConfiguration())));
    }

    /**
     * Makes the HTTP settings that a router needs. The path of a request reaches the handler as the client sent it:
     * {@link UriCompliance#UNSAFE} makes Jetty refuse nothing such as {@code %2F}, {@code //} or {@code %2e%2e}, because
     * a proxy has to pass on what its origins understand, and {@link dev.gatehouse.routing.Router} compares paths without
     * decoding them. Other handlers beside it have to be as careful; give them a connector with Jetty's own settings
     * otherwise. Heads of messages may have 64 KiB. The version of the server is not sent.
     *
     * @return new settings, for one connector or several
     */
    public static HttpConfiguration httpConfiguration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(MAX_HEAD_BYTES);
        configuration.setMaxResponseHeaderSize(MAX_HEAD_BYTES);
        return configuration;
    }

    private static ServerConnector listeningOn(int port, ServerConnector connector) {
        connector.setPort(port);
        return connector;
    }

    private static int maxWaitingHandshakes(Server server) {
        return server.getThreadPool() instanceof ThreadPool.SizedThreadPool pool
                ? Math.max(1, Math.min(MAX_WAITING_HANDSHAKES, pool.getMaxThreads() / 2))
                : MAX_WAITING_HANDSHAKES;
    }
}
