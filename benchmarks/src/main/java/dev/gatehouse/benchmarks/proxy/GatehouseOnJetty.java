package dev.gatehouse.benchmarks.proxy;

import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.jetty.RouterHandler;
import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Pem;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Gatehouse's router and TLS mounted in Jetty. With Conscrypt on the class path, TLS is Conscrypt's. */
public final class GatehouseOnJetty {

    private GatehouseOnJetty() {}

    /**
     * Starts the proxy.
     *
     * @param arguments those of {@link Setup#of}
     * @throws Exception if it does not start
     */
    public static void main(String[] arguments) throws Exception {
        Setup setup = Setup.of(arguments);
        String origin = Setup.ADDRESS + ":" + setup.originPort();
        Router router = Router.builder()
                .service(Service.named("streamed")
                        .host(Setup.PLAIN_HOST)
                        .host(Setup.TLS_HOST)
                        .target(origin)
                        .build())
                .service(Service.named("buffered")
                        .host(Setup.BUFFERED_HOST)
                        .target(origin)
                        .buffering(Buffering.requests().build())
                        .build())
                .service(Service.named("silent")
                        .host(Setup.PLAIN_HOST)
                        .host(Setup.TLS_HOST)
                        .pathPrefix(Setup.SILENT_PATH)
                        .target(Setup.ADDRESS + ":" + setup.silentPort())
                        .build())
                .build();
        CertificateIndex certificates = CertificateIndex.create();
        certificates.add(Pem.credential(setup.chain(), setup.privateKey()));
        Server server = new Server();
        listen(server, GatehouseConnector.http(server, setup.httpPort()));
        listen(server, GatehouseConnector.https(server, certificates, setup.httpsPort()));
        server.setHandler(new RouterHandler(router));
        server.start();
        server.join();
    }

    private static void listen(Server server, ServerConnector connector) {
        connector.setHost(Setup.ADDRESS);
        server.addConnector(connector);
    }
}
