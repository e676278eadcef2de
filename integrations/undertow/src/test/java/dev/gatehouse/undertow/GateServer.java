package dev.gatehouse.undertow;

import dev.gatehouse.tls.ServerTls;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;

/** A server with one listener behind a TLS gate, on two I/O threads and a pool of four for handlers. */
final class GateServer implements AutoCloseable {

    private final Undertow server;

    private GateServer(Undertow server) {
        this.server = server;
    }

    static GateServer start(ServerTls tls) {
        return start(tls, exchange -> exchange.getResponseSender().send("page"));
    }

    static GateServer start(ServerTls tls, HttpHandler handler) {
        Undertow.Builder builder = Undertow.builder().setIoThreads(2).setWorkerThreads(4);
        Undertow server =
                GatehouseUndertow.https(builder, tls, 0, "127.0.0.1", handler).build();
        server.start();
        return new GateServer(server);
    }

    int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        server.stop();
    }
}
