package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How exchanges begin and end, and on which threads. */
abstract class LifecycleCases extends ContractCases {

    private final BlockingQueue<HttpExchange> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger closed = new AtomicInteger();

    LifecycleCases(RouterHostConformance contract) {
        super(contract);
    }

    /** Serves a handler that leaves every exchange to the case. */
    private void serveLater() throws Exception {
        serve(exchange -> {
            exchange.whenClosed(closed::incrementAndGet);
            waiting.add(exchange);
        });
    }

    private HttpExchange nextExchange() throws InterruptedException {
        HttpExchange exchange = waiting.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).as("exchange").isNotNull();
        return exchange;
    }

    @Test
    void responseMayComeFromAnyThread() throws Exception {
        serveLater();
        RawClient client = connect();

        for (int i = 0; i < 3; i++) {
            client.sendHead("GET /" + i + " HTTP/1.1", "Host: a.example");
            HttpExchange exchange = nextExchange();
            Answers.text(exchange, 200, exchange.requestTarget());
            assertThat(client.readResponse().text()).isEqualTo("/" + i);
        }
        Awaitility.await().until(() -> closed.get() == 3);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void manyExchangesAtOnceDoNotMixUp(HttpClient.Version version) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        closedAfterwards(threads::shutdownNow);
        serve(exchange -> threads.execute(() -> {
            try {
                Answers.text(exchange, 200, exchange.requestTarget().repeat(1000));
            } catch (IOException clientGone) {
                exchange.abort(clientGone);
            }
        }));
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.ofString());

        List<CompletableFuture<HttpResponse<String>>> responses = IntStream.range(0, 100)
                .mapToObj(i -> client.sendAsync(request("/" + i).build(), BodyHandlers.ofString()))
                .toList();

        for (int i = 0; i < responses.size(); i++) {
            assertThat(responses.get(i).get().body()).isEqualTo(("/" + i).repeat(1000));
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        serveLater();
        RawClient client = connect();

        client.send("GET /1 HTTP/1.1\r\nHost: a.example\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /3 HTTP/1.1\r\nHost: a.example\r\n\r\n");

        for (int i = 1; i <= 3; i++) {
            HttpExchange exchange = nextExchange();
            assertThat(waiting).isEmpty();
            Answers.text(exchange, 200, exchange.requestTarget());
            assertThat(client.readResponse().text()).isEqualTo("/" + i);
        }
    }

    @Test
    void closingIsToldOnceAlsoAfterTheFact() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("GET / HTTP/1.1", "Host: a.example");
        HttpExchange exchange = nextExchange();
        assertThat(closed).hasValue(0);

        Answers.text(exchange, 200, "ok");
        client.readResponse();
        Awaitility.await().until(() -> closed.get() == 1);
        exchange.whenClosed(closed::incrementAndGet);

        assertThat(closed).hasValue(2);
        exchange.abort(new IOException("too late"));
        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")).isNotNull();
        Answers.text(nextExchange(), 200, "still there");
        assertThat(client.readResponse().text()).isEqualTo("still there");
    }

    @Test
    void abortClosesTheExchange() throws Exception {
        serveLater();
        connect().sendHead("GET / HTTP/1.1", "Host: a.example");
        HttpExchange exchange = nextExchange();

        exchange.abort(new IOException("case"));

        Awaitility.await().until(() -> closed.get() == 1);
        assertThat(exchange.isClientConnected()).isFalse();
        assertThatThrownBy(() -> exchange.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        exchange.startResponse(200, HttpFields.empty());
        assertThatThrownBy(() -> exchange.write(ByteBuffer.allocate(1), true, () -> {}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void clientThatLeavesWhileTheHandlerThinksIsNoticed() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("GET / HTTP/1.1", "Host: a.example");
        HttpExchange exchange = nextExchange();
        assertThat(exchange.isClientConnected()).isTrue();

        client.close();

        Awaitility.await().until(() -> !exchange.isClientConnected());
        Awaitility.await().until(() -> closed.get() == 1);
    }

    @Test
    void clientThatLeavesAfterItsContentHasBeenReadIsNoticed() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("3\r\nabc\r\n0\r\n\r\n");
        HttpExchange exchange = nextExchange();
        CompletableFuture<Long> read = new CompletableFuture<>();
        new ContentReader(exchange, read::complete, read::completeExceptionally).resume();
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(3);

        client.close();

        Awaitility.await().until(() -> !exchange.isClientConnected());
        Awaitility.await().until(() -> closed.get() == 1);
    }

    @Test
    void clientThatLeavesIsNoticedAlsoIfTheEndOfItsContentWasNotAskedFor() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 3")
                .send("abc");
        HttpExchange exchange = nextExchange();
        ByteBuffer content = ByteBuffer.allocate(3);
        BlockingQueue<Integer> readable = new LinkedBlockingQueue<>();
        while (content.hasRemaining()) {
            if (exchange.read(content) == 0) {
                exchange.whenReadable(() -> readable.add(1));
                assertThat(readable.poll(10, TimeUnit.SECONDS)).isNotNull();
            }
        }

        client.close();

        Awaitility.await().until(() -> !exchange.isClientConnected());
        Awaitility.await().until(() -> closed.get() == 1);
    }

    @Test
    void http2ClientThatGivesUpIsNoticed() throws Exception {
        serveLater();
        HttpClient client = http(HttpClient.Version.HTTP_2);
        var upgrade = client.sendAsync(request("/").build(), BodyHandlers.ofString());
        Answers.text(nextExchange(), 200, "ok");
        upgrade.get();
        Awaitility.await().until(() -> closed.get() == 1);
        var response = client.sendAsync(request("/").build(), BodyHandlers.ofString());
        HttpExchange exchange = nextExchange();
        assertThat(exchange.isClientConnected()).isTrue();

        response.cancel(true);

        Awaitility.await().until(() -> !exchange.isClientConnected());
        Awaitility.await().until(() -> closed.get() == 2);
    }

    @Test
    void askingForTheClientTakesNothingFromItsNextRequest() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("GET /1 HTTP/1.1", "Host: a.example");
        HttpExchange first = nextExchange();

        client.send("GET /2 HTTP/1.1\r\nHo");
        for (int i = 0; i < 20; i++) {
            assertThat(first.isClientConnected()).isTrue();
            Thread.onSpinWait();
        }
        client.send("st: a.example\r\n\r\nGET /3 HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertThat(first.isClientConnected()).isTrue();
        Answers.text(first, 200, "1");

        assertThat(client.readResponse().text()).isEqualTo("1");
        HttpExchange second = nextExchange();
        assertThat(second.method() + second.requestTarget()).isEqualTo("GET/2");
        assertThat(second.isClientConnected()).isTrue();
        Answers.text(second, 200, "2");
        assertThat(client.readResponse().text()).isEqualTo("2");
        HttpExchange third = nextExchange();
        assertThat(third.method() + third.requestTarget()).isEqualTo("GET/3");
        assertThat(third.isClientConnected()).isTrue();
        Answers.text(third, 200, "3");
        assertThat(client.readResponse().text()).isEqualTo("3");
    }

    @Test
    void askingWhileAnsweringDisturbsNothing() throws Exception {
        serveLater();
        RawClient client = connect();
        ExecutorService asking = Executors.newSingleThreadExecutor();
        closedAfterwards(asking::shutdownNow);

        for (int i = 0; i < 300; i++) {
            client.sendHead("GET /" + i + " HTTP/1.1", "Host: a.example");
            HttpExchange exchange = nextExchange();
            asking.execute(() -> IntStream.range(0, 20).forEach(n -> exchange.isClientConnected()));
            client.sendHead("GET /next" + i + " HTTP/1.1", "Host: a.example");
            Answers.text(exchange, 200, exchange.requestTarget());
            assertThat(client.readResponse().text()).isEqualTo("/" + i);
            HttpExchange next = nextExchange();
            Answers.text(next, 200, next.method() + next.requestTarget());
            assertThat(client.readResponse().text()).isEqualTo("GET/next" + i);
        }
    }

    @Test
    void readersAreCalledBackOnAnotherStackAlsoIfContentIsThere() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 10");
        HttpExchange exchange = nextExchange();
        BlockingQueue<Thread> calledBack = new LinkedBlockingQueue<>();

        for (int i = 0; i < 10; i++) {
            client.send("a");
            exchange.whenReadable(() -> calledBack.add(Thread.currentThread()));

            assertThat(calledBack.poll(10, TimeUnit.SECONDS)).isNotNull().isNotSameAs(Thread.currentThread());
            assertThat(exchange.read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
        Answers.text(exchange, 200, "ok");
        assertThat(client.readResponse().text()).isEqualTo("ok");
    }

    @Test
    void readersAreCalledBackForContentThatTheyHaveLeft() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 10")
                .send("abcde");
        HttpExchange exchange = nextExchange();
        BlockingQueue<Thread> calledBack = new LinkedBlockingQueue<>();

        for (int i = 0; i < 5; i++) {
            exchange.whenReadable(() -> calledBack.add(Thread.currentThread()));

            assertThat(calledBack.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(exchange.read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
        assertThat(exchange.read(ByteBuffer.allocate(1))).isZero();
    }

    @Test
    void handlerThatThrowsIsAnswered500() throws Exception {
        serve(exchange -> {
            if (exchange.requestTarget().equals("/fail")) {
                throw new IllegalStateException("secret detail");
            }
            Answers.text(exchange, 200, "ok");
        });
        RawClient client = connect();

        HttpMessage response =
                client.sendHead("GET /fail HTTP/1.1", "Host: a.example").readResponse();

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.text()).doesNotContain("secret");
        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .text())
                .isEqualTo("ok");
    }

    @Test
    void handlerThatThrowsLaterCutsTheResponse() throws Exception {
        serve(exchange -> {
            Answers.begin(exchange, "abc");
            throw new IllegalStateException("case");
        });

        assertThatThrownBy(() ->
                        connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse())
                .isInstanceOf(IOException.class);
    }

    @Test
    void clientThatLeavesWithinTheResponseFailsTheWriter() throws Exception {
        serveLater();
        RawClient client = connect();
        client.sendHead("GET / HTTP/1.1", "Host: a.example");
        HttpExchange exchange = nextExchange();
        exchange.startResponse(200, HttpFields.empty());
        BlockingQueue<Integer> room = new LinkedBlockingQueue<>();

        client.close();

        Awaitility.await().until(() -> {
            try {
                return !exchange.write(ByteBuffer.allocate(10_000), false, () -> room.add(1))
                        && room.poll(100, TimeUnit.MILLISECONDS) == null;
            } catch (IOException gone) {
                return true;
            }
        });
        Awaitility.await().until(() -> closed.get() == 1);
    }
}
