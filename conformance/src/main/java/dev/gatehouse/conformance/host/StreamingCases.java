package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content on its way through the router: at whose pace it goes, and what happens when one side leaves. */
abstract class StreamingCases extends ContractCases {

    private static final long MORE_THAN_BUFFERS = 64 << 20;

    StreamingCases(RouterHostConformance contract) {
        super(contract);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void eventsArriveOneByOne(HttpClient.Version version) throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            HttpMessage request = Objects.requireNonNull(connection.readRequest());
            if (request.target().equals("/events")) {
                connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "9\r\ndata: 1\n\n\r\n");
                connection.awaitEnd();
            } else {
                connection.send(TestOrigin.ok("x"));
            }
        }));
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.ofString());

        try (var events = client.send(request("/events").build(), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(events.readNBytes(9)).asString().isEqualTo("data: 1\n\n");
        }
    }

    @Test
    void clientThatDoesNotReadStopsTheOrigin() throws Exception {
        AtomicLong sent = new AtomicLong();
        forwardTo(TestOrigin.running(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            for (byte[] data = new byte[65_536]; sent.get() < 2 * MORE_THAN_BUFFERS; sent.addAndGet(data.length)) {
                connection.send(data);
            }
        }));
        RawClient client = connectWithSmallWindow();

        client.sendHead("GET / HTTP/1.1", "Host: a.example").readHead();

        assertThat(ContentCases.valueOnceStill(sent)).isLessThan(MORE_THAN_BUFFERS);
    }

    @Test
    void originThatDoesNotReadStopsTheClient() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        forwardTo(TestOrigin.runningWithSmallWindow(connection -> {
            connection.readHead();
            await(end);
        }));
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

        assertThat(ContentCases.valueOnceStill(sent)).isLessThan(MORE_THAN_BUFFERS);
        end.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-None: 0\r\n\r\n", "Content-Length: 3\r\n\r\nabc"})
    void clientThatLeavesCancelsItsRequest(String content) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(TestOrigin.running(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitEnd();
            cancelled.countDown();
        }));
        RawClient client = connect();
        client.send("PUT / HTTP/1.1\r\nHost: a.example\r\n" + content);
        await(asked);

        client.close();

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void http2ClientThatGivesUpCancelsItsRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(TestOrigin.running(connection -> {
            while (true) {
                HttpMessage request = Objects.requireNonNull(connection.readRequest());
                if (request.target().equals("/slow")) {
                    asked.countDown();
                    connection.awaitEnd();
                    cancelled.countDown();
                    return;
                }
                connection.send(TestOrigin.ok("x"));
            }
        }));
        HttpClient client = http(HttpClient.Version.HTTP_2);
        client.send(request("/").build(), BodyHandlers.ofString());
        CompletableFuture<?> slow = client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        await(asked);

        slow.cancel(true);

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void clientThatLeavesWithinTheResponseCancelsIt() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(TestOrigin.running(connection -> {
            connection.readRequest();
            try {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                while (true) {
                    connection.send(new byte[65_536]);
                }
            } catch (IOException closed) {
                cancelled.countDown();
            }
        }));
        RawClient client = connect();
        client.sendHead("GET / HTTP/1.1", "Host: a.example").readExactly(100_000);

        client.close();

        assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "Transfer-Encoding: chunked\r\n\r\n10\r\nabc",
            })
    void originThatDiesWithinContentIsVisibleToTheClient(String response) throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n" + response);
            Awaitility.await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        }));

        assertThatThrownBy(() ->
                        connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse())
                .isInstanceOf(IOException.class);
        HttpClient http2 = http(HttpClient.Version.HTTP_2);
        assertThatThrownBy(() -> http2.send(request("/").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }
}
