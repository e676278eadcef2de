package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.examples.HttpsVisitor.Page;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy as a process, and Pebble as its certificate authority. */
@Timeout(180)
class PebbleTest {

    private static final int VISITORS = 20;
    private static final int TENANTS = 15;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int http01Port = Pebble.freePort();
    private HttpServer origin;
    private AskEndpoint ask;
    private Pebble pebble;
    private Path config;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        pebble = Pebble.start(folder, http01Port);
        ask = new AskEndpoint(name -> name.endsWith(".tenants.test"));
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            byte[] page =
                    ("page of " + exchange.getRequestHeaders().getFirst("Host")).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        origin.start();
        config = Files.writeString(folder.resolve("gatehouse.yml"), """
                on_demand_tls:
                  ask: %s
                  burst: 30
                services:
                  tenants:
                    ssl: on_demand
                    targets: ["127.0.0.1:%d"]
                """.formatted(
                        ask.url(), origin.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        if (pebble != null) {
            pebble.close();
            ask.close();
            origin.stop(0);
        }
    }

    @Test
    void concurrentVisitorsShareOneOrderAndTheCertificateSurvivesARestart() throws Exception {
        X509Certificate issued;
        try (GatehouseProcess proxy = proxy()) {
            HttpsVisitor visitor = new HttpsVisitor(pebble.trust(), proxy.httpsPort());

            List<Page> pages = new ArrayList<>();
            for (Future<Page> visit : atOnce(() -> visitor.get("new.tenants.test", "/"))) {
                pages.add(visit.get());
            }

            issued = pages.get(0).certificate();
            assertThat(pages).hasSize(VISITORS).allSatisfy(page -> {
                assertThat(page.body()).isEqualTo("page of new.tenants.test");
                assertThat(page.certificate()).isEqualTo(issued);
            });
            assertThat(ask.questions()).containsExactly("new.tenants.test");
            assertThat(pebble.orders()).isEqualTo(1);
        }

        try (GatehouseProcess restarted = proxy()) {
            Page page = new HttpsVisitor(pebble.trust(), restarted.httpsPort()).get("new.tenants.test", "/");

            assertThat(page.certificate()).isEqualTo(issued);
            // The permission is refreshed behind the certificate that is served.
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(ask.questions()).containsExactly("new.tenants.test", "new.tenants.test"));
            assertThat(pebble.orders()).isEqualTo(1);
            assertThat(restarted.output()).contains("new.tenants.test: served from storage");
        }
    }

    /** Some 150 requests, of which Pebble refuses one in twenty for its nonce. */
    @Test
    void manyTenantsAtOnceAreAllServedInSpiteOfRefusedNonces() throws Exception {
        try (GatehouseProcess proxy = proxy()) {
            HttpsVisitor visitor = new HttpsVisitor(pebble.trust(), proxy.httpsPort());

            List<Future<Page>> visits = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                String name = "tenant-" + i + ".tenants.test";
                visits.add(threads.submit(() -> visitor.get(name, "/")));
            }

            for (int i = 0; i < TENANTS; i++) {
                assertThat(visits.get(i).get().body()).isEqualTo("page of tenant-" + i + ".tenants.test");
            }
            assertThat(ask.questions()).hasSize(TENANTS);
            assertThat(pebble.orders()).isEqualTo(TENANTS);
        }
    }

    @Test
    void concurrentStrangersCauseOneQuestionNoOrderAndAnAlert() throws Exception {
        try (GatehouseProcess proxy = proxy()) {
            HttpsVisitor visitor = new HttpsVisitor(pebble.trust(), proxy.httpsPort());

            for (Future<Page> visit : atOnce(() -> visitor.get("stranger.example", "/"))) {
                assertThat(visit)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableOfType(ExecutionException.class)
                        .withMessageContaining("unrecognized_name");
            }

            assertThat(ask.questions()).containsExactly("stranger.example");
            assertThat(pebble.orders()).isZero();
            assertThat(proxy.output()).containsOnlyOnce("stranger.example: refused by PERMISSION");
        }
    }

    private GatehouseProcess proxy() throws IOException {
        return GatehouseProcess.run(
                folder,
                List.of(),
                List.of(
                        "--config",
                        config.toString(),
                        "--http-port",
                        String.valueOf(http01Port),
                        "--state-dir",
                        folder.resolve("state").toString(),
                        "--acme-directory",
                        pebble.directory(),
                        "--acme-ca-root",
                        pebble.listenerRoot().toString()));
    }

    private List<Future<Page>> atOnce(Callable<Page> visit) {
        CyclicBarrier start = new CyclicBarrier(VISITORS);
        List<Future<Page>> visits = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            visits.add(threads.submit(() -> {
                start.await();
                return visit.call();
            }));
        }
        return visits;
    }
}
