package dev.gatehouse.jetty;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.tls.ServerTls;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

final class JettyHost implements RouterHost {

    private final Server server = new Server();
    private final @Nullable ServerTls tls;

    /** A host that listens in clear text, or with a context that it is given. */
    JettyHost() {
        this(null);
    }

    /** A host that listens with TLS behind a gate. */
    JettyHost(@Nullable ServerTls tls) {
        this.tls = tls;
    }

    @Override
    public URI start(HttpHandler handler) throws Exception {
        ServerConnector connector = GatehouseConnector.http(server, 0);
        return URI.create("http://127.0.0.1:" + listen(connector, handler));
    }

    @Override
    public URI startTls(HttpHandler handler, SSLContext context) throws Exception {
        HttpConfiguration configuration = GatehouseConnector.httpConfiguration();
        ServerConnector connector = tls == null
                ? GatehouseConnector.https(server, context, configuration, 0)
                : GatehouseConnector.https(server, tls, configuration, 0);
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
