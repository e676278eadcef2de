package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.Service;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that are collected before the client gets them. */
abstract class ResponseBufferingCases extends ContractCases {

    private static final int LIMIT = 100_000;

    @TempDir
    private Path folder;

    ResponseBufferingCases(RouterHostConformance contract) {
        super(contract);
    }

    private void bufferResponses(Buffering.Builder limits, TestOrigin.Script script) throws Exception {
        route(Service.named("app")
                .target(origin(script).address())
                .buffering(limits.temporaryFolder(folder).build())
                .build());
    }

    private static TestOrigin.Script answering(String head, byte[] content) {
        return connection -> {
            while (connection.readRequest() != null) {
                connection.send(head);
                connection.send(content);
            }
        };
    }

    private HttpMessage get() throws Exception {
        return connect()
                .sendHead("GET / HTTP/1.1", "Host: a.example", "TE: trailers")
                .readResponse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, LIMIT, 3_000_000})
    void aResponseArrivesWholeWhereverItIsKept(int size) throws Exception {
        byte[] content = Content.ofSize(size);
        bufferResponses(
                Buffering.responses().memoryBytes(50_000),
                answering("HTTP/1.1 200 OK\r\nX-Own: kept\r\nContent-Length: " + size + "\r\n\r\n", content));

        HttpMessage response = get();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("X-Own")).isEqualTo("kept");
        assertThat(response.body()).isEqualTo(content);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aResponseArrivesWholeOverAnyVersion(HttpClient.Version version) throws Exception {
        byte[] content = Content.ofSize(3_000_000);
        bufferResponses(
                Buffering.responses().memoryBytes(50_000),
                answering("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n", content));
        HttpClient client = http(version);

        for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> response = client.send(request("/").build(), BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(negotiated(version));
            assertThat(response.body()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aResponseThatBreaksOffOrIsTooLargeIsA502OverAnyVersion(HttpClient.Version version) throws Exception {
        bufferResponses(Buffering.responses().maxResponseBodyBytes(LIMIT), connection -> {
            HttpMessage request = Objects.requireNonNull(connection.readRequest());
            connection.send("HTTP/1.1 200 OK\r\nX-Secret: inside\r\nTransfer-Encoding: chunked\r\n\r\n");
            if (request.target().equals("/large")) {
                connection.send("186a1\r\n");
                connection.send(Content.ofSize(LIMIT + 1));
                connection.awaitEnd();
            }
        });
        HttpClient client = http(version);

        for (String target : List.of("/half", "/large", "/half")) {
            HttpResponse<String> response = client.send(request(target).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.headers().firstValue("X-Secret")).isEmpty();
        }
    }

    @Test
    void aChunkedResponseGetsItsLength() throws Exception {
        bufferResponses(
                Buffering.responses(),
                answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

        HttpMessage response = get();

        assertThat(response.header("Content-Length")).isEqualTo("7");
        assertThat(response.text()).isEqualTo("abcdefg");
    }

    @Test
    void aSlowClientDoesNotHoldTheTarget() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        byte[] content = Content.ofSize(30_000_000);
        bufferResponses(Buffering.responses(), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n");
            connection.send(content);
            answered.countDown();
            connection.awaitEnd();
        });

        RawClient client = connectWithSmallWindow().sendHead("GET / HTTP/1.1", "Host: a.example");
        await(answered);

        assertThat(client.readResponse().body()).isEqualTo(content);
    }

    @Test
    void nothingIsSentBeforeTheResponseIsComplete() throws Exception {
        bufferResponses(Buffering.responses(), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-");
        });

        HttpMessage response = get();

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text()).doesNotContain("half-");
    }

    @Test
    void aResponseOfExactlyTheLimitPasses() throws Exception {
        byte[] content = Content.ofSize(LIMIT);
        bufferResponses(
                Buffering.responses().maxResponseBodyBytes(LIMIT),
                answering("HTTP/1.1 200 OK\r\nContent-Length: " + LIMIT + "\r\n\r\n", content));

        assertThat(get().body()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100001", "Transfer-Encoding: chunked"})
    void aResponseOverTheLimitIsA502OfWhichNothingLeaksAndEndsAtTheOrigin(String framing) throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        bufferResponses(Buffering.responses().maxResponseBodyBytes(LIMIT), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nX-Secret: inside\r\nSet-Cookie: a=b\r\n" + framing + "\r\n\r\n");
            if (framing.startsWith("Transfer")) {
                connection.send("186a1\r\n");
                connection.send(Content.ofSize(LIMIT + 1));
            }
            connection.awaitEnd();
            cancelled.countDown();
        });

        HttpMessage response = get();

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.header("X-Secret")).isNull();
        assertThat(response.header("Set-Cookie")).isNull();
        assertThat(response.text()).contains("larger than is allowed");
        await(cancelled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/event-stream",
                "Content-Type: Text/Event-Stream; charset=utf-8",
                "X-Accel-Buffering: no"
            })
    void whatIsToPassPassesAtOnce(String field) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        bufferResponses(Buffering.responses().maxResponseBodyBytes(1), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 10\r\n\r\nfirst");
            await(seen);
            connection.send("after");
        });

        RawClient client = connect().sendHead("GET / HTTP/1.1", "Host: a.example");

        assertThat(client.readHead()).startsWith("HTTP/1.1 200");
        assertThat(new String(client.readExactly(5), StandardCharsets.US_ASCII)).isEqualTo("first");
        seen.countDown();
        assertThat(new String(client.readExactly(5), StandardCharsets.US_ASCII)).isEqualTo("after");
    }

    @Test
    void anInformationalResponsePassesAtOnceAndDoesNotStick() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        bufferResponses(Buffering.responses(), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            await(seen);
            connection.send("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
        });

        RawClient client = connect().sendHead("GET / HTTP/1.1", "Host: a.example");
        assertThat(client.readResponse().status()).isEqualTo(103);
        seen.countDown();
        HttpMessage response = client.readResponse();

        assertThat(response.status()).isEqualTo(201);
        assertThat(response.header("Link")).isNull();
    }

    @Test
    void trailersAreKept() throws Exception {
        bufferResponses(
                Buffering.responses(),
                answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n",
                        "2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

        HttpMessage response = get();

        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.trailers().get("X-Sum")).isEqualTo("42");
    }

    @Test
    void theLengthInAnAnswerToHeadIsThatOfTheOrigin() throws Exception {
        bufferResponses(
                Buffering.responses().maxResponseBodyBytes(10),
                answering("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", new byte[0]));

        HttpMessage response =
                connect().sendHead("HEAD / HTTP/1.1", "Host: a.example").readResponseToHead();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length")).isEqualTo("12345");
    }

    @Test
    void aClientThatLeavesEndsTheRequestAtTheOrigin() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        bufferResponses(Buffering.responses().memoryBytes(1000), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n");
            connection.send(Content.ofSize(LIMIT));
            asked.countDown();
            connection.awaitEnd();
            cancelled.countDown();
        });

        RawClient client = connect().sendHead("GET / HTTP/1.1", "Host: a.example");
        await(asked);
        client.close();

        await(cancelled);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> isEmpty(folder));
    }

    private static boolean isEmpty(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void aDiskThatTakesNothingIsA507AndDisturbsNothingElse() throws Exception {
        Path missing = folder.resolve("missing");
        String target = origin(answering("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", Content.ofSize(LIMIT)))
                .address();
        route(
                Service.named("app")
                        .host("a.example")
                        .target(target)
                        .buffering(Buffering.responses()
                                .memoryBytes(1000)
                                .temporaryFolder(missing)
                                .build())
                        .build(),
                Service.named("other").host("b.example").target(target).build());

        assertThat(get().status()).isEqualTo(507);
        HttpMessage other =
                connect().sendHead("GET / HTTP/1.1", "Host: b.example").readResponse();
        assertThat(other.body()).hasSize(LIMIT);
    }
}
