package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.TestOrigin;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections carry a second exchange, and what happens when the origin has closed one meanwhile. */
class ConnectionReuseTest extends PlaneFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private void twoRequests(TestOrigin origin) {
        assertThat(carry(origin, FakeExchange.get("/1")).await().status()).isEqualTo(200);
        assertThat(carry(origin, FakeExchange.get("/2")).await().status()).isEqualTo(200);
    }

    @Test
    void aConnectionCarriesOneExchangeAfterTheOther() {
        TestOrigin origin = answering(OK);

        twoRequests(origin);
        carry(origin, FakeExchange.of("POST", "/3").body("hello")).await();

        assertThat(origin.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!"
            })
    void aConnectionWhoseStateIsNotCertainIsNotUsedAgain(String response) {
        TestOrigin origin = answering(response);

        twoRequests(origin);

        assertThat(origin.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 413})
    void aConnectionOnWhichARequestIsUnfinishedIsNotUsedAgain(int status) {
        TestOrigin origin = origin(connection -> {
            String head = connection.readHead();
            connection.send(
                    "HTTP/1.1 " + (head.startsWith("POST") ? status : 200) + " x\r\nContent-Length: 2\r\n\r\nok");
            connection.hasMore();
        });
        FakeExchange unfinished = FakeExchange.of("POST", "/1").contentLength(100);

        assertThat(carry(origin, unfinished).await().status()).isEqualTo(status);
        assertThat(carry(origin, FakeExchange.get("/2")).await().text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void bytesAfterAResponseAreNeverTakenForTheNextOne() {
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
            connection.hasMore();
        });

        FakeExchange first = carry(origin, FakeExchange.get("/1")).await();
        FakeExchange second = carry(origin, FakeExchange.get("/2")).await();

        assertThat(first.text()).isEqualTo("ok");
        assertThat(second.text()).isEqualTo("ok");
        assertThat(logs.lines())
                .anyMatch(line -> line.contains("sent bytes after its response; closed the connection"));
    }

    @Test
    void bytesThatNobodyAskedForBreakAnIdleConnection() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch poisoned = new CountDownLatch(1);
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(OK);
            if (connection.number() == 1) {
                answered.await();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                poisoned.countDown();
            }
            connection.hasMore();
        });
        carry(origin, FakeExchange.get("/1")).await();
        answered.countDown();
        poisoned.await();

        FakeExchange second =
                carry(origin, FakeExchange.of("POST", "/2").body("x")).await();

        assertThat(second.text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(2);
    }

    /** An origin whose first connection closes when the second request has arrived there, or with a reset. */
    private TestOrigin closingWhenUsedAgain(boolean reset) {
        return origin(connection -> {
            connection.readRequest();
            connection.send(OK);
            if (connection.number() == 1 && reset) {
                connection.hasMore();
                connection.reset();
            } else if (connection.number() == 1) {
                connection.readRequest();
            } else {
                connection.hasMore();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatCanBeSentTwiceIsSentOverANewConnection(boolean reset) {
        TestOrigin origin = closingWhenUsedAgain(reset);

        twoRequests(origin);

        assertThat(origin.connections()).isEqualTo(2);
        assertThat(logs.lines())
                .anyMatch(line -> line.matches("DEBUG api: 127.0.0.1:\\d+ had closed an idle connection;"
                        + " sending the request over a new one"));
    }

    @Test
    void aRequestThatCannotBeSentTwiceGets502() {
        TestOrigin origin = closingWhenUsedAgain(false);
        carry(origin, FakeExchange.get("/1")).await();

        FakeExchange post = carry(origin, FakeExchange.of("POST", "/2")).await();

        assertThat(post.status()).isEqualTo(502);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void aRequestWhoseContentHasBeenReadIsNotSentTwice() {
        TestOrigin origin = closingWhenUsedAgain(false);
        carry(origin, FakeExchange.get("/1")).await();

        FakeExchange put = carry(origin, FakeExchange.of("PUT", "/2").body("x")).await();

        assertThat(put.status()).isEqualTo(502);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void aRequestThatCannotBeSentTwiceLooksFirstIfTheOriginHasClosedTheConnection() {
        CountDownLatch mayClose = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(OK);
            if (connection.number() == 1) {
                mayClose.await();
                connection.socket().close();
                closed.countDown();
            }
            connection.hasMore();
        });
        carry(origin, FakeExchange.get("/1")).await();
        holdLoopUntil(closed);
        FakeExchange post = carry(origin, FakeExchange.of("POST", "/2").body("x"));
        mayClose.countDown();

        assertThat(post.await().status()).isEqualTo(200);
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void aFailureOnANewConnectionIsNotRetried() {
        AtomicInteger requests = new AtomicInteger();
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            requests.incrementAndGet();
        });

        assertThat(carry(origin, FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(requests).hasValue(1);
    }

    @Test
    void idleConnectionsAreClosedAfterAWhile() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(OK);
            if (!connection.hasMore()) {
                ended.countDown();
            }
        });
        carry(origin, FakeExchange.get("/")).await();

        await().until(() -> {
            advance(Duration.ofSeconds(5));
            return ended.getCount() == 0;
        });
    }

    @Test
    void onlySoManyIdleConnectionsAreKept() {
        CountDownLatch all = new CountDownLatch(15);
        AtomicInteger ended = new AtomicInteger();
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            all.countDown();
            all.await();
            connection.send(OK);
            if (!connection.hasMore()) {
                ended.incrementAndGet();
            }
        });
        for (int i = 0; i < 15; i++) {
            carry(origin, FakeExchange.get("/" + i));
        }

        await().untilAsserted(() -> assertThat(ended).hasValue(5));
    }
}
