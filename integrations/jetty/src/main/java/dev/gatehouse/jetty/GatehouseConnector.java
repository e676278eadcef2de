package dev.gatehouse.jetty;

import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ServerTls;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
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

/**
 * Makes Jetty connectors for a server whose certificates Gatehouse chooses and whose requests a {@link RouterHandler} may
 * answer. A connector that is returned belongs to the caller: idle time-out, host and all else can be set until the server
 * starts.
 *
 * <p><b>Threads.</b> Connectors made of a {@link CertificateResolver} or a {@link ServerTls} have a {@link
 * dev.gatehouse.tls.TlsGate} before TLS. A client whose certificate is still being found or issued holds a connection and some 4 KiB, and no
 * thread; how many may wait at once and how long, {@link ServerTls.Builder#maxWaitingConnections} and {@link
 * ServerTls.Builder#maxWait} say. With an {@link SSLContext} of your own each handshake that waits holds a thread of the
 * server's pool; keep its bound on waiting handshakes below the size of the pool.
 *
 * <p><b>Server name and host.</b> A request for a host whose {@link dev.gatehouse.tls.ConnectionPolicy} is not that of its
 * connection is answered with 421 Misdirected Request, before any handler. Jetty's own <i>SNI host check</i> is off: HTTP/2
 * clients use one connection for all names of a wildcard certificate, and the router decides by the host of each
 * request. With an {@code SSLContext} of your own where the server name decides about client certificates, switch it on with
 * {@link SecureRequestCustomizer#setSniHostCheck}.
 */
public final class GatehouseConnector {

    /** Jetty's own 8 KiB is less than what browsers send and applications answer when cookies pile up. */
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private GatehouseConnector() {}

    /**
     * Makes a connector for HTTP/2 and HTTP/1.1 over TLS, with the settings that {@link ServerTls} and {@link
     * #httpConfiguration} have by default.
     *
     * @param server the server that the connector will be added to
     * @param certificates finds the certificate for each handshake
     * @param port where to listen, 0 for a free port
     * @return the connector, not yet added to the server
     */
    public static ServerConnector https(Server server, CertificateResolver certificates, int port) {
        return https(server, ServerTls.using(certificates), httpConfiguration(), port);
    }

    /**
     * Makes a connector for HTTP/2 and HTTP/1.1 over TLS.
     *
     * @param server the server that the connector will be added to
     * @param tls the TLS side, with connection policies of server names if there are any
     * @param configuration the HTTP settings; customizers are added as {@link TlsGateConnectionFactory} says
     * @param port where to listen, 0 for a free port
     * @return the connector, not yet added to the server
     */
    public static ServerConnector https(Server server, ServerTls tls, HttpConfiguration configuration, int port) {
        return listeningOn(
                port,
                new ServerConnector(
                        server,
                        new TlsGateConnectionFactory(tls.gate("h2", "http/1.1")),
                        new HTTP2ServerConnectionFactory(configuration),
                        new HttpConnectionFactory(configuration)));
    }

    /**
     * Makes a connector for HTTP/2 and HTTP/1.1 over TLS, with a context of your own and without a gate.
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
     * otherwise. Of the messages themselves {@link HttpCompliance#STRICT} takes none that two readers could see end at
     * different places, such as one with a line feed alone for a line end. Heads of messages may have 64 KiB. A
     * client may pause within them as long as the connector's idle time-out says, which is 30 seconds unless it is set. The version of the server is not sent.
     *
     * @return new settings, for one connector or several
     */
    public static HttpConfiguration httpConfiguration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setHttpCompliance(HttpCompliance.STRICT);
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(MAX_HEAD_BYTES);
        configuration.setMaxResponseHeaderSize(MAX_HEAD_BYTES);
        return configuration;
    }

    private static ServerConnector listeningOn(int port, ServerConnector connector) {
        connector.setPort(port);
        return connector;
    }
}
