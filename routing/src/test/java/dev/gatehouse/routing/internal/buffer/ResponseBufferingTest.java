package dev.gatehouse.routing.internal.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Logs;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.internal.loop.FakeTicker;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResponseBufferingTest {

    private final FakeTicker ticker = new FakeTicker();
    private final EventLoops loops = EventLoops.start("test-buffer-loop-", 1, ticker);
    private final SpoolWorkers workers = new SpoolWorkers();
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final Logs logs = Logs.capture();
    private final CountDownLatch workersGoOn = new CountDownLatch(1);
    private final AtomicReference<HttpExchange> seenByTheHandler = new AtomicReference<>();

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() {
        workersGoOn.countDown();
        loops.close();
        workers.close();
        logs.close();
    }

    private Buffering.Builder limits() {
        return Buffering.responses().temporaryFolder(folder);
    }

    private FakeExchange handle(Buffering.Builder limits, FakeExchange exchange, Stage handler) throws Exception {
        Service service = Service.named("api").handler(seen -> {}).build();
        Stage next = seen -> {
            seenByTheHandler.set(seen);
            handler.handle(seen);
        };
        new ResponseBuffering(loops, workers, budget, limits.build(), next)
                .handle(new RoutedExchange(exchange, service, "/", exchange.requestTarget()));
        return exchange;
    }

    /** Someone who answers as an origin does: in pieces, of which none is written while one is on its way. */
    private static final class Writer {

        private final HttpExchange exchange;
        private final Deque<byte[]> pieces = new ArrayDeque<>();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable IOException failure;

        Writer(HttpExchange exchange, byte[] content, int pieceLength) {
            this.exchange = exchange;
            for (int at = 0; at < content.length; at += pieceLength) {
                byte[] piece = new byte[Math.min(pieceLength, content.length - at)];
                System.arraycopy(content, at, piece, 0, piece.length);
                pieces.add(piece);
            }
        }

        void write() {
            try {
                while (!pieces.isEmpty()) {
                    ByteBuffer piece = ByteBuffer.wrap(pieces.remove());
                    if (!exchange.write(piece, pieces.isEmpty(), this::write)) {
                        return;
                    }
                }
            } catch (IOException failed) {
                failure = failed;
            }
            done.countDown();
        }
    }

    private static Stage answering(byte[] content) {
        return exchange -> {
            exchange.startResponse(200, HttpFields.of("X-Own", "kept"));
            new Writer(exchange, content, 10_000).write();
        };
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void blockWorkers() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            workers.execute(() -> {
                busy.countDown();
                try {
                    workersGoOn.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        busy.await();
    }

    private void assertNothingIsLeft() throws IOException {
        await().until(() -> budget.reserved() == 0);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_383, 16_384, 16_385, 99_999, 100_000, 100_001, 132_768, 132_769, 2_000_000})
    void contentArrivesWholeAndWithItsLengthWhereverItIsKept(int length) throws Exception {
        byte[] content = random(length);

        FakeExchange answered = handle(limits().memoryBytes(100_000), FakeExchange.get("/"), answering(content))
                .await();

        assertThat(answered.bytes()).isEqualTo(content);
        assertThat(answered.responseFields())
                .isEqualTo(HttpFields.of("X-Own", "kept", "Content-Length", Integer.toString(length)));
        assertNothingIsLeft();
    }

    @Test
    void anEmptyResponseIsOneOfLengthZero() throws Exception {
        FakeExchange answered = handle(limits(), FakeExchange.get("/"), exchange -> {
                    exchange.startResponse(200, HttpFields.empty());
                    exchange.write(text(""), true, () -> {});
                })
                .await();

        assertThat(answered.responseFields()).isEqualTo(HttpFields.of("Content-Length", "0"));
    }

    @Test
    void theClientGetsNothingBeforeTheEnd() throws Exception {
        FakeExchange exchange = handle(limits(), FakeExchange.get("/"), seen -> {
            seen.startResponse(201, HttpFields.empty());
            seen.write(text("hel"), false, () -> {});
        });
        assertThat(exchange.status()).isZero();

        seenByTheHandler.get().write(text("lo"), true, () -> {});

        assertThat(exchange.await().status()).isEqualTo(201);
        assertThat(exchange.text()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSmallResponseTakesNoMoreMemoryThanItHas(boolean announced) throws Exception {
        FakeExchange exchange = handle(limits(), FakeExchange.get("/").stopReading(), seen -> {
            seen.startResponse(200, announced ? HttpFields.of("Content-Length", "5") : HttpFields.empty());
            seen.write(text("hello"), true, () -> {});
        });
        await().until(exchange::holdsResponse);

        assertThat(budget.reserved()).isEqualTo(5);
        assertThat(exchange.resumeReading().await().text()).isEqualTo("hello");
    }

    @Test
    void aSlowClientKeepsNobodyButItsOwnMemory() throws Exception {
        byte[] content = random(3_000_000);
        AtomicReference<Writer> writer = new AtomicReference<>();

        FakeExchange exchange =
                handle(limits().memoryBytes(50_000), FakeExchange.get("/").stopReading(), seen -> {
                    seen.startResponse(200, HttpFields.empty());
                    writer.set(new Writer(seen, content, 64_000));
                    writer.get().write();
                });

        writer.get().done.await();
        await().until(exchange::holdsResponse);
        assertThat(budget.reserved()).isEqualTo(50_000);
        assertThat(exchange.resumeReading().await().bytes()).isEqualTo(content);
        assertNothingIsLeft();
    }

    @Test
    void whoeverAnswersWaitsWhileTheDiskDoes() throws Exception {
        blockWorkers();
        byte[] content = random(500_000);
        AtomicReference<Writer> writer = new AtomicReference<>();

        FakeExchange exchange = handle(limits().memoryBytes(50_000), FakeExchange.get("/"), seen -> {
            seen.startResponse(200, HttpFields.empty());
            writer.set(new Writer(seen, content, 10_000));
            writer.get().write();
        });

        assertThat(writer.get().pieces).as("not yet taken").hasSizeGreaterThan(40);
        workersGoOn.countDown();
        assertThat(exchange.await().bytes()).isEqualTo(content);
    }

    @Test
    void anAnswerOfTheRoutersOwnTakesThePlaceOfAResponseThatBreaksOff() throws Exception {
        FakeExchange answered = handle(limits(), FakeExchange.get("/"), exchange -> {
                    exchange.startResponse(200, HttpFields.of("X-Secret", "inside"));
                    exchange.write(text("half"), false, () -> {});
                    Answer.send(exchange, 502, "The application cannot be reached.");
                })
                .await();

        assertThat(answered.status()).isEqualTo(502);
        assertThat(answered.responseFields().contains("X-Secret")).isFalse();
        assertThat(answered.text()).doesNotContain("half");
        assertNothingIsLeft();
    }

    @Test
    void overTheLimitNothingLeaksAndOneLineIsLogged() throws Exception {
        AtomicReference<Writer> writer = new AtomicReference<>();

        FakeExchange answered = handle(limits().maxResponseBodyBytes(100_000), FakeExchange.get("/"), exchange -> {
                    exchange.startResponse(200, HttpFields.of("X-Secret", "inside"));
                    writer.set(new Writer(exchange, random(100_001), 100_001));
                    writer.get().write();
                })
                .await();

        assertThat(writer.get().failure).isNotNull();
        assertThat(answered.status()).isEqualTo(502);
        assertThat(answered.responseFields().contains("X-Secret")).isFalse();
        assertThat(logs.lines())
                .containsExactly(
                        "WARN api: response content of at least 100001 bytes is over the limit of 100000 bytes;"
                                + " answered 502. Raise maxResponseBodyBytes if it must be passed on");
        assertNothingIsLeft();
    }

    @Test
    void exactlyTheLimitPasses() throws Exception {
        FakeExchange answered = handle(
                        limits().maxResponseBodyBytes(100_000), FakeExchange.get("/"), answering(random(100_000)))
                .await();

        assertThat(answered.status()).isEqualTo(200);
    }

    @Test
    void aLengthOverTheLimitIsRefusedBeforeAnyContent() throws Exception {
        FakeExchange answered = handle(
                        limits().maxResponseBodyBytes(10),
                        FakeExchange.get("/"),
                        exchange -> exchange.startResponse(200, HttpFields.of("Content-Length", "11")))
                .await();

        assertThat(answered.status()).isEqualTo(502);
        assertThatThrownBy(() -> seenByTheHandler.get().write(text("x"), false, () -> {}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void trailersTakeTheLengthsPlace() throws Exception {
        FakeExchange answered = handle(limits(), FakeExchange.get("/"), exchange -> {
                    exchange.startResponse(200, HttpFields.of("Content-Length", "2"));
                    exchange.setResponseTrailers(HttpFields.of("X-Sum", "42"));
                    exchange.write(text("ok"), true, () -> {});
                })
                .await();

        assertThat(answered.responseFields().contains("Content-Length")).isFalse();
        assertThat(answered.responseTrailers()).isEqualTo(HttpFields.of("X-Sum", "42"));
    }

    @Test
    void whoeverHasAnsweredCannotCutTheClientOff() throws Exception {
        FakeExchange exchange = handle(limits(), FakeExchange.get("/").stopReading(), answering(random(100_000)));
        await().until(exchange::holdsResponse);

        seenByTheHandler.get().abort(new IOException("cleaning up"));

        assertThat(exchange.resumeReading().await().isComplete()).isTrue();
        assertThat(exchange.receivedBytes()).isEqualTo(100_000);
    }

    @Test
    void theAnswerOfAHandlerThatFailsAfterwardsStands() throws Exception {
        FakeExchange answered = handle(limits(), FakeExchange.get("/"), exchange -> {
                    answering(random(100)).handle(exchange);
                    throw new IllegalStateException("broken");
                })
                .await();

        assertThat(answered.status()).isEqualTo(200);
        assertThat(answered.receivedBytes()).isEqualTo(100);
        assertThat(logs.lines())
                .containsExactly(
                        "ERROR api: its handler failed after it had answered; the answer stands. See the cause");
    }

    @Test
    void aHandlerThatFailsBeforeTheEndLeavesTheAnswerToOthers() throws Exception {
        FakeExchange exchange = FakeExchange.get("/");

        assertThatThrownBy(() -> handle(limits(), exchange, seen -> {
                    seen.startResponse(200, HttpFields.empty());
                    seen.write(text("half"), false, () -> {});
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");

        assertThat(exchange.isResponseStarted()).isFalse();
        assertNothingIsLeft();
    }

    @Test
    void aClientThatLeavesGivesEverythingBackAndStopsWhoeverAnswers() throws Exception {
        FakeExchange exchange = handle(limits().memoryBytes(20_000), FakeExchange.get("/"), seen -> {
            seen.startResponse(200, HttpFields.empty());
            seen.write(ByteBuffer.wrap(random(15_000)), false, () -> {});
        });
        assertThat(budget.reserved()).isPositive();

        exchange.leave();

        assertNothingIsLeft();
        assertThatThrownBy(() -> seenByTheHandler.get().write(text("x"), false, () -> {}))
                .isInstanceOf(IOException.class);
        assertThat(logs.lines()).noneMatch(line -> line.startsWith("WARN") || line.startsWith("ERROR"));
    }

    @Test
    void aClientThatLeavesWhileItIsServedGivesEverythingBack() throws Exception {
        FakeExchange exchange =
                handle(limits().memoryBytes(20_000), FakeExchange.get("/").stopReading(), answering(random(300_000)));
        await().until(exchange::holdsResponse);

        exchange.leave();

        assertNothingIsLeft();
        assertThat(logs.lines()).noneMatch(line -> line.startsWith("WARN") || line.startsWith("ERROR"));
    }

    @Test
    void aClientThatTakesNothingIsGivenUp() throws Exception {
        FakeExchange exchange = handle(limits(), FakeExchange.get("/").stopReading(), answering(random(100_000)));
        await().until(exchange::holdsResponse);
        ticker.advance(Duration.ofMinutes(5).minusSeconds(1), loops);
        assertThat(exchange.isAborted()).isFalse();

        ticker.advance(Duration.ofSeconds(1), loops);

        await().until(exchange::isAborted);
        assertThat(logs.lines()).singleElement().asString().startsWith("INFO api: the client took nothing");
        assertNothingIsLeft();
    }

    @Test
    void aFolderThatCannotBeWrittenGets507WithOneLogLine() throws Exception {
        assertIsA507(folder.resolve("missing"), "NoSuchFileException");
    }

    @Test
    void aFileSystemThatFailsUnexpectedlyGets507AndNobodyWaitsForEver() throws Exception {
        Path path;
        URI zip = URI.create("jar:" + folder.resolve("zip").toUri());
        try (FileSystem closedAtOnce = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            path = closedAtOnce.getPath("/");
        }
        assertIsA507(path, "ClosedFileSystemException");
    }

    private void assertIsA507(Path unusable, String cause) throws Exception {
        AtomicReference<Writer> writer = new AtomicReference<>();
        FakeExchange answered = handle(
                        Buffering.responses().memoryBytes(0).temporaryFolder(unusable),
                        FakeExchange.get("/"),
                        exchange -> {
                            exchange.startResponse(200, HttpFields.of("X-Secret", "inside"));
                            writer.set(new Writer(exchange, random(300_000), 10_000));
                            writer.get().write();
                        })
                .await();

        assertThat(answered.status()).isEqualTo(507);
        assertThat(answered.responseFields().contains("X-Secret")).isFalse();
        writer.get().done.await();
        assertThat(writer.get().failure).isNotNull();
        assertThat(logs.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR api: response content cannot be buffered in " + unusable)
                .contains(cause)
                .endsWith("answered 507. Free space there, or set another temporaryFolder");
    }

    @Test
    void theRequestIsGivenBackWhenTheResponseIsThereAlthoughTheClientIsSlow() throws Exception {
        Service service = Service.named("api").handler(seen -> {}).build();
        Buffering limits =
                Buffering.requestsAndResponses().temporaryFolder(folder).build();
        Stage responses = new ResponseBuffering(loops, workers, budget, limits, answering(random(7)));
        FakeExchange exchange =
                FakeExchange.of("POST", "/").body("x".repeat(100_000)).stopReading();

        new RequestBuffering(loops, workers, budget, limits, responses)
                .handle(new RoutedExchange(exchange, service, "/", "/"));

        await().until(exchange::holdsResponse);
        assertThat(budget.reserved()).isEqualTo(7);
        exchange.resumeReading().await();
        assertNothingIsLeft();
    }

    @Test
    void eventsPassWithoutLimitAsTheyCome() throws Exception {
        for (HttpFields fields : List.of(
                HttpFields.of("Content-Type", "Text/Event-Stream; charset=utf-8"),
                HttpFields.of("X-Accel-Buffering", "No"))) {
            FakeExchange exchange = handle(limits().maxResponseBodyBytes(1), FakeExchange.get("/"), seen -> {
                seen.startResponse(200, fields);
                seen.write(text("data: 1"), false, () -> {});
            });

            assertThat(exchange.text()).isEqualTo("data: 1");
            assertThat(exchange.responseFields()).isEqualTo(fields);
        }
    }
}
