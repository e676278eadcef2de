package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between a client and an origin that have left HTTP behind, at whose pace, and how it ends. */
abstract class TunnelCases extends ContractCases {

    private static final long MORE_THAN_BUFFERS = 64 << 20;

    /** In which the end of a client reaches the origin. A busy machine may miss it now and then, but not each time. */
    private static final long SOON_MILLIS = 500;

    private static final int TRIES = 5;

    @TempDir
    Path folder;

    TunnelCases(RouterHostConformance contract) {
        super(contract);
    }

    /** Asks for WebSocket and gets it. */
    abstract UpgradedClient open() throws IOException;

    /** Asks for WebSocket and gets it, as a client that takes in little before it stops the server from sending. */
    abstract UpgradedClient openWithSmallWindow() throws IOException;

    /** Serves with an origin that switches, and then does this. */
    private TestOrigin switching(TestOrigin.Script then) throws Exception {
        TestOrigin origin = origin(switched(then));
        forwardTo(origin);
        return origin;
    }

    static TestOrigin.Script switched(TestOrigin.Script then) {
        return connection -> {
            String head = connection.readHead();
            if (head != null) {
                connection.send(WebSocketOrigin.accept(head));
                then.serve(connection);
            }
        };
    }

    static void echo(TestOrigin.Connection connection) throws IOException {
        connection.in().transferTo(connection.out());
    }

    private static void assertEchoes(UpgradedClient client, String text) throws IOException {
        client.send(text.getBytes(ISO_8859_1));
        assertThat(new String(client.readExactly(text.length()), ISO_8859_1)).isEqualTo(text);
    }

    // What passes

    @Test
    void bytesPassBothWays() throws Exception {
        switching(TunnelCases::echo);
        UpgradedClient client = open();

        assertEchoes(client, "ping");
        assertEchoes(client, "pong");
    }

    @Test
    void bytesRightBehindTheSwitchArrive() throws Exception {
        switching(connection -> connection.send("hello"));

        assertThat(open().readToEnd()).asString(ISO_8859_1).isEqualTo("hello");
    }

    @Test
    void bufferingDoesNotTouchThem() throws Exception {
        TestOrigin origin = origin(switched(TunnelCases::echo));
        route(Service.named("app")
                .target(origin.address())
                .buffering(Buffering.requestsAndResponses()
                        .maxRequestBodyBytes(1)
                        .maxResponseBodyBytes(1)
                        .temporaryFolder(folder)
                        .build())
                .build());
        UpgradedClient client = open();

        assertEchoes(client, "ping");
        assertEchoes(client, "pong");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void muchPassesBothWaysAtOnce() throws Exception {
        switching(TunnelCases::echo);
        UpgradedClient client = open();
        byte[] much = Content.ofSize(10_000_000);
        ExecutorService sender = Executors.newSingleThreadExecutor();
        closedAfterwards(sender::shutdownNow);

        sender.submit(() -> {
            client.send(much);
            client.endOutput();
            return null;
        });

        assertThat(client.readToEnd()).isEqualTo(much);
    }

    @Test
    void manyAtOnceDoNotMixUp() throws Exception {
        switching(TunnelCases::echo);
        List<UpgradedClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(open());
        }

        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).send(("client " + (10 + i)).getBytes(ISO_8859_1));
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).readExactly(9)).asString(ISO_8859_1).isEqualTo("client " + (10 + i));
            }
        }
    }

    // At whose pace

    @Test
    void clientThatDoesNotReadStopsTheOrigin() throws Exception {
        AtomicLong sent = new AtomicLong();
        switching(connection -> sendForever(connection.out(), sent));
        UpgradedClient client = openWithSmallWindow();

        assertThat(ContentCases.valueOnceStill(sent)).isLessThan(MORE_THAN_BUFFERS);
        assertThat(client.readExactly(1 << 20)).containsOnly(7);
    }

    @Test
    void originThatDoesNotReadStopsTheClient() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        forwardTo(TestOrigin.runningWithSmallWindow(switched(connection -> await(end))));
        UpgradedClient client = open();
        AtomicLong sent = new AtomicLong();
        Thread sender = new Thread(() -> {
            try {
                sendForever(client::send, sent);
            } catch (IOException closed) {
                // The end of the case.
            }
        });
        sender.setDaemon(true);
        sender.start();

        assertThat(ContentCases.valueOnceStill(sent)).isLessThan(MORE_THAN_BUFFERS);
        end.countDown();
    }

    private interface Sink {
        void send(byte[] bytes) throws IOException;
    }

    private static void sendForever(OutputStream out, AtomicLong sent) throws IOException {
        sendForever(out::write, sent);
    }

    private static void sendForever(Sink sink, AtomicLong sent) throws IOException {
        byte[] data = new byte[65_536];
        Arrays.fill(data, (byte) 7);
        while (sent.get() < 2 * MORE_THAN_BUFFERS) {
            sink.send(data);
            sent.addAndGet(data.length);
        }
    }

    // How it ends

    @Test
    void clientMayEndFirst() throws Exception {
        switching(connection -> {
            byte[] all = connection.in().readAllBytes();
            connection.send("got " + all.length);
        });
        UpgradedClient client = open();

        client.send(new byte[1000]).endOutput();

        assertThat(client.readToEnd()).asString(ISO_8859_1).isEqualTo("got 1000");
    }

    @Test
    void originMayEndFirst() throws Exception {
        BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
        switching(connection -> {
            connection.send("bye");
            connection.endOutput();
            lengths.add(connection.in().readAllBytes().length);
        });
        UpgradedClient client = open();

        assertThat(client.readToEnd()).asString(ISO_8859_1).isEqualTo("bye");
        client.send(new byte[1000]).endOutput();

        assertThat(lengths.poll(10, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientThatLeavesEndsTheOriginsConnection(boolean byReset) throws Exception {
        BlockingQueue<Long> ended = new LinkedBlockingQueue<>();
        switching(connection -> {
            connection.awaitEnd();
            ended.add(System.nanoTime());
        });

        assertEndsSoon(ended, client -> {
            if (byReset) {
                client.reset();
            } else {
                client.close();
            }
        });
    }

    private interface Leaving {
        void leave(UpgradedClient client) throws IOException;
    }

    private void assertEndsSoon(BlockingQueue<Long> ended, Leaving leaving) throws Exception {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && fastest > SOON_MILLIS; i++) {
            UpgradedClient client = open();
            long begin = System.nanoTime();
            leaving.leave(client);
            Long end = ended.poll(10, TimeUnit.SECONDS);
            assertThat(end).as("end of the origin's connection").isNotNull();
            fastest = Math.min(fastest, TimeUnit.NANOSECONDS.toMillis(end - begin));
        }
        assertThat(fastest).isLessThanOrEqualTo(SOON_MILLIS);
    }

    @Test
    void clientThatLeavesWhileItIsSentMuchEndsTheOriginsConnection() throws Exception {
        BlockingQueue<Long> ended = new LinkedBlockingQueue<>();
        switching(connection -> {
            try {
                sendForever(connection.out(), new AtomicLong(Long.MIN_VALUE));
            } catch (IOException closed) {
                ended.add(System.nanoTime());
            }
        });

        assertEndsSoon(ended, client -> {
            client.readExactly(100_000);
            client.reset();
        });
    }

    @Test
    void originThatBreaksOffEndsTheClientsConnection() throws Exception {
        switching(connection -> {
            connection.send("before");
            connection.in().read();
            connection.reset();
        });
        UpgradedClient client = open();
        assertThat(client.readExactly(6)).asString(ISO_8859_1).isEqualTo("before");

        client.send(new byte[1]);

        assertThat(client.readToEnd()).isEmpty();
    }

    @Test
    void originThatLeavesGetsNothingMoreAndTheClientItsLastBytes() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        TestOrigin origin = origin(connection -> {
            switched(bytes -> bytes.send("the last")).serve(connection);
            left.countDown();
        });
        forwardTo(origin);
        UpgradedClient client = open();
        await(left);
        for (int i = 0; i < 10; i++) {
            client.send(new byte[10]);
        }

        assertThat(client.readToEnd()).asString(ISO_8859_1).isEqualTo("the last");
    }

    @Test
    void routerThatClosesEndsBothSides() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        TestOrigin origin = origin(switched(connection -> {
            connection.awaitEnd();
            ended.countDown();
        }));
        Router router = closedAfterwards(Router.builder()
                .service(Service.named("app").target(origin.address()).build())
                .build());
        serve(router);
        UpgradedClient client = open();

        router.close();

        assertThat(client.readToEnd()).isEmpty();
        await(ended);
    }

    @Test
    void silenceEndsBothSidesInTime() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        TestOrigin origin = origin(switched(connection -> {
            connection.awaitEnd();
            ended.countDown();
        }));
        route(Service.named("app")
                .target(origin.address())
                .upgradeIdleTimeout(Duration.ofMillis(300))
                .build());

        assertThat(open().readToEnd()).isEmpty();
        await(ended);
    }

    @Test
    void originsConnectionIsNotUsedAgain() throws Exception {
        TestOrigin origin = switching(connection -> connection.in().read());
        UpgradedClient first = open();
        first.send(new byte[1]).endOutput();
        assertThat(first.readToEnd()).isEmpty();

        open();

        assertThat(origin.connections()).isEqualTo(2);
    }

    // Frames of WebSocket

    @Test
    void framesOfWebSocketPassAsTheyAre() throws Exception {
        List<WebSocketOrigin.Frame> received = new ArrayList<>();
        forwardTo(origin(new WebSocketOrigin(received)));
        UpgradedClient client = open();
        byte[] large = Content.ofSize(200_000);

        client.send(WebSocketOrigin.text("hello").masked());
        assertThat(readFrame(client).text()).isEqualTo("hello");
        client.send(new WebSocketOrigin.Frame(false, WebSocketOrigin.BINARY, large).masked());
        WebSocketOrigin.Frame fragment = readFrame(client);
        client.send(new WebSocketOrigin.Frame(true, WebSocketOrigin.CONTINUATION, large).masked());
        WebSocketOrigin.Frame rest = readFrame(client);
        client.send(new WebSocketOrigin.Frame(true, WebSocketOrigin.CLOSE, new byte[] {3, (byte) 0xe8}).masked());

        assertThat(fragment.last()).isFalse();
        assertThat(fragment.payload()).isEqualTo(large);
        assertThat(rest.last()).isTrue();
        assertThat(rest.payload()).isEqualTo(large);
        assertThat(readFrame(client).opcode()).isEqualTo(WebSocketOrigin.CLOSE);
        assertThat(client.readToEnd()).isEmpty();
    }

    private static WebSocketOrigin.Frame readFrame(UpgradedClient client) throws IOException {
        return WebSocketOrigin.readFrame(new DataInputStream(new InputStream() {
            @Override
            public int read() throws IOException {
                return client.readExactly(1)[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                System.arraycopy(client.readExactly(length), 0, into, offset, length);
                return length;
            }
        }));
    }

    // Handlers in the same process

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handlerMaySwitchFromAnyThread(boolean ofTheHost) throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        closedAfterwards(other::shutdownNow);
        BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
        CountDownLatch closed = new CountDownLatch(1);
        serve(exchange -> {
            exchange.whenClosed(closed::countDown);
            exchanges.add(exchange);
            TunnelEcho echo = new TunnelEcho(exchange, ofTheHost ? Runnable::run : other);
            echo.begin(HttpFields.of("X-App", "a"));
        });
        UpgradedClient client = open();
        byte[] much = Content.ofSize(3_000_000);
        Thread sender = new Thread(() -> {
            try {
                client.send(much).endOutput();
            } catch (IOException e) {
                // The client notices that bytes are missing.
            }
        });
        sender.setDaemon(true);
        sender.start();

        assertThat(client.readToEnd()).isEqualTo(much);
        assertThat(exchanges.take().isResponseStarted()).isTrue();
        await(closed);
    }

    @Test
    void abortIsVisibleToTheClient() throws Exception {
        BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
        CountDownLatch closed = new CountDownLatch(1);
        serve(exchange -> {
            exchange.whenClosed(closed::countDown);
            exchange.startUpgrade(HttpFields.empty());
            exchanges.add(exchange);
        });
        UpgradedClient client = open();
        HttpExchange exchange = exchanges.take();
        assertThat(exchange.isClientConnected()).isTrue();

        exchange.abort(new IOException("case"));

        assertThat(client.readToEnd()).isEmpty();
        await(closed);
        Awaitility.await().until(() -> !exchange.isClientConnected());
    }
}
