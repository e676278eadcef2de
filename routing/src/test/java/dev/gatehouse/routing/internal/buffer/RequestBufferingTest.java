package dev.gatehouse.routing.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.routing.Logs;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.internal.loop.FakeTicker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RequestBufferingTest {

    private final FakeTicker ticker = new FakeTicker();
    private final EventLoops loops = EventLoops.start("test-buffer-loop-", 1, ticker);
    private final SpoolWorkers workers = new SpoolWorkers();
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final AtomicInteger handled = new AtomicInteger();
    private final Logs logs = Logs.capture();

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() {
        loops.close();
        workers.close();
        logs.close();
    }

    private Buffering.Builder limits() {
        return Buffering.requests().temporaryFolder(folder);
    }

    private FakeExchange handle(Buffering.Builder limits, FakeExchange exchange) throws Exception {
        return handle(limits, exchange, this::echo);
    }

    private FakeExchange handle(Buffering.Builder limits, FakeExchange exchange, HttpHandler handler) throws Exception {
        Service service = Service.named("api").handler(handler).build();
        new RequestBuffering(loops, workers, budget, limits.build(), handler::handle)
                .handle(new RoutedExchange(exchange, service, "/", exchange.requestTarget()));
        return exchange;
    }

    /** Answers with the framing of the request and its content. */
    private void echo(HttpExchange exchange) throws IOException {
        handled.incrementAndGet();
        exchange.startResponse(
                200,
                HttpFields.of(
                        "X-Length", String.valueOf(exchange.requestFields().get("Content-Length")),
                        "X-Encoding", String.valueOf(exchange.requestFields().get("Transfer-Encoding"))));
        echoOn(exchange, new ByteArrayOutputStream());
    }

    private void echoOn(HttpExchange exchange, ByteArrayOutputStream content) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10_000);
        for (int count = exchange.read(buffer); ; count = exchange.read(buffer)) {
            if (count == 0) {
                exchange.whenReadable(() -> {
                    try {
                        echoOn(exchange, content);
                    } catch (IOException failed) {
                        exchange.abort(failed);
                    }
                });
                return;
            }
            if (count < 0) {
                exchange.write(ByteBuffer.wrap(content.toByteArray()), true, () -> {});
                return;
            }
            content.write(buffer.array(), 0, count);
            buffer.clear();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void assertNothingIsLeft() throws IOException {
        await().until(() -> budget.reserved() == 0);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                16 * 1024 - 1,
                16 * 1024,
                16 * 1024 + 1,
                99_999,
                100_000,
                100_001,
                165_535,
                165_536,
                165_537,
                2_000_000
            })
    void contentArrivesWholeWhereverItIsKept(int length) throws Exception {
        byte[] content = random(length);

        FakeExchange answered = handle(
                        limits().memoryBytes(100_000),
                        FakeExchange.of("POST", "/").chunked().send(content).end())
                .await();

        assertThat(Arrays.equals(answered.bytes(), content)).isTrue();
        assertThat(answered.responseFields())
                .isEqualTo(HttpFields.of("X-Length", Integer.toString(length), "X-Encoding", "null"));
        assertNothingIsLeft();
    }

    @Test
    void emptyContentOfUnknownLengthGetsALength() throws Exception {
        FakeExchange answered =
                handle(limits(), FakeExchange.of("POST", "/").chunked().end()).await();

        assertThat(answered.responseFields().get("X-Length")).isEqualTo("0");
    }

    @Test
    void smallContentTakesNoMoreMemoryThanItHas() throws Exception {
        FakeExchange exchange =
                handle(limits(), FakeExchange.of("POST", "/").contentLength(10).send("hello"));
        await().until(exchange::isWaitingForContent);

        assertThat(budget.reserved()).isEqualTo(10);
        assertThat(exchange.send("world").await().text()).isEqualTo("helloworld");
    }

    @Test
    void contentThatEndsBeforeItsLengthIsNotPassedOffAsComplete() throws Exception {
        FakeExchange exchange = handle(
                limits(),
                FakeExchange.of("POST", "/").contentLength(10).send("hello").end());

        assertThat(exchange.await().status()).isEqualTo(400);
        assertThat(handled).hasValue(0);
        assertNothingIsLeft();
    }

    @Test
    void withoutMemoryEverythingGoesToTheFile() throws Exception {
        byte[] content = random(300_000);

        FakeExchange answered = handle(
                        limits().memoryBytes(0),
                        FakeExchange.of("POST", "/")
                                .contentLength(content.length)
                                .send(content)
                                .end())
                .await();

        assertThat(Arrays.equals(answered.bytes(), content)).isTrue();
    }

    @Test
    void theHandlerIsNotCalledBeforeAllHasArrived() throws Exception {
        FakeExchange exchange =
                handle(limits(), FakeExchange.of("POST", "/").contentLength(10).send("hello"));
        await().until(exchange::isWaitingForContent);
        assertThat(handled).hasValue(0);

        assertThat(exchange.send("world").end().await().text()).isEqualTo("helloworld");
    }

    @Test
    void aRequestWithoutContentIsPassedOnAtOnceOnTheSameThread() throws Exception {
        assertThat(handle(limits(), FakeExchange.get("/")).isOver()).isTrue();
    }

    @Test
    void exactlyTheLimitIsAllowedAndOneByteMoreIsRefusedUpFront() throws Exception {
        byte[] content = random(1_000);
        Buffering.Builder limits = limits().maxRequestBodyBytes(1_000);
        FakeExchange exact = handle(
                limits,
                FakeExchange.of("POST", "/").contentLength(1_000).send(content).end());
        assertThat(exact.await().status()).isEqualTo(200);

        FakeExchange more = handle(limits, FakeExchange.of("POST", "/").contentLength(1_001));
        assertThat(more.await().status()).isEqualTo(413);
        assertThat(more.reads()).isZero();
        assertThat(logs.lines())
                .containsExactly(
                        "INFO api: request content of 1001 bytes is over the limit of 1000 bytes; answered 413."
                                + " Raise maxRequestBodyBytes if it must be accepted");
    }

    @Test
    void contentOfUnknownLengthIsRefusedWhenItPassesTheLimit() throws Exception {
        Buffering.Builder limits = limits().maxRequestBodyBytes(100_000).memoryBytes(10_000);
        FakeExchange exact = handle(
                limits,
                FakeExchange.of("POST", "/").chunked().send(random(100_000)).end());
        assertThat(exact.await().status()).isEqualTo(200);

        FakeExchange more =
                handle(limits, FakeExchange.of("POST", "/").chunked().send(random(100_001)));
        assertThat(more.await().status()).isEqualTo(413);
        assertThat(handled).hasValue(1);
        assertNothingIsLeft();
    }

    @Test
    void beyondTheCommonBudgetContentGoesToFilesEarly() throws Exception {
        FakeExchange[] exchanges = new FakeExchange[8];
        for (int i = 0; i < exchanges.length; i++) {
            exchanges[i] = handle(
                    limits().memoryBytes(400_000),
                    FakeExchange.of("POST", "/").contentLength(400_001).send(random(400_000)));
        }
        for (FakeExchange exchange : exchanges) {
            await().until(exchange::isWaitingForContent);
        }
        assertThat(budget.reserved()).isBetween(1L << 19, 1L << 20);

        for (FakeExchange exchange : exchanges) {
            assertThat(exchange.send("x").end().await().receivedBytes()).isEqualTo(400_001);
        }
        assertNothingIsLeft();
    }

    @Test
    void theTemporaryFileHasNoNameWhileItIsInUse() throws Exception {
        FakeExchange exchange = handle(
                limits().memoryBytes(0),
                FakeExchange.of("POST", "/").contentLength(300_000).send(random(200_000)));
        await().until(exchange::isWaitingForContent);

        assertNothingIsLeft();
        exchange.leave();
    }

    @Test
    void onlyTheOwnerMayReadTheTemporaryFile() throws Exception {
        try (FileChannel channel = SpoolFile.create(folder.resolve("visible"))) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("visible"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenGets507WithOneLogLine() throws Exception {
        Path missing = folder.resolve("missing");

        FakeExchange answered = handle(
                        Buffering.requests().memoryBytes(0).temporaryFolder(missing),
                        FakeExchange.of("POST", "/")
                                .contentLength(300_000)
                                .send(random(300_000))
                                .end())
                .await();

        assertThat(answered.status()).isEqualTo(507);
        assertThat(logs.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR api: request content cannot be buffered in " + missing)
                .contains("NoSuchFileException")
                .endsWith("answered 507. Free space there, or set another temporaryFolder");
    }

    @Test
    void aClientThatLeavesGivesEverythingBack() throws Exception {
        FakeExchange exchange = handle(
                limits().memoryBytes(50_000),
                FakeExchange.of("POST", "/").contentLength(300_000).send(random(200_000)));
        await().until(exchange::isWaitingForContent);
        assertThat(budget.reserved()).isPositive();

        exchange.leave();

        assertNothingIsLeft();
        assertThat(handled).hasValue(0);
        assertThat(logs.lines()).noneMatch(line -> line.startsWith("WARN") || line.startsWith("ERROR"));
    }

    @Test
    void contentThatTheClientBreaksGets400() throws Exception {
        FakeExchange exchange =
                handle(limits(), FakeExchange.of("POST", "/").chunked().send("hello"));
        await().until(exchange::isWaitingForContent);
        exchange.breakContent("bad chunk size");

        assertThat(exchange.await().status()).isEqualTo(400);
        assertNothingIsLeft();
    }

    @Test
    void aClientThatSendsNothingGets408() throws Exception {
        FakeExchange exchange = handle(
                limits(), FakeExchange.of("POST", "/").contentLength(100_000).send(random(30_000)));
        await().until(exchange::isWaitingForContent);
        advance(Duration.ofSeconds(29));
        exchange.send(random(1000));
        await().until(exchange::isWaitingForContent);
        advance(Duration.ofSeconds(29));
        assertThat(exchange.isOver()).isFalse();
        advance(Duration.ofSeconds(1));

        assertThat(exchange.await().status()).isEqualTo(408);
        assertThat(logs.lines())
                .containsExactly("INFO api: the client sent nothing for 30 s; answered 408."
                        + " Raise requestIdleTimeout if clients are that slow");
        assertNothingIsLeft();
    }

    @Test
    void aClientThatTricklesGets408() throws Exception {
        FakeExchange exchange =
                handle(limits(), FakeExchange.of("POST", "/").contentLength(10).send("hello"));
        await().until(exchange::isWaitingForContent);
        advance(Duration.ofSeconds(29));
        exchange.send("w");
        await().until(exchange::isWaitingForContent);
        advance(Duration.ofSeconds(29));

        assertThat(exchange.await().status()).isEqualTo(408);
        assertThat(logs.lines())
                .containsExactly("INFO api: the client sent less than 500 bytes per second; answered 408."
                        + " Lower minRequestRate if clients are that slow");
        assertNothingIsLeft();
    }

    private void advance(Duration duration) {
        ticker.advance(duration, loops);
    }

    @Test
    void aHandlerThatFailsGets500() throws Exception {
        FakeExchange answered = handle(limits(), FakeExchange.of("POST", "/").body("hello"), exchange -> {
            throw new IllegalStateException("broken");
        });

        assertThat(answered.await().status()).isEqualTo(500);
        assertNothingIsLeft();
    }

    @Test
    void whatFollowsAnExtendedConnectIsNotCollected() throws Exception {
        FakeExchange exchange =
                FakeExchange.of("CONNECT", "/").protocol("HTTP/2.0").openEnded();

        handleUpgrade(exchange, seen -> seen.startResponse(204, HttpFields.empty()));

        assertThat(exchange.status()).isEqualTo(204);
    }

    @Test
    void aRequestWithContentIsNotSwitchedToAnotherProtocol() throws Exception {
        FakeExchange exchange = FakeExchange.of("POST", "/").body("hello");

        handleUpgrade(exchange, seen -> {
            exchange.startResponse(200, HttpFields.of("X-Upgrade", String.valueOf(seen.requestedUpgrade())));
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        });

        assertThat(exchange.await().responseFields().get("X-Upgrade")).isEqualTo("null");
    }

    /** Handles a request that asks for WebSocket. */
    private void handleUpgrade(FakeExchange exchange, HttpHandler handler) throws Exception {
        Service service = Service.named("api").handler(handler).build();
        new RequestBuffering(loops, workers, budget, limits().build(), handler::handle)
                .handle(new RoutedExchange(exchange, service, "/", "/") {
                    @Override
                    public String requestedUpgrade() {
                        return "websocket";
                    }
                });
    }
}
