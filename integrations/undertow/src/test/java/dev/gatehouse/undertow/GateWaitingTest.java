package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.conformance.host.TlsVisitors;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshakes that wait, for the client or for a certificate. */
@Timeout(60)
class GateWaitingTest {

    private static final int HANDSHAKES = 1000;
    private static final int HANDSHAKE_RECORD = 22;
    private static final TestCa CA = TestCa.create();

    private final CertificateIndex index = CertificateIndex.create();
    private final SlowResolver resolver = new SlowResolver(index);

    GateWaitingTest() {
        index.add(CA.issue("warm.example"));
        index.add(CA.issue("*.new.example"));
    }

    private static String page(int port, String name) throws IOException {
        try (GateClient client = GateClient.connect(port, name, CA.sslContext())) {
            return client.get(name);
        }
    }

    private static List<String> handshakeThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("gatehouse-handshake-"))
                .toList();
    }

    /** A thousand handshakes at once keep a small machine busy for longer than the usual time-out. */
    private ServerTls patient() {
        return ServerTls.builder(resolver).helloTimeout(Duration.ofMinutes(2)).build();
    }

    @Test
    @Timeout(120)
    void aThousandWaitingHandshakesHoldNoThreadAndDelayNobody() throws Exception {
        List<String> names = IntStream.range(0, HANDSHAKES)
                .mapToObj(i -> "slow" + i + ".new.example")
                .toList();
        try (GateServer server = GateServer.start(patient())) {
            assertThat(page(server.port(), "warm.example")).endsWith("page");
            int before = Thread.activeCount();
            int handshakeThreads = handshakeThreads().size();
            try (TlsVisitors visitors = TlsVisitors.connect(server.port(), names, CA.sslContext())) {
                await().until(() -> resolver.waiting() >= HANDSHAKES);

                assertThat(handshakeThreads()).hasSizeLessThanOrEqualTo(handshakeThreads);
                assertThat(Thread.activeCount()).isLessThan(before + 20);
                long start = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    assertThat(page(server.port(), "warm.example")).endsWith("page");
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                resolver.release();

                assertThat(visitors.visit(Duration.ofSeconds(90)).values())
                        .hasSize(HANDSHAKES)
                        .containsOnly("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void clientThatLeavesWhileItWaitsIsForgotten() throws Exception {
        try (LogLines log = LogLines.of(GatehouseUndertow.class);
                GateServer server = GateServer.start(ServerTls.using(resolver))) {
            Socket socket = GateClient.begin(server.port(), GateClient.hello("slow.new.example", CA.sslContext()));
            await().until(() -> resolver.waiting() == 1);

            socket.close();

            await().until(() -> log.all().stream().anyMatch(line -> line.contains("left while its admission")));
        }
    }

    @Test
    void bytesThatComeWhileAHandshakeWaitsAreKeptForIt() throws Exception {
        try (GateServer server = GateServer.start(ServerTls.using(resolver));
                Socket socket =
                        GateClient.begin(server.port(), GateClient.hello("slow.new.example", CA.sslContext()))) {
            await().until(() -> resolver.waiting() == 1);
            byte[] alertUserCancelled = {21, 3, 3, 0, 2, 1, 90};
            socket.getOutputStream().write(alertUserCancelled);
            assertThat(page(server.port(), "warm.example")).endsWith("page");

            resolver.release();

            assertThat(socket.getInputStream().read()).isPositive();
        }
    }

    @Test
    void clientThatFloodsWhileItWaitsIsRefused() throws Exception {
        try (LogLines log = LogLines.of(ServerTls.class);
                GateServer server = GateServer.start(ServerTls.using(resolver));
                Socket socket =
                        GateClient.begin(server.port(), GateClient.hello("slow.new.example", CA.sslContext()))) {
            await().until(() -> resolver.waiting() == 1);

            writeUntilRefused(socket);

            await().until(() ->
                    log.all().stream().anyMatch(line -> line.contains("sent more bytes than a ClientHello may have")));
        }
    }

    private static void writeUntilRefused(Socket socket) throws IOException {
        try {
            for (int i = 0; i < 10_000; i++) {
                socket.getOutputStream().write(new byte[1000]);
            }
        } catch (SocketException refused) {
            assertThat(refused).isNotNull();
        }
    }

    @Test
    void helloMayComeInSingleBytes() throws Exception {
        try (GateServer server = GateServer.start(ServerTls.using(index))) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (GateClient client = GateClient.connect(
                        GateClient.singleBytes(server.port()),
                        "warm.example",
                        CA.sslContext(),
                        new String[] {protocol},
                        List.of())) {
                    assertThat(client.get("warm.example")).endsWith("page");
                }
            }
        }
    }

    @Test
    void helloMaySpanSeveralRecords() throws Exception {
        byte[] hello = GateClient.hello("warm.example", CA.sslContext());
        try (GateServer server = GateServer.start(ServerTls.using(index));
                Socket socket = GateClient.begin(server.port(), inRecordsOf(100, hello))) {
            assertThat(socket.getInputStream().read()).isEqualTo(HANDSHAKE_RECORD);
        }
    }

    private static byte[] inRecordsOf(int size, byte[] record) {
        int header = 5;
        byte[] records = new byte[0];
        for (int from = header; from < record.length; from += size) {
            int length = Math.min(size, record.length - from);
            int end = records.length;
            records = Arrays.copyOf(records, end + header + length);
            System.arraycopy(record, 0, records, end, header);
            records[end + 3] = 0;
            records[end + 4] = (byte) length;
            System.arraycopy(record, from, records, end + header, length);
        }
        return records;
    }

    @Test
    void helloThatTakesTooLongEndsTheConnection() throws Exception {
        ServerTls tls =
                ServerTls.builder(index).helloTimeout(Duration.ofMillis(200)).build();
        byte[] hello = GateClient.hello("warm.example", CA.sslContext());
        try (LogLines log = LogLines.of(ServerTls.class);
                GateServer server = GateServer.start(tls);
                Socket slow = GateClient.begin(server.port(), Arrays.copyOf(hello, 50))) {
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
            assertThat(log.all()).anyMatch(line -> line.contains("no whole ClientHello within"));
            assertThat(page(server.port(), "warm.example")).endsWith("page");
        }
    }

    @Test
    void silentClientIsClosedWithoutALineInTheLog() throws Exception {
        ServerTls tls =
                ServerTls.builder(index).helloTimeout(Duration.ofMillis(200)).build();
        try (LogLines log = LogLines.of(ServerTls.class);
                GateServer server = GateServer.start(tls);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(log.all()).noneMatch(line -> line.contains("ClientHello"));
        }
    }

    @Test
    void handshakeThatStopsAfterTheHelloEndsTheConnection() throws Exception {
        ServerTls tls =
                ServerTls.builder(index).helloTimeout(Duration.ofMillis(300)).build();
        try (LogLines log = LogLines.of(ServerTls.class);
                GateServer server = GateServer.start(tls);
                Socket stalled = GateClient.begin(server.port(), GateClient.hello("warm.example", CA.sslContext()))) {
            assertThat(stalled.getInputStream().readAllBytes()).isNotEmpty();
            assertThat(log.all()).anyMatch(line -> line.contains("nothing more came in 300 ms"));
        }
    }

    @Test
    void serverStopsWhileHandshakesWait() throws Exception {
        GateServer server = GateServer.start(ServerTls.using(resolver));
        try (Socket socket = GateClient.begin(server.port(), GateClient.hello("slow.new.example", CA.sslContext()))) {
            await().until(() -> resolver.waiting() == 1);

            server.close();

            assertThat(readToEnd(socket)).isEmpty();
            resolver.release();
        }
    }

    private static byte[] readToEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }
}
