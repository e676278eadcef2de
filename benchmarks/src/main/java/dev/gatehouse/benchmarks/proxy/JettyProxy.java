package dev.gatehouse.benchmarks.proxy;

import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty's own proxy, as its documentation sets it up. */
public final class JettyProxy {

    private JettyProxy() {}

    /**
     * Starts the proxy.
     *
     * @param arguments those of {@link Setup#of}
     * @throws Exception if it does not start
     */
    public static void main(String[] arguments) throws Exception {
        Setup setup = Setup.of(arguments);
        Server server = new Server();
        listen(setup.httpPort(), new ServerConnector(server, new HttpConnectionFactory()));
        listen(setup.httpsPort(), tls(server, setup));
        server.setHandler(new ProxyHandler.Reverse(request -> origin(setup, request)));
        server.start();
        server.join();
    }

    private static HttpURI origin(Setup setup, Request request) {
        boolean silent = Setup.SILENT_PATH.equals(request.getHttpURI().getPath());
        return HttpURI.build(request.getHttpURI())
                .scheme("http")
                .host(Setup.ADDRESS)
                .port(silent ? setup.silentPort() : setup.originPort());
    }

    private static ServerConnector tls(Server server, Setup setup) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer());
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(setup.tls());
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        return new ServerConnector(
                server,
                new SslConnectionFactory(ssl, alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(configuration),
                new HttpConnectionFactory(configuration));
    }

    private static void listen(int port, ServerConnector connector) {
        connector.setHost(Setup.ADDRESS);
        connector.setPort(port);
        connector.getServer().addConnector(connector);
    }
}
