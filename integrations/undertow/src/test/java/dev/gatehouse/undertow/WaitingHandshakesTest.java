package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshakes that wait for a certificate, and the certificate authority that must be answered meanwhile. */
@Timeout(60)
class WaitingHandshakesTest {

    private static final int HANDSHAKES = 30;

    private final TestCa ca = TestCa.create();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @Test
    void ioThreadsAreFreeWhileHandshakesWait() throws Exception {
        AtomicInteger waiting = new AtomicInteger();
        CompletableFuture<Optional<Credential>> issued = new CompletableFuture<>();
        Undertow.Builder builder = Undertow.builder().setIoThreads(2);
        GatehouseUndertow.https(
                builder,
                hello -> {
                    waiting.incrementAndGet();
                    return issued;
                },
                0,
                "127.0.0.1",
                exchange -> exchange.getResponseSender().send("page"));
        GatehouseUndertow.http(
                builder,
                0,
                "127.0.0.1",
                exchange -> exchange.getResponseSender().send("answer"));
        Undertow server = builder.build();
        server.start();
        try {
            List<Future<String>> visits = new ArrayList<>();
            for (int i = 0; i < HANDSHAKES; i++) {
                visits.add(clients.submit(() -> visit(portOf(server, 0))));
            }
            await().until(() -> waiting.get() >= HANDSHAKES);

            for (int i = 0; i < 10; i++) {
                assertThat(fetch(portOf(server, 1))).isEqualTo("answer");
            }
            issued.complete(Optional.of(ca.issue("new.example.com")));

            for (Future<String> visit : visits) {
                assertThat(visit.get()).endsWith("page");
            }
        } finally {
            server.stop();
        }
    }

    private static String fetch(int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String visit(int port) throws Exception {
        try (SSLSocket socket = (SSLSocket) ca.sslContext().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("new.example.com")));
            socket.setSSLParameters(parameters);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: new.example.com\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static int portOf(Undertow server, int listener) {
        return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
    }
}
