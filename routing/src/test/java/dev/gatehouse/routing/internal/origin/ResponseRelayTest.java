package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.TestOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a client gets. */
@SuppressWarnings("StringConcatToTextBlock") // line ends are CR LF
class ResponseRelayTest extends PlaneFixture {

    private FakeExchange responseTo(FakeExchange exchange, String response) {
        return carry(
                        origin(connection -> {
                            connection.readRequest();
                            connection.send(response);
                        }),
                        exchange)
                .await();
    }

    private FakeExchange response(String response) {
        return responseTo(FakeExchange.get("/"), response);
    }

    @Test
    void fieldsThatBelongToTheOriginsConnectionAreNotPassedOn() {
        FakeExchange answered = response("HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n"
                + "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nTrailer: A\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\n"
                + "Set-Cookie: b=2\r\nX-End: y\r\n\r\nhi");

        assertThat(answered.responseFields())
                .isEqualTo(
                        HttpFields.of("Content-Length", "2", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "X-End", "y"));
        assertThat(answered.text()).isEqualTo("hi");
    }

    @Test
    void chunkedContentAndItsTrailersArePassedOn() {
        FakeExchange answered = response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n7\r\n, world\r\n0\r\nX-Sum: 1\r\n\r\n");

        assertThat(answered.responseFields()).isEqualTo(HttpFields.empty());
        assertThat(answered.text()).isEqualTo("hello, world");
        assertThat(answered.responseTrailers()).isEqualTo(HttpFields.of("X-Sum", "1"));
        assertThat(answered.isComplete()).isTrue();
    }

    @Test
    void contentThatLastsUntilTheConnectionClosesIsComplete() {
        FakeExchange answered = response("HTTP/1.1 200 OK\r\n\r\nhello");

        assertThat(answered.text()).isEqualTo("hello");
        assertThat(answered.isComplete()).isTrue();
    }

    @Test
    void responsesWithoutContentAreComplete() {
        assertThat(response("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
                        .responseFields()
                        .size())
                .isZero();
        assertThat(response("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n")
                        .isComplete())
                .isTrue();
        FakeExchange head = responseTo(FakeExchange.of("HEAD", "/"), "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
        assertThat(head.responseFields().get("Content-Length")).isEqualTo("7");
        assertThat(head.receivedBytes()).isZero();
    }

    @Test
    void informationalResponsesArePassedOnAndDoNotStickToTheFinalOne() {
        FakeExchange answered = response("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: close\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        assertThat(answered.informational()).containsExactly("103 [Link: </a.css>]");
        assertThat(answered.responseFields().contains("Link")).isFalse();
    }

    @Test
    void theHeadAndEveryPieceReachTheClientAtOnce() throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        CountDownLatch pieceSeen = new CountDownLatch(1);
        TestOrigin events = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            headSeen.await();
            connection.send("6\r\ndata\n\n\r\n");
            pieceSeen.await();
            connection.send("0\r\n\r\n");
        });
        FakeExchange exchange = carry(events, FakeExchange.get("/events"));

        await().until(() -> exchange.status() == 200);
        headSeen.countDown();
        await().until(() -> exchange.text().equals("data\n\n"));
        pieceSeen.countDown();
        assertThat(exchange.await().isComplete()).isTrue();
    }

    @Test
    void largeContentArrivesWholeHoweverSlowlyTheClientReads() {
        byte[] megabytes = new byte[5_000_000];
        new java.util.Random(7).nextBytes(megabytes);
        TestOrigin large = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + megabytes.length + "\r\n\r\n");
            connection.send(megabytes);
        });
        FakeExchange exchange = carry(large, FakeExchange.get("/").stopReading());

        while (!exchange.isOver()) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> exchange.holdsResponse() || exchange.isOver());
            exchange.resumeReading();
            exchange.stopReading();
        }

        assertThat(Arrays.equals(exchange.await().bytes(), megabytes)).isTrue();
    }

    @Test
    void aClientThatDoesNotReadHoldsTheOriginBack() {
        AtomicLong sent = new AtomicLong();
        TestOrigin endless = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
            byte[] block = new byte[16 * 1024];
            while (true) {
                connection.send(block);
                sent.addAndGet(block.length);
            }
        });
        FakeExchange exchange = carry(endless, FakeExchange.get("/").stopReading());

        long[] before = {-1};
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            long now = sent.get();
            boolean stands = now > 0 && now == before[0];
            before[0] = now;
            return stands;
        });
        assertThat(sent.get()).isLessThan(32L << 20);
        exchange.leave();
    }

    @Test
    void aResponseThatBreaksOffAbortsTheExchange() {
        for (String response : new String[] {
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        }) {
            FakeExchange answered = response(response);

            assertThat(answered.isAborted()).isTrue();
            assertThat(answered.isComplete()).isFalse();
        }
        assertThat(logs.lines())
                .anyMatch(line ->
                        line.matches("WARN api: 127.0.0.1:\\d+ closed the connection 5 bytes before the end of the"
                                + " content; aborted the response. See its log for the cause"))
                .anyMatch(line -> line.contains("before the last chunk"));
    }

    @Test
    void aResponseThatIsResetIsAborted() {
        TestOrigin resetting = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\nhello");
            connection.hasMore();
        });
        FakeExchange exchange = carry(resetting, FakeExchange.get("/"));
        await().until(() -> exchange.text().equals("hello"));
        assertThat(exchange.isOver()).isFalse();
        exchange.leave();

        TestOrigin reset = origin(connection -> {
            connection.readRequest();
            connection.reset();
        });
        assertThat(carry(reset, FakeExchange.get("/")).await().status()).isEqualTo(502);
    }

    @Test
    void aMalformedResponseGets502AndSaysWhy() {
        FakeExchange answered = response("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx");

        assertThat(answered.status()).isEqualTo(502);
        assertThat(answered.responseFields().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answered.text()).startsWith("502 Bad Gateway\n").doesNotContain("127.0.0.1");
        assertThat(logs.lines())
                .anyMatch(line ->
                        line.matches("WARN api: 127.0.0.1:\\d+ sent a malformed response: Content-Length more than"
                                + " once; answered 502. Correct the target"));
    }

    @Test
    void anOriginThatClosesWithoutAnAnswerGets502() {
        assertThat(response("").status()).isEqualTo(502);
        assertThat(response("HTTP/1.1 200 OK\r\nContent-Le").status()).isEqualTo(502);
        assertThat(logs.lines())
                .anyMatch(line -> line.contains("closed the connection without an answer; answered 502"))
                .anyMatch(line ->
                        line.contains("closed the connection in the middle of the response head; answered 502"));
    }

    @Test
    void anAnswerGivenDuringTheUploadIsPassedOn() {
        TestOrigin impatient = origin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!");
            connection.socket().shutdownOutput();
            connection.in().transferTo(java.io.OutputStream.nullOutputStream());
        });
        FakeExchange exchange =
                FakeExchange.of("POST", "/").contentLength(1_000_000).send("only the beginning");

        carry(impatient, exchange).await();

        assertThat(exchange.status()).isEqualTo(413);
        assertThat(exchange.text()).isEqualTo("no!");
        assertThat(exchange.isComplete()).isTrue();
    }

    @Test
    void requestAndResponseMayFlowAtTheSameTime() {
        TestOrigin echo = origin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                byte[] chunk = connection.in().readNBytes(6 + 4 + 2);
                connection.send("4\r\n" + new String(chunk, 6, 4, StandardCharsets.US_ASCII) + "\r\n");
            }
            connection.send("0\r\n\r\n");
        });
        FakeExchange exchange = FakeExchange.of("POST", "/").chunked();
        carry(echo, exchange);

        for (String word : new String[] {"one.", "two.", "six."}) {
            exchange.send(word);
            await().until(() -> exchange.text().endsWith(word));
        }
        assertThat(exchange.end().await().text()).isEqualTo("one.two.six.");
    }
}
