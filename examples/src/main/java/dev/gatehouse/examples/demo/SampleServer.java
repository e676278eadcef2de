package dev.gatehouse.examples.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A small HTTP server on a free loopback port: a service behind the proxy, or the ask hook. */
final class SampleServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4, work -> {
        Thread thread = new Thread(work, "gatehouse-demo-service");
        thread.setDaemon(true);
        return thread;
    });

    private SampleServer(Function<HttpExchange, Answer> application) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> send(exchange, application.apply(exchange)));
        server.start();
    }

    private record Answer(int status, String page) {}

    /** A service that greets the tenant. */
    static SampleServer greeting(String service) throws IOException {
        return new SampleServer(exchange -> {
            String tenant = exchange.getRequestHeaders().getFirst("Host");
            String scheme = exchange.getRequestHeaders().getFirst("X-Forwarded-Proto");
            return new Answer(
                    200,
                    "Hello from " + service + ", here is " + scheme + "://" + tenant + exchange.getRequestURI() + "\n");
        });
    }

    /** An ask hook that permits a fixed set of names. */
    static SampleServer permitting(Set<String> names) throws IOException {
        return new SampleServer(exchange -> {
            boolean permitted = names.contains(parameter(exchange.getRequestURI(), "domain"));
            return new Answer(permitted ? 200 : 404, permitted ? "yes\n" : "no such tenant\n");
        });
    }

    String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static String parameter(URI uri, String name) {
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.page().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(answer.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
