package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.TestOrigin;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Origins that cannot be reached or do not answer, and clients that leave. */
class FailureTest extends PlaneFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aTargetThatRefusesGets502WithOneLogLine() throws Exception {
        String target = "127.0.0.1:" + freePort();

        FakeExchange answered = carry(service(target, settings -> settings), FakeExchange.get("/"))
                .await();

        assertThat(answered.status()).isEqualTo(502);
        assertThat(answered.responseFields())
                .isEqualTo(HttpFields.of(
                        "Content-Type", "text/plain; charset=utf-8",
                        "Content-Length", Integer.toString(answered.receivedBytes()),
                        "Cache-Control", "no-store"));
        assertThat(logs.lines())
                .containsExactly("WARN api: " + target
                        + " refused the connection; answered 502. Start the target, or correct its address");
    }

    @Test
    void aTargetWhoseNameIsNotKnownGets502() {
        Service service =
                service("no-such-host.invalid:80", settings -> settings.connectTimeout(Duration.ofMinutes(1)));

        assertThat(carry(service, FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(logs.lines())
                .contains("WARN api: no-such-host.invalid:80 has no address; answered 502."
                        + " Correct the target, or the name service");
    }

    @Test
    void aNameWithSeveralAddressesIsTriedAtEachOfThem() throws Exception {
        TestOrigin origin = answering(OK);
        String port = origin.address().substring(origin.address().indexOf(':'));

        assertThat(carry(service("localhost" + port, settings -> settings), FakeExchange.get("/"))
                        .await()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTargetThatDoesNotAcceptGets504() throws Exception {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 3; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(full.getLocalSocketAddress(), 200);
                } catch (java.net.SocketTimeoutException backlogIsFull) {
                    break;
                }
            }
            String target = "127.0.0.1:" + full.getLocalPort();
            FakeExchange exchange = carry(service(target, settings -> settings), FakeExchange.get("/"));
            assertThat(exchange.isOver()).isFalse();
            advance(Duration.ofMillis(5_250));

            assertThat(exchange.await().status()).isEqualTo(504);
            assertThat(logs.lines())
                    .containsExactly("WARN api: " + target + " did not accept a connection within 5 s; answered 504."
                            + " See whether it is overloaded, or correct its address");
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void aClientThatLeavesBeforeThereIsAConnectionEndsTheAttempt() throws Exception {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 3; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(full.getLocalSocketAddress(), 200);
                } catch (java.net.SocketTimeoutException backlogIsFull) {
                    break;
                }
            }
            String target = "127.0.0.1:" + full.getLocalPort();
            FakeExchange exchange = carry(service(target, settings -> settings), FakeExchange.get("/"));
            exchange.leave();

            await().until(() -> logs.lines().size() == 1);
            assertThat(logs.lines().get(0))
                    .startsWith("INFO api: GET app.example.com/ from ")
                    .endsWith("the client left before there was a connection; cancelled the request to " + target
                            + " after 0 s; 499");
            advance(Duration.ofSeconds(10));
            assertThat(exchange.status()).isZero();
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void aTargetThatDoesNotAnswerGets504AndItsConnectionIsClosed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        TestOrigin silent = origin(connection -> {
            connection.readRequest();
            asked.countDown();
            if (!connection.hasMore()) {
                closed.countDown();
            }
        });
        FakeExchange exchange = carry(silent, FakeExchange.get("/"));
        asked.await();
        advance(Duration.ofSeconds(29));
        assertThat(exchange.isOver()).isFalse();
        advance(Duration.ofMillis(1_250));

        assertThat(exchange.await().status()).isEqualTo(504);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(logs.lines())
                .containsExactly("WARN api: " + silent.address() + " did not answer within 30 s; answered 504."
                        + " See what keeps it busy, or raise responseTimeout");
    }

    @Test
    void theTimeToAnswerBeginsWhenTheRequestHasBeenSent() throws Exception {
        TestOrigin origin = answering(OK);
        FakeExchange exchange = FakeExchange.of("POST", "/").contentLength(4).send("ab");
        Service service = service(
                origin.address(),
                settings -> settings.requestIdleTimeout(Duration.ZERO).responseTimeout(Duration.ofSeconds(1)));
        carry(service, exchange);
        await().until(exchange::isWaitingForContent);
        for (int i = 0; i < 10; i++) {
            advance(Duration.ofMinutes(1));
        }
        exchange.send("cd");

        assertThat(exchange.await().status()).isEqualTo(200);
    }

    @Test
    void theHeadMustBeCompleteInTimeWhateverComesBeforeIt() {
        Semaphore next = new Semaphore(0);
        TestOrigin hinting = origin(connection -> {
            connection.readRequest();
            while (true) {
                next.acquire();
                connection.send("HTTP/1.1 103 Early Hints\r\n\r\n");
            }
        });
        FakeExchange exchange = carry(hinting, FakeExchange.get("/"));
        for (int i = 1; i <= 4; i++) {
            int hints = i;
            next.release();
            await().until(() -> exchange.informational().size() == hints);
            advance(Duration.ofSeconds(8));
        }

        assertThat(exchange.await().status()).isEqualTo(504);
    }

    @Test
    void aClientMayBeSilentWhileTheResponseFlows() {
        TestOrigin chatting = origin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\n\r\n.");
            while (connection.in().read() >= 0) {
                connection.send(".");
            }
        });
        FakeExchange exchange = FakeExchange.of("POST", "/").chunked();
        Service service = service(chatting.address(), settings -> settings.requestIdleTimeout(Duration.ofSeconds(1)));
        carry(service, exchange);
        await().until(() -> exchange.receivedBytes() > 0);
        for (int i = 0; i < 10; i++) {
            advance(Duration.ofSeconds(20));
        }
        assertThat(exchange.isOver()).isFalse();
        exchange.leave();
    }

    @Test
    void aClientThatSendsNothingGets408() {
        FakeExchange exchange = FakeExchange.of("POST", "/").contentLength(4).send("ab");
        carry(answering(OK), exchange);
        await().until(exchange::isWaitingForContent);
        advance(Duration.ofMillis(30_250));

        assertThat(exchange.await().status()).isEqualTo(408);
        assertThat(logs.lines())
                .containsExactly("WARN api: the client sent nothing for 30 s; answered 408."
                        + " Raise requestIdleTimeout if clients are that slow");
    }

    @Test
    void aClientThatTricklesGets408() {
        FakeExchange exchange = FakeExchange.of("POST", "/").contentLength(1000).send("0123456789");
        carry(
                service(
                        answering(OK).address(),
                        settings -> settings.requestIdleTimeout(Duration.ofSeconds(10))
                                .minRequestRate(100)),
                exchange);
        for (int i = 0; i < 2; i++) {
            await().until(exchange::isWaitingForContent);
            advance(Duration.ofSeconds(4));
            exchange.send("0123456789");
        }
        await().until(exchange::isWaitingForContent);
        assertThat(exchange.isOver()).isFalse();
        advance(Duration.ofSeconds(3));

        assertThat(exchange.await().status()).isEqualTo(408);
        assertThat(logs.lines())
                .containsExactly("WARN api: the client sent less than 100 bytes per second; answered 408."
                        + " Lower minRequestRate if clients are that slow");
    }

    @Test
    void aClientThatIsFastEnoughMayPauseAsOftenAsItLikes() {
        FakeExchange exchange =
                FakeExchange.of("POST", "/").contentLength(11_000).send(new byte[1000]);
        carry(
                service(
                        answering(OK).address(),
                        settings -> settings.requestIdleTimeout(Duration.ofSeconds(10))
                                .minRequestRate(100)),
                exchange);
        for (int i = 0; i < 10; i++) {
            await().until(exchange::isWaitingForContent);
            advance(Duration.ofSeconds(9));
            exchange.send(new byte[1000]);
        }

        assertThat(exchange.await().status()).isEqualTo(200);
    }

    @Test
    void anExchangeThatLastsTooLongInAllGets504() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        TestOrigin thinking = thinking(asked, cancelled);
        FakeExchange exchange = carry(
                service(thinking.address(), settings -> settings.totalTimeout(Duration.ofSeconds(20))),
                FakeExchange.get("/"));
        asked.await();
        advance(Duration.ofSeconds(19));
        assertThat(exchange.isOver()).isFalse();
        advance(Duration.ofSeconds(2));

        assertThat(exchange.await().status()).isEqualTo(504);
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(logs.lines())
                .containsExactly("WARN api: " + thinking.address() + " did not end within 20 s; answered 504."
                        + " See what keeps it busy, or raise totalTimeout");
    }

    @Test
    void aResponseThatHasBegunIsAbortedWhenTheTimeInAllIsOver() {
        TestOrigin chatting = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\n.");
            connection.hasMore();
        });
        FakeExchange exchange = carry(
                service(chatting.address(), settings -> settings.totalTimeout(Duration.ofSeconds(20))),
                FakeExchange.get("/"));
        await().until(() -> exchange.receivedBytes() > 0);
        advance(Duration.ofSeconds(21));

        assertThat(exchange.await().isAborted()).isTrue();
        assertThat(logs.lines()).anyMatch(line -> line.contains("did not end within 20 s; aborted the response."));
    }

    @Test
    void aTargetThatTakesNoMoreOfTheRequestGets504() {
        TestOrigin lazy = origin(connection -> {
            connection.readHead();
            Thread.currentThread().join();
        });
        FakeExchange exchange = carry(lazy, FakeExchange.of("POST", "/").sendZeros(1L << 40));
        int[] before = {-1};
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            int reads = exchange.reads();
            boolean stands = reads > 0 && reads == before[0];
            before[0] = reads;
            return stands;
        });
        advance(Duration.ofMillis(30_250));

        assertThat(exchange.await().status()).isEqualTo(504);
        assertThat(logs.lines()).anyMatch(line -> line.contains("took no more of the request for 30 s; answered 504"));
    }

    @Test
    void contentThatStandsStillAbortsTheExchange() {
        TestOrigin stalling = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            connection.hasMore();
        });
        FakeExchange exchange = carry(stalling, FakeExchange.get("/"));
        await().until(() -> exchange.text().equals("hello"));
        advance(Duration.ofMinutes(5).plusMillis(250));

        assertThat(exchange.await().isAborted()).isTrue();
        assertThat(logs.lines())
                .containsExactly("WARN api: " + stalling.address() + " sent no more of its response for 300 s;"
                        + " aborted the response. See why it stopped, or raise responseIdleTimeout");
    }

    @Test
    void aClientThatTakesNoMoreOfTheResponseIsGivenUp() {
        FakeExchange exchange = FakeExchange.get("/").stopReading();
        carry(answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), exchange);
        await().until(exchange::holdsResponse);
        advance(Duration.ofMinutes(5).plusMillis(250));

        assertThat(exchange.await().isAborted()).isTrue();
        assertThat(logs.lines()).anyMatch(line -> line.contains("the client took no more of the response for 300 s"));
    }

    @Test
    void zeroMeansNoLimit() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        TestOrigin slow = origin(connection -> {
            connection.readRequest();
            asked.countDown();
            answer.await();
            connection.send(OK);
        });
        FakeExchange exchange = carry(
                service(slow.address(), settings -> settings.responseTimeout(Duration.ZERO)), FakeExchange.get("/"));
        asked.await();
        for (int i = 0; i < 10; i++) {
            advance(Duration.ofHours(1));
        }
        answer.countDown();

        assertThat(exchange.await().status()).isEqualTo(200);
    }

    /** An origin that tells when its connection ends while it thinks about the answer. */
    private TestOrigin thinking(CountDownLatch asked, CountDownLatch cancelled) {
        return origin(connection -> {
            connection.readRequest();
            asked.countDown();
            if (!connection.hasMore()) {
                cancelled.countDown();
            }
        });
    }

    @Test
    void aClientThatLeavesCancelsItsRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        TestOrigin thinking = thinking(asked, cancelled);
        FakeExchange exchange = carry(thinking, FakeExchange.get("/a%0Ab?secret=x"));
        asked.await();
        advance(Duration.ofMillis(150));

        exchange.leave();

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(exchange.status()).isZero();
        assertThat(logs.lines())
                .containsExactly(
                        "INFO api: GET app.example.com/a%0Ab from /203.0.113.7:40000: the client left before the"
                                + " response; cancelled the request to " + thinking.address() + " after 150 ms; 499");
    }

    @Test
    void aClientThatLeavesUnnoticedIsFoundOutByAsking() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        FakeExchange exchange = carry(thinking(asked, cancelled), FakeExchange.get("/"));
        asked.await();
        exchange.leaveUnnoticed();
        advance(Duration.ofMillis(100));
        assertThat(cancelled.getCount()).isEqualTo(1);
        advance(Duration.ofMillis(100));

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(exchange.await().isAborted()).isTrue();
    }

    @Test
    void aClientThatLeavesDuringItsUploadCancelsIt() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        TestOrigin origin = origin(connection -> {
            try {
                connection.readRequest();
                connection.hasMore();
            } finally {
                cancelled.countDown();
            }
        });
        FakeExchange exchange = FakeExchange.of("POST", "/").contentLength(100).send("some");
        carry(origin, exchange);
        await().until(exchange::isWaitingForContent);

        exchange.leave();

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(exchange.status()).isZero();
    }

    @Test
    void aClientThatLeavesDuringTheResponseEndsTheOriginsConnection() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        TestOrigin endless = origin(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\n");
            try {
                while (true) {
                    connection.send(new byte[10_000]);
                }
            } finally {
                broken.countDown();
            }
        });
        FakeExchange exchange = carry(endless, FakeExchange.get("/"));
        await().until(() -> exchange.receivedBytes() > 0);

        exchange.leave();

        assertThat(broken.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingThePlaneAbortsWhatIsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        FakeExchange exchange = carry(thinking(asked, new CountDownLatch(1)), FakeExchange.get("/"));
        asked.await();

        plane().close();

        assertThat(exchange.await().isAborted()).isTrue();
    }
}
