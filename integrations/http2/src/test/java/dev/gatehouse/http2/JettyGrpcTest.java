package dev.gatehouse.http2;

import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.jetty.RouterHandler;
import dev.gatehouse.routing.HttpHandler;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

class JettyGrpcTest extends GrpcCases {

    @Override
    Host start(HttpHandler handler, SSLContext tls) throws Exception {
        Server server = new Server();
        ServerConnector connector = GatehouseConnector.https(server, tls, GatehouseConnector.httpConfiguration(), 0);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new RouterHandler(handler));
        server.start();
        return new Host(server::stop, connector.getLocalPort());
    }
}
