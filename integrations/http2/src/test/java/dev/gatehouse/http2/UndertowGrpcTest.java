package dev.gatehouse.http2;

import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.undertow.GatehouseUndertow;
import dev.gatehouse.undertow.RouterHandler;
import io.undertow.Undertow;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;

class UndertowGrpcTest extends GrpcCases {

    @Override
    Host start(HttpHandler handler, SSLContext tls) {
        Undertow server = GatehouseUndertow.https(
                        GatehouseUndertow.forRouting(Undertow.builder()),
                        tls,
                        0,
                        "127.0.0.1",
                        new RouterHandler(handler))
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return new Host(server::stop, port);
    }
}
