package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.routing.contract.RouterHost;
import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

final class UndertowHost implements RouterHost {

    private @Nullable Undertow server;

    @Override
    public URI start(HttpHandler handler) {
        return URI.create("http://127.0.0.1:"
                + listen(GatehouseUndertow.http(
                        GatehouseUndertow.forRouting(Undertow.builder()), 0, "127.0.0.1", new RouterHandler(handler))));
    }

    @Override
    public URI startTls(HttpHandler handler, SSLContext tls) {
        return URI.create("https://localhost:"
                + listen(GatehouseUndertow.https(
                        GatehouseUndertow.forRouting(Undertow.builder()),
                        tls,
                        0,
                        "127.0.0.1",
                        new RouterHandler(handler))));
    }

    private int listen(Undertow.Builder builder) {
        server = builder.build();
        server.start();
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
    }
}
