package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router in the server of the JDK. */
@Timeout(60)
class BlockingExchangeTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;
    private HttpServer origin;
    private Router router;

    private URI start(HttpHandler handler) throws IOException {
        server = JdkExchange.serve(handler, threads);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private URI routeTo(com.sun.net.httpserver.HttpHandler application) throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.setExecutor(threads);
        origin.createContext("/", application);
        origin.start();
        return routeTo(origin.getAddress().getPort());
    }

    private URI routeTo(int port) throws IOException {
        router = Router.builder()
                .service(Service.named("app")
                        .target(Target.of("127.0.0.1", port))
                        .build())
                .build();
        return start(router);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
        if (router != null) {
            router.close();
        }
        if (origin != null) {
            origin.stop(0);
        }
        threads.shutdownNow();
    }

    @Test
    void anUploadComesBackWhole() throws Exception {
        byte[] content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        URI uri = routeTo(http -> {
            http.sendResponseHeaders(200, 0);
            try (InputStream in = http.getRequestBody();
                    OutputStream out = http.getResponseBody()) {
                in.transferTo(out);
            }
        });

        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(content))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(content);
    }

    @Test
    void statusesWithoutContentAreKept() throws Exception {
        URI uri = routeTo(http -> {
            http.sendResponseHeaders(204, -1);
            http.close();
        });

        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void aResponseBeginsWhileItsRequestIsStillComing() throws Exception {
        URI uri = start(exchange -> exchange.whenReadable(() -> {
            exchange.startResponse(200, HttpFields.empty());
            write(exchange, "early", false, () -> drain(exchange));
        }));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            String seen = "";
            while (!seen.contains("early")) {
                byte[] bytes = new byte[1000];
                seen += new String(bytes, 0, socket.getInputStream().read(bytes), StandardCharsets.US_ASCII);
            }
            out.write("def".getBytes(StandardCharsets.US_ASCII));
            while (!seen.endsWith("0\r\n\r\n")) {
                byte[] bytes = new byte[1000];
                seen += new String(bytes, 0, socket.getInputStream().read(bytes), StandardCharsets.US_ASCII);
            }
            assertThat(seen).startsWith("HTTP/1.1 200").contains("early", "abcdef");
        }
    }

    private static void drain(HttpExchange exchange) {
        StringBuilder content = new StringBuilder();
        drainOn(exchange, content);
    }

    private static void drainOn(HttpExchange exchange, StringBuilder content) {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        try {
            int count = exchange.read(buffer);
            if (count < 0) {
                write(exchange, content.toString(), true, () -> {});
                return;
            }
            content.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            if (count > 0) {
                drainOn(exchange, content);
            } else {
                exchange.whenReadable(() -> drainOn(exchange, content));
            }
        } catch (IOException failed) {
            exchange.abort(failed);
        }
    }

    private static void write(HttpExchange exchange, String text, boolean last, Runnable resumed) {
        try {
            assertThat(exchange.write(StandardCharsets.US_ASCII.encode(text), last, resumed))
                    .isFalse();
        } catch (IOException failed) {
            exchange.abort(failed);
        }
    }

    @Test
    void aTargetThatBreaksOffIsSeenByTheClient() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> breakOff(listener));
            URI uri = routeTo(listener.getLocalPort());

            assertThatThrownBy(() ->
                            client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    private static void breakOff(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            socket.getInputStream().read(new byte[1000]);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @Test
    void aFailureOfTheHandlerEndsTheExchange() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        URI uri = start(exchange -> {
            exchange.whenClosed(() -> closed.complete(true));
            throw new IllegalStateException("broken handler");
        });

        assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsWrittenAfterTheEndIsRefusedAndTheThreadOfTheHostIsFree() throws Exception {
        AtomicReference<HttpExchange> seen = new AtomicReference<>();
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        URI uri = start(exchange -> {
            seen.set(exchange);
            exchange.startResponse(200, HttpFields.of("Content-Length", "2"));
            exchange.write(StandardCharsets.US_ASCII.encode("ok"), true, () -> written.complete(true));
        });

        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("ok");
        assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen.get().isClientConnected()).isFalse();
        assertThatThrownBy(() -> seen.get().write(ByteBuffer.allocate(1), true, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("the exchange is over");
    }
}
