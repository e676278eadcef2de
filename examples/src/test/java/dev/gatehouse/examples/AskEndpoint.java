package dev.gatehouse.examples;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** An ask hook that counts. */
final class AskEndpoint implements AutoCloseable {

    private final HttpServer server;
    private final List<String> questions = new CopyOnWriteArrayList<>();

    AskEndpoint(Predicate<String> permitted) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/allow_domain", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            String name = query.replaceAll("^domain=([^&]*)&host=\\1$", "$1");
            questions.add(name);
            exchange.sendResponseHeaders(permitted.test(name) ? 200 : 404, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/allow_domain";
    }

    List<String> questions() {
        return questions;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
