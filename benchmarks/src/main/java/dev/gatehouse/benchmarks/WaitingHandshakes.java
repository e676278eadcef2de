package dev.gatehouse.benchmarks;

import dev.gatehouse.conformance.host.TlsVisitors;
import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.jetty.RouterHandler;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.undertow.GatehouseUndertow;
import io.undertow.Undertow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A thousand visitors ask for as many new names, whose certificates take two seconds each. Meanwhile a name that has its
 * certificate is visited every 10 ms on a new connection, handshake, request and response.
 */
final class WaitingHandshakes {

    private static final int NEW_NAMES = 1_000;
    private static final Duration AUTHORITY = Duration.ofSeconds(2);
    private static final Duration BETWEEN_VISITS = Duration.ofMillis(10);
    private static final int VISITS = 200;
    private static final String WARM = "warm.example";

    private final TestCa ca = TestCa.create();
    private final SSLContext client = ca.sslContext();
    private final CertificateIndex index = CertificateIndex.create();
    private final CertificateResolver slow = this::resolve;

    private WaitingHandshakes() {
        index.add(ca.issue(WARM));
        index.add(ca.issue("*.new.example"));
    }

    static List<Result> measure() {
        return List.of(new WaitingHandshakes().inUndertow(), new WaitingHandshakes().inJetty());
    }

    private CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        boolean isNew = hello.serverName().isPresent()
                && hello.serverName().get().toString().endsWith(".new.example");
        return isNew
                ? CompletableFuture.supplyAsync(
                                () -> true,
                                CompletableFuture.delayedExecutor(AUTHORITY.toMillis(), TimeUnit.MILLISECONDS))
                        .thenCompose(issued -> index.resolve(hello))
                : index.resolve(hello);
    }

    private Result inUndertow() {
        Undertow.Builder builder = GatehouseUndertow.forRouting(Undertow.builder());
        Undertow server = GatehouseUndertow.https(
                        builder,
                        slow,
                        0,
                        "127.0.0.1",
                        new dev.gatehouse.undertow.RouterHandler(WaitingHandshakes::answer))
                .build();
        server.start();
        try {
            return measure(
                    "Undertow",
                    ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());
        } finally {
            server.stop();
        }
    }

    private Result inJetty() {
        Server server = new Server();
        ServerConnector connector = GatehouseConnector.https(server, slow, 0);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new RouterHandler(WaitingHandshakes::answer));
        try {
            server.start();
            try {
                return measure("Jetty", connector.getLocalPort());
            } finally {
                server.stop();
            }
        } catch (Exception failed) {
            throw new IllegalStateException("Jetty does not start or stop", failed);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.startResponse(200, HttpFields.of("Content-Length", "4"));
        exchange.write(StandardCharsets.US_ASCII.encode("page"), true, () -> {});
    }

    private Result measure(String host, int port) {
        for (int i = 0; i < 5; i++) {
            visits(port, VISITS);
        }
        int threads = Thread.activeCount();
        CompletableFuture<Map<String, String>> visitors = CompletableFuture.supplyAsync(() -> visit(port));
        LockSupport.parkNanos(AUTHORITY.toNanos() / 2);
        int waiting = Thread.activeCount() - threads;
        double[] millis = visits(port, VISITS);
        long served = visitors.join().values().stream()
                .filter("HTTP/1.1 200 OK"::equals)
                .count();
        return Result.of(
                host + ", " + NEW_NAMES + " handshakes that wait " + AUTHORITY.toSeconds()
                        + " s each for a new name: served,"
                        + " threads more than before, 99th percentile of visits to a warm name meanwhile",
                "all, none, < 150 ms",
                "%d, %d, %.0f ms",
                served,
                waiting,
                millis[millis.length * 99 / 100]);
    }

    private Map<String, String> visit(int port) {
        List<String> names = IntStream.range(0, NEW_NAMES)
                .mapToObj(i -> "n" + i + ".new.example")
                .toList();
        try (TlsVisitors visitors = TlsVisitors.connect(port, names, client)) {
            return visitors.visit(Duration.ofSeconds(60));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private double[] visits(int port, int count) {
        double[] millis = new double[count];
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(start + i * BETWEEN_VISITS.toNanos() - System.nanoTime());
            long begun = System.nanoTime();
            visitWarm(port);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    private void visitWarm(int port) {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket(new java.net.Socket(InetAddress.getLoopbackAddress(), port), WARM, port, true)) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + WARM + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() != 'H') {
                throw new IllegalStateException("the warm name was not served");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
