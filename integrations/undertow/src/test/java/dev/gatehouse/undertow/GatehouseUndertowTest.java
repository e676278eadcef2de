package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.conformance.host.HandshakeClient;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ServerTls;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GatehouseUndertowTest {

    private static final TestCa CA = TestCa.create();

    private final CertificateIndex index = CertificateIndex.create();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private @Nullable Undertow server;

    private int serve(CertificateResolver certificates) {
        return serve(ServerTls.using(certificates));
    }

    private int serve(ServerTls tls) {
        Undertow.Builder builder = GatehouseUndertow.forRouting(Undertow.builder());
        Undertow started = GatehouseUndertow.https(
                        builder, tls, 0, "127.0.0.1", new RouterHandler(GatehouseUndertowTest::answer))
                .build();
        started.start();
        server = started;
        return ((InetSocketAddress) started.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        ByteBuffer text = StandardCharsets.UTF_8.encode(exchange.scheme() + " " + exchange.protocol());
        exchange.startResponse(200, HttpFields.of("Content-Length", String.valueOf(text.remaining())));
        exchange.write(text, true, () -> {});
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        if (server != null) {
            server.stop();
        }
    }

    private static HandshakeClient connect(int port, String name) throws IOException {
        return HandshakeClient.connect(port, name, CA.sslContext(), "TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void eachServerNameGetsItsCertificate(String protocol) throws Exception {
        index.add(CA.issue("a.example"));
        index.add(CA.issue("*.b.example"));
        int port = serve(index);

        for (int i = 0; i < 3; i++) {
            try (HandshakeClient a = HandshakeClient.connect(port, "a.example", CA.sslContext(), protocol);
                    HandshakeClient b = HandshakeClient.connect(port, "x.b.example", CA.sslContext(), protocol)) {
                assertThat(a.names()).containsExactly("a.example");
                assertThat(b.names()).containsExactly("*.b.example");
                assertThat(a.get("/").text()).isEqualTo("https HTTP/1.1");
                assertThat(b.get("/").status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void unknownServerNameIsAnsweredWithUnrecognizedName(String protocol) throws Exception {
        index.add(CA.issue("a.example"));
        int port = serve(index);

        assertThatThrownBy(() -> HandshakeClient.connect(port, "c.example", CA.sslContext(), protocol))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void protocolIsNegotiated(HttpClient.Version version) throws Exception {
        index.add(CA.issue("localhost"));
        int port = serve(index);
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(CA.sslContext())
                .build();

        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body())
                .isEqualTo("https " + (version == HttpClient.Version.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1"));
    }

    @Test
    void handshakesThatWaitDoNotStallOthers() throws Exception {
        index.add(CA.issue("fast.example"));
        index.add(CA.issue("*.slow.example", "slow.example"));
        SlowResolver resolver = new SlowResolver(index);
        int port = serve(resolver);
        List<Future<HandshakeClient>> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String name = "slow" + i + ".slow.example";
            waiting.add(clients.submit(() -> connect(port, name)));
        }
        Awaitility.await().until(() -> resolver.waiting() >= 40);

        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            try (HandshakeClient fast = connect(port, "fast.example")) {
                assertThat(fast.get("/").status()).isEqualTo(200);
            }
        }
        Duration twentyFastOnes = Duration.ofNanos(System.nanoTime() - start);
        assertThat(waiting).noneMatch(Future::isDone);
        resolver.release();

        assertThat(twentyFastOnes).isLessThan(Duration.ofSeconds(5));
        for (Future<HandshakeClient> slow : waiting) {
            try (HandshakeClient client = slow.get(20, TimeUnit.SECONDS)) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void noMoreHandshakesWaitThanAllowed() throws Exception {
        index.add(CA.issue("fast.example"));
        SlowResolver resolver = new SlowResolver(index);
        int port = serve(ServerTls.builder(resolver).maxWaitingConnections(30).build());
        List<Future<HandshakeClient>> slow = new ArrayList<>();
        for (int i = 0; i < 30 + 20; i++) {
            String name = "slow" + i + ".example";
            slow.add(clients.submit(() -> connect(port, name)));
        }

        Awaitility.await().until(() -> slow.stream().filter(Future::isDone).count() == 20);
        try (HandshakeClient fast = connect(port, "fast.example")) {
            assertThat(fast.get("/").status()).isEqualTo(200);
        }
        assertThat(slow.stream().filter(Future::isDone)).hasSize(20);
        resolver.release();
    }

    @Test
    void handshakePoolOfOlderJvmsIsBoundedAndNamed() throws Exception {
        Executor pool = HandshakeExecutor.pool();
        Set<String> names = ConcurrentHashMap.newKeySet();
        CountDownLatch end = new CountDownLatch(1);

        for (int i = 0; i < 2 * GatehouseUndertow.MAX_HANDSHAKE_THREADS; i++) {
            pool.execute(() -> {
                names.add(Thread.currentThread().getName());
                awaitQuietly(end);
            });
        }

        Awaitility.await().until(() -> names.size() == GatehouseUndertow.MAX_HANDSHAKE_THREADS);
        assertThat(names).allMatch(name -> name.startsWith("gatehouse-handshake-"));
        end.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
