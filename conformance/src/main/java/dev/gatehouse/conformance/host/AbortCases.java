package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Either side leaves, at each stage of an exchange, and the other one learns about it at once. */
abstract class AbortCases extends ContractCases {

    AbortCases(RouterHostConformance contract) {
        super(contract);
    }

    /** An origin that answers {@code /} and does something else with all other targets. */
    private void forwardTo(TestOrigin.Script script) throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            String head = connection.readHead();
            while (head != null && head.startsWith("GET / ")) {
                connection.send(TestOrigin.ok("x"));
                head = connection.readHead();
            }
            if (head != null) {
                script.serve(connection);
            }
        }));
    }

    private HttpClient connected(HttpClient.Version version) throws Exception {
        HttpClient client = http(version);
        assertThat(client.send(request("/").build(), BodyHandlers.ofString()).body())
                .isEqualTo("x");
        return client;
    }

    @Test
    void clientThatLeavesWithinItsUploadEndsItAtTheOrigin() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(connection -> {
            assertThat(connection.in().readNBytes(3)).asString().isEqualTo("abc");
            begun.countDown();
            connection.awaitEnd();
            cancelled.countDown();
        });
        RawClient client = connect();
        client.sendHead("POST /upload HTTP/1.1", "Host: a.example", "Content-Length: 10")
                .send("abc");
        await(begun);

        client.close();

        await(cancelled);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void clientThatLeavesBeforeTheResponseEndsTheRequestAtTheOrigin(HttpClient.Version version) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(connection -> {
            asked.countDown();
            connection.awaitEnd();
            cancelled.countDown();
        });
        HttpClient client = connected(version);
        CompletableFuture<?> response = client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        await(asked);

        response.cancel(true);

        await(cancelled);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void clientThatLeavesWithinTheResponseEndsItAtTheOrigin(HttpClient.Version version) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(connection -> {
            try {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nsome");
                while (true) {
                    Awaitility.await().pollDelay(Duration.ofMillis(20)).until(() -> true);
                    connection.send("more");
                }
            } catch (IOException closed) {
                cancelled.countDown();
            }
        });
        HttpClient client = connected(version);
        InputStream content = client.send(request("/slow").build(), BodyHandlers.ofInputStream())
                .body();
        assertThat(content.readNBytes(4)).asString().isEqualTo("some");

        content.close();

        await(cancelled);
    }

    @ParameterizedTest(name = "a client that leaves a silent event stream cancels its origin request, {0}")
    @EnumSource(HttpClient.Version.class)
    void clientThatLeavesASilentEventStreamCancelsItsOriginRequest(HttpClient.Version version) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        forwardTo(connection -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
            connection.awaitEnd();
            cancelled.countDown();
        });
        HttpClient client = connected(version);
        InputStream events = client.send(request("/events").build(), BodyHandlers.ofInputStream())
                .body();
        assertThat(events.readNBytes(9)).asString().isEqualTo("data: 1\n\n");

        events.close();

        await(cancelled);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void originThatResetsWithinTheUploadIsAnswered502(HttpClient.Version version) throws Exception {
        forwardTo(connection -> {
            connection.in().read();
            connection.reset();
        });
        HttpClient client = connected(version);

        HttpResponse<String> response = client.send(
                request("/upload")
                        .POST(BodyPublishers.ofByteArray(new byte[3_000_000]))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(502);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void originThatResetsBeforeItsResponseIsAnswered502(HttpClient.Version version) throws Exception {
        forwardTo(TestOrigin.Connection::reset);
        HttpClient client = connected(version);

        assertThat(client.send(request("/slow").build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void originThatResetsWithinItsResponseIsVisibleToTheClient(HttpClient.Version version) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        forwardTo(connection -> {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nsome");
            await(received);
            connection.reset();
        });
        HttpClient client = connected(version);
        InputStream content = client.send(request("/slow").build(), BodyHandlers.ofInputStream())
                .body();
        assertThat(content.readNBytes(4)).asString().isEqualTo("some");

        received.countDown();

        assertThatThrownBy(content::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void slowOriginIsHeardByteByByte() throws Exception {
        String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Own: kept\r\n\r\n"
                + "3;x\r\nabc\r\n1\r\nd\r\n0\r\nX-Sum: 4\r\n\r\n";
        forwardTo(connection -> {
            for (byte b : response.getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
                connection.send(new byte[] {b});
                Awaitility.await().pollDelay(Duration.ofMillis(1)).until(() -> true);
            }
        });

        HttpMessage received = connect()
                .sendHead("GET /slow HTTP/1.1", "Host: a.example", "TE: trailers")
                .readResponse();

        assertThat(received.header("X-Own")).isEqualTo("kept");
        assertThat(received.text()).isEqualTo("abcd");
        assertThat(received.trailers().get("X-Sum")).isEqualTo("4");
    }

    @Test
    void slowClientIsHeardByteByByte() throws Exception {
        TestOrigin origin = TestOrigin.echoing();
        forwardTo(origin);
        RawClient client = connect();
        String request =
                "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

        for (char c : request.toCharArray()) {
            client.send(String.valueOf(c));
        }

        assertThat(client.readResponse().text()).isEqualTo("abc");
        assertThat(Objects.requireNonNull(origin.onlyRequest()).text()).isEqualTo("abc");
    }

    @Test
    void clientThatTricklesIsAnswered408() throws Exception {
        TestOrigin origin = origin(TestOrigin.Connection::awaitEnd);
        route(Service.named("app")
                .target(origin.address())
                .requestIdleTimeout(Duration.ofMillis(700))
                .minRequestRate(1000)
                .build());
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 1000000");
        CompletableFuture<HttpMessage> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return client.readResponse();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        Awaitility.await().pollInterval(Duration.ofMillis(100)).until(() -> {
            if (!answer.isDone()) {
                client.send("x");
            }
            return answer.isDone();
        });

        assertThat(answer.get().status()).isEqualTo(408);
    }

    @Test
    void exchangeThatLastsTooLongIsAnswered504() throws Exception {
        TestOrigin origin = origin(TestOrigin.Connection::awaitEnd);
        route(Service.named("app")
                .target(origin.address())
                .totalTimeout(Duration.ofMillis(300))
                .build());

        assertThat(connect()
                        .sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(504);
    }
}
