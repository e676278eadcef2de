package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.conformance.host.TlsVisitors;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections whose certificate is still being found. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GateWaitingTest {

    private static final Logger LOG = LoggerFactory.getLogger(GateWaitingTest.class);
    private static final TestCa CA = TestCa.create();
    private static final int WAITING = 1000;
    private static final int THREADS = 8;

    private final CertificateIndex index = CertificateIndex.create();
    private final SlowResolver resolver = new SlowResolver(index);
    private final List<Socket> sockets = new ArrayList<>();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    GateWaitingTest() {
        index.add(CA.issue("warm.example"));
        index.add(CA.issue("*.tenants.example"));
    }

    @AfterEach
    void close() throws IOException {
        clients.shutdownNow();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket sendHello(GateServer server, String name) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(ClientHellos.forName(name));
        return socket;
    }

    private TlsClient connect(GateServer server, String name) throws IOException {
        return TlsClient.connect(server.port(), name, CA.sslContext(), "TLSv1.3");
    }

    /** A thousand handshakes at once keep a small machine busy for longer than the usual time-out. */
    private ServerTls patient() {
        return ServerTls.builder(resolver).helloTimeout(Duration.ofMinutes(2)).build();
    }

    @Test
    @Timeout(120)
    void aThousandThatWaitHoldNoThreadAndLeaveAWarmNameAsFastAsBefore() throws Exception {
        List<String> names = IntStream.range(0, WAITING)
                .mapToObj(i -> "slow" + i + ".tenants.example")
                .toList();
        try (GateServer server = GateServer.start(patient(), THREADS, connector -> connector.setIdleTimeout(120_000))) {
            Duration before = timeOfVisits(server);
            try (TlsVisitors visitors = TlsVisitors.connect(server.port(), names, CA.sslContext())) {
                await().atMost(Duration.ofSeconds(30)).until(() -> resolver.waiting() == WAITING);

                assertThat(server.gate().waitingConnections()).isEqualTo(WAITING);
                await().untilAsserted(() -> assertThat(server.workingThreads()).isZero());
                Duration meanwhile = timeOfVisits(server);
                LOG.info(
                        "20 visits of a warm name: {} ms, {} ms while {} wait",
                        before.toMillis(),
                        meanwhile.toMillis(),
                        WAITING);
                assertThat(meanwhile).isLessThan(Duration.ofSeconds(5));

                resolver.release();
                assertThat(visitors.visit(Duration.ofSeconds(90)).values())
                        .hasSize(WAITING)
                        .containsOnly("HTTP/1.1 200 OK");
                assertThat(server.gate().waitingConnections()).isZero();
            }
        }
    }

    private Duration timeOfVisits(GateServer server) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            try (TlsClient client = connect(server, "warm.example")) {
                assertThat(client.get("Host: warm.example")).startsWith("HTTP/1.1 200");
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void certificateThatArrivesLaterThanTheIdleTimeoutIsServed() throws Exception {
        try (GateServer server =
                GateServer.start(ServerTls.using(resolver), THREADS, connector -> connector.setIdleTimeout(200))) {
            Future<String> response = clients.submit(() -> {
                try (TlsClient client = connect(server, "slow.tenants.example")) {
                    return client.get("Host: slow.tenants.example");
                }
            });
            await().until(() -> resolver.waiting() == 1);
            long from = System.nanoTime();
            await().until(() ->
                    System.nanoTime() - from > Duration.ofMillis(800).toNanos());

            resolver.release();

            assertThat(response.get()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void certificateThatDoesNotArriveInTimeIsAnAlert() throws Exception {
        ServerTls tls =
                ServerTls.builder(resolver).maxWait(Duration.ofMillis(100)).build();
        try (GateServer server = GateServer.start(tls)) {
            assertThatThrownBy(() -> connect(server, "slow.tenants.example"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("unrecognized_name");
        }
    }

    @Test
    void clientThatLeavesWhileItWaitsIsNoticed() throws Exception {
        try (GateServer server = GateServer.start(ServerTls.using(resolver))) {
            Socket client = sendHello(server, "slow.tenants.example");
            await().until(() -> resolver.waiting() == 1);
            assertThat(server.connections()).isEqualTo(1);

            client.close();

            await().untilAsserted(() -> assertThat(server.connections()).isZero());
            resolver.release();
        }
    }

    @Test
    void moreBytesWhileItWaitsAreKeptInBounds() throws Exception {
        try (GateServer server = GateServer.start(ServerTls.using(resolver))) {
            Socket client = sendHello(server, "slow.tenants.example");
            await().until(() -> resolver.waiting() == 1);

            client.getOutputStream().write(new byte[1_000_000], 0, 100_000);

            assertThat(server.connections()).isEqualTo(1);
            resolver.release();
            await().untilAsserted(() -> assertThat(server.connections()).isZero());
        }
    }

    @Test
    void serverThatStopsClosesConnectionsThatWait() throws Exception {
        try (GateServer server = GateServer.start(ServerTls.using(resolver))) {
            Socket client = sendHello(server, "slow.tenants.example");
            await().until(() -> resolver.waiting() == 1);

            server.stop();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            resolver.release();
        }
    }
}
