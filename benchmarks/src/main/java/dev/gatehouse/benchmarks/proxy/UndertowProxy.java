package dev.gatehouse.benchmarks.proxy;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.RequestBufferingHandler;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.URI;

/** Undertow's own proxy, as its documentation sets it up. */
public final class UndertowProxy {

    private static final int CONNECTIONS = 128;
    private static final int BUFFERS = 8;

    private UndertowProxy() {}

    /**
     * Starts the proxy.
     *
     * @param arguments those of {@link Setup#of}
     * @throws Exception if it does not start
     */
    public static void main(String[] arguments) throws Exception {
        Setup setup = Setup.of(arguments);
        HttpHandler streamed =
                Handlers.path(to(setup.originPort())).addPrefixPath(Setup.SILENT_PATH, to(setup.silentPort()));
        HttpHandler handler = Handlers.virtualHost()
                .setDefaultHandler(streamed)
                .addHost(Setup.BUFFERED_HOST, new RequestBufferingHandler(streamed, BUFFERS));
        Undertow.builder()
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .addHttpListener(setup.httpPort(), Setup.ADDRESS)
                .addHttpsListener(setup.httpsPort(), Setup.ADDRESS, setup.tls())
                .setHandler(handler)
                .build()
                .start();
    }

    private static HttpHandler to(int port) {
        LoadBalancingProxyClient origin = new LoadBalancingProxyClient()
                .addHost(URI.create("http://" + Setup.ADDRESS + ":" + port))
                .setConnectionsPerThread(CONNECTIONS);
        return ProxyHandler.builder().setProxyClient(origin).build();
    }
}
