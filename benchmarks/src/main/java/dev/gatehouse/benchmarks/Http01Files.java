package dev.gatehouse.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The web server of all names: answers HTTP-01 challenges, and nothing else. */
final class Http01Files implements AutoCloseable {

    private static final String FOLDER = "/.well-known/acme-challenge/";
    private static final int BACKLOG = 1000;

    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    Http01Files() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(threads);
        server.createContext(FOLDER, this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void put(String token, String keyAuthorization) {
        files.put(FOLDER + token, keyAuthorization);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] content =
                    files.getOrDefault(exchange.getRequestURI().getPath(), "").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(content.length == 0 ? 404 : 200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
