package dev.gatehouse.jetty;

import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.routing.contract.RouterHost;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

final class JettyHost implements RouterHost {

    private final Server server = new Server();

    @Override
    public URI start(HttpHandler handler) throws Exception {
        ServerConnector connector = GatehouseConnector.http(server, 0);
        return URI.create("http://127.0.0.1:" + listen(connector, handler));
    }

    @Override
    public URI startTls(HttpHandler handler, SSLContext tls) throws Exception {
        ServerConnector connector = GatehouseConnector.https(server, tls, GatehouseConnector.httpConfiguration(), 0);
        return URI.create("https://localhost:" + listen(connector, handler));
    }

    private int listen(ServerConnector connector, HttpHandler handler) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new RouterHandler(handler));
        server.start();
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
