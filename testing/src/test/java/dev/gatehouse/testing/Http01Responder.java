package dev.gatehouse.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server that answers HTTP-01 challenges for any host, and remembers for which hosts it was asked. */
final class Http01Responder implements AutoCloseable {
    static final String PATH = "/.well-known/acme-challenge/";

    static {
        // Read by the JDK when the first server of the JVM is made, which may be this one.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> askedHosts = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    Http01Responder() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<String> askedHosts() {
        return askedHosts;
    }

    void serve(String token, String keyAuthorization) {
        answers.put(PATH + token, keyAuthorization);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            askedHosts.add(exchange.getRequestHeaders().getFirst("Host"));
            String answer = answers.get(exchange.getRequestURI().getPath());
            if (answer == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = answer.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
