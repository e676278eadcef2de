package dev.gatehouse.undertow;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.tls.ServerTls;
import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

final class UndertowHost implements RouterHost {

    private final @Nullable ServerTls gate;
    private @Nullable Undertow server;

    UndertowHost() {
        this(null);
    }

    /** @param gate what listens for TLS in place of the context that a test gives */
    UndertowHost(@Nullable ServerTls gate) {
        this.gate = gate;
    }

    @Override
    public URI start(HttpHandler handler) {
        return URI.create("http://127.0.0.1:"
                + listen(GatehouseUndertow.http(
                        GatehouseUndertow.forRouting(Undertow.builder()), 0, "127.0.0.1", new RouterHandler(handler))));
    }

    @Override
    public URI startTls(HttpHandler handler, SSLContext tls) {
        Undertow.Builder builder = GatehouseUndertow.forRouting(Undertow.builder());
        RouterHandler root = new RouterHandler(handler);
        return URI.create("https://localhost:"
                + listen(
                        gate == null
                                ? GatehouseUndertow.https(builder, tls, 0, "127.0.0.1", root)
                                : GatehouseUndertow.https(builder, gate, 0, "127.0.0.1", root)));
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
