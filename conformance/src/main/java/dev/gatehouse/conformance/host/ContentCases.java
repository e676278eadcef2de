package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Content in both directions: every byte, in order, and no more of them in memory than needed. */
abstract class ContentCases extends ContractCases {

    /** More than what the kernel and the host keep for a connection, on any of them. */
    private static final long MORE_THAN_BUFFERS = 64 << 20;

    ContentCases(RouterHostConformance contract) {
        super(contract);
    }

    static Stream<Arguments> sizes() {
        return IntStream.of(0, 1, 8191, 8192, 8193, 65_536, 1_000_003, 5 << 20)
                .boxed()
                .flatMap(size -> Stream.of(HttpClient.Version.values())
                        .flatMap(version ->
                                Stream.of(true, false).map(chunked -> Arguments.of(size, version, chunked))));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void everyByteArrivesBothWays(int size, HttpClient.Version version, boolean chunked) throws Exception {
        serve(new StreamingEcho());
        byte[] content = Content.ofSize(size);
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.discarding());
        BodyPublisher body = chunked
                ? BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(content))
                : BodyPublishers.ofByteArray(content);

        HttpResponse<byte[]> response = client.send(request("/echo").POST(body).build(), BodyHandlers.ofByteArray());

        assertThat(response.version()).isEqualTo(negotiated(version));
        assertThat(response.body()).isEqualTo(content);
    }

    @Test
    void chunksOfAnySizeAreOneContent() throws Exception {
        serve(new StreamingEcho());
        RawClient client = connect();

        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("1;ext=1\r\na\r\n")
                .send("2\r\nb")
                .send("c\r")
                .send("\n0000A\r\n0123456789\r\n0\r\n\r\n");

        assertThat(client.readResponse().text()).isEqualTo("abc0123456789");
    }

    @Test
    void malformedChunksFailTheReader() throws Exception {
        AtomicLong failures = new AtomicLong();
        serve(exchange -> new ContentReader(exchange, length -> {}, failure -> failures.incrementAndGet()).resume());

        connect()
                .sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("xyz\r\nabc\r\n0\r\n\r\n");

        Awaitility.await().until(() -> failures.get() == 1);
    }

    @Test
    void clientThatLeavesWithinContentFailsTheReader() throws Exception {
        AtomicLong exchanges = new AtomicLong();
        AtomicLong failures = new AtomicLong();
        serve(exchange -> {
            exchanges.incrementAndGet();
            new ContentReader(exchange, length -> {}, failure -> failures.incrementAndGet()).resume();
        });
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 10")
                .send("abc");
        Awaitility.await().until(() -> exchanges.get() == 1);

        client.close();

        Awaitility.await().until(() -> failures.get() == 1);
    }

    @Test
    void trailersGoBothWays() throws Exception {
        serve(new StreamingEcho());
        RawClient client = connect();

        HttpMessage response = client.sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("3\r\nabc\r\n0\r\nX-Sum: 42\r\nX-More: y\r\n\r\n")
                .readResponse();

        assertThat(response.text()).isEqualTo("abc");
        assertThat(response.trailers().size()).isEqualTo(2);
        assertThat(response.trailers().get("X-Sum")).isEqualTo("42");
        assertThat(response.trailers().get("X-More")).isEqualTo("y");
    }

    @Test
    void trailersMayFollowNoContentAtAll() throws Exception {
        serve(new StreamingEcho());
        RawClient client = connect();

        HttpMessage response = client.sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("0\r\nX-Sum: 0\r\n\r\n")
                .readResponse();

        assertThat(response.body()).isEmpty();
        assertThat(response.trailers()).isEqualTo(HttpFields.of("X-Sum", "0"));
    }

    @Test
    void continueIsSentWhenContentIsReadAndNotBefore() throws Exception {
        serve(new StreamingEcho());
        RawClient client = connect();

        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 3", "Expect: 100-continue");

        assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
        assertThat(client.send("abc").readResponse().text()).isEqualTo("abc");
        assertThat(client.sendHead("GET /next HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .header("X-Target"))
                .isEqualTo("/next");
    }

    @Test
    void continueIsNotSentWhenContentIsNotWanted() throws Exception {
        serve(exchange -> Answers.text(exchange, 403, "no"));
        RawClient client = connect();

        HttpMessage response = client.sendHead(
                        "POST / HTTP/1.1", "Host: a.example", "Content-Length: 3", "Expect: 100-continue")
                .readResponse();

        assertThat(response.status()).isEqualTo(403);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void continueWorksForClientsThatWaitForIt(HttpClient.Version version) throws Exception {
        serve(new StreamingEcho());
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.discarding());

        HttpResponse<String> response = client.send(
                request("/")
                        .expectContinue(true)
                        .POST(BodyPublishers.ofString("abc"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("abc");
    }

    @Test
    void littleUnreadContentDoesNotCostTheConnection() throws Exception {
        serve(exchange -> Answers.text(exchange, 404, exchange.requestTarget()));
        RawClient client = connect();

        assertThat(client.sendHead("POST /1 HTTP/1.1", "Host: a.example", "Content-Length: 20000")
                        .send(new byte[10_000])
                        .readResponse()
                        .text())
                .isEqualTo("/1");
        client.send(new byte[10_000]).sendHead("GET /2 HTTP/1.1", "Host: a.example");

        assertThat(client.readResponse().text()).isEqualTo("/2");
    }

    @Test
    void clientThatGoesOnSendingGetsToReadAnEarlyResponse() throws Exception {
        serve(exchange -> Answers.text(exchange, 413, "too much"));
        RawClient client = connect();

        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 100000000")
                .send(new byte[20_000_000]);

        HttpMessage response = client.readResponse();
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
        assertThat(response.header("Connection")).isEqualTo("close");
    }

    @Test
    void earlyResponseOverHttp2LeavesTheConnectionUsable() throws Exception {
        serve(exchange -> Answers.text(exchange, 413, "too much"));
        HttpClient client = http(HttpClient.Version.HTTP_2);
        client.send(request("/").build(), BodyHandlers.discarding());

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = client.send(
                    request("/")
                            .POST(BodyPublishers.ofByteArray(new byte[3_000_000]))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(response.body()).isEqualTo("too much");
        }
    }

    @Test
    void clientThatDoesNotReadStopsTheWriter() throws Exception {
        AtomicLong written = new AtomicLong();
        serve(exchange -> {
            exchange.startResponse(200, HttpFields.empty());
            new EndlessContent(exchange, written).resume();
        });
        RawClient client = connectWithSmallWindow();

        client.sendHead("GET / HTTP/1.1", "Host: a.example").readHead();

        assertThat(valueOnceStill(written)).isBetween(1L, MORE_THAN_BUFFERS);
    }

    @Test
    void handlerThatDoesNotReadStopsTheClient() throws Exception {
        serve(exchange -> {});
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 1000000000");
        AtomicLong sent = new AtomicLong();
        Thread sender = new Thread(() -> {
            try {
                for (byte[] data = new byte[65_536]; ; sent.addAndGet(data.length)) {
                    client.send(data);
                }
            } catch (IOException closed) {
                // The end of the case.
            }
        });
        sender.setDaemon(true);
        sender.start();

        assertThat(valueOnceStill(sent)).isBetween(1L, MORE_THAN_BUFFERS);
    }

    /** Waits until a count has not moved for half a second. */
    static long valueOnceStill(AtomicLong count) {
        Awaitility.await().until(() -> count.get() > 0);
        long[] last = {-1};
        Awaitility.await().pollInterval(Duration.ofMillis(500)).until(() -> {
            boolean still = last[0] == count.get();
            last[0] = count.get();
            return still;
        });
        return count.get();
    }

    /** Writes for ever, as fast as it may. */
    private static final class EndlessContent {

        private final HttpExchange exchange;
        private final AtomicLong written;
        private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);

        EndlessContent(HttpExchange exchange, AtomicLong written) {
            this.exchange = exchange;
            this.written = written;
        }

        void resume() {
            try {
                do {
                    written.addAndGet(buffer.clear().remaining());
                } while (written.get() < 2 * MORE_THAN_BUFFERS && exchange.write(buffer, false, this::resume));
            } catch (IOException clientGone) {
                exchange.abort(clientGone);
            }
        }
    }
}
