package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and responses on their way through the router to an origin and back. */
abstract class ForwardingCases extends ContractCases {

    ForwardingCases(RouterHostConformance contract) {
        super(contract);
    }

    @Test
    void originSeesTheRequestAsItWasSentAndWhoSentIt() throws Exception {
        TestOrigin origin = TestOrigin.answering(TestOrigin.ok("hello"));
        forwardTo(origin);

        HttpMessage response = connect()
                .sendHead(
                        "GET /a%2Fb?x=%20y HTTP/1.1",
                        "Host: App.example:8080",
                        "Accept: text/plain",
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-Proto: https",
                        "Forwarded: for=6.6.6.6")
                .readResponse();

        assertThat(response.text()).isEqualTo("hello");
        HttpMessage request = origin.onlyRequest();
        assertThat(request.startLine()).isEqualTo("GET /a%2Fb?x=%20y HTTP/1.1");
        assertThat(request.fields().all("Host")).containsExactly("App.example:8080");
        assertThat(request.header("Accept")).isEqualTo("text/plain");
        assertThat(request.fields().all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(request.fields().all("X-Forwarded-Proto")).containsExactly(server().getScheme());
        assertThat(request.fields().all("X-Forwarded-Host")).containsExactly("App.example:8080");
        assertThat(request.header("Forwarded")).isNull();
    }

    @Test
    void fieldsOfTheConnectionStayBehindInBothDirections() throws Exception {
        TestOrigin origin = TestOrigin.answering("HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: x\r\n"
                + "X-End: 2\r\nContent-Length: 2\r\n\r\nok");
        forwardTo(origin);

        HttpMessage response = connect()
                .sendHead(
                        "GET / HTTP/1.1",
                        "Host: a.example",
                        "Connection: X-Secret, Upgrade",
                        "X-Secret: 1",
                        "Keep-Alive: timeout=5",
                        "TE: gzip",
                        "Proxy-Authorization: Basic eA==",
                        "Upgrade: h2c",
                        "X-End: 2")
                .readResponse();

        assertThat(response.header("X-Hop")).isNull();
        assertThat(response.header("Keep-Alive")).isNull();
        assertThat(response.header("X-End")).isEqualTo("2");
        HttpMessage request = origin.onlyRequest();
        for (String name : List.of("X-Secret", "Keep-Alive", "TE", "Proxy-Authorization", "Upgrade")) {
            assertThat(request.header(name)).as(name).isNull();
        }
        assertThat(request.header("X-End")).isEqualTo("2");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void largeHeadsPassInBothDirections(HttpClient.Version version) throws Exception {
        String value = "x".repeat(15_000);
        TestOrigin origin =
                TestOrigin.answering("HTTP/1.1 200 OK\r\nX-Large: " + value + "\r\nContent-Length: 2\r\n\r\nok");
        forwardTo(origin);
        HttpClient client = http(version);

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response =
                    client.send(request("/").header("X-Large", value).build(), BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("ok");
            assertThat(response.headers().firstValue("X-Large")).hasValue(value);
        }
        assertThat(origin.requests()).allMatch(request -> value.equals(request.header("X-Large")));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void uploadsAreNotLimitedByTheHost(HttpClient.Version version) throws Exception {
        AtomicLong received = new AtomicLong();
        forwardTo(TestOrigin.running(connection -> {
            String head = connection.readHead();
            for (; head != null; head = connection.readHead()) {
                long length = 0;
                for (int size = nextChunk(connection); size > 0; size = nextChunk(connection)) {
                    connection.in().readNBytes(size + 2);
                    length += size;
                }
                connection.in().readNBytes(2);
                received.set(length);
                connection.send(TestOrigin.ok("x"));
            }
        }));
        HttpClient client = http(version);
        int pieces = 1500;
        byte[] piece = new byte[65_536];

        HttpResponse<String> response = client.send(
                request("/")
                        .POST(BodyPublishers.ofByteArrays(Collections.nCopies(pieces, piece)))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(received).hasValue((long) pieces * piece.length);
    }

    private static int nextChunk(TestOrigin.Connection connection) throws IOException {
        return Integer.parseInt(connection.readLine(), 16);
    }

    static Stream<Arguments> contents() {
        return IntStream.of(0, 1, 16_384, 65_537, 1_000_003, 5 << 20)
                .boxed()
                .flatMap(size -> Stream.of(HttpClient.Version.values())
                        .flatMap(version ->
                                Stream.of(true, false).map(chunked -> Arguments.of(size, version, chunked))));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void contentIsTheSameOnBothSides(int size, HttpClient.Version version, boolean chunked) throws Exception {
        TestOrigin origin = TestOrigin.echoing();
        forwardTo(origin);
        byte[] content = Content.ofSize(size);
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.discarding());
        BodyPublisher body = chunked
                ? BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(content))
                : BodyPublishers.ofByteArray(content);

        HttpResponse<byte[]> response = client.send(request("/").POST(body).build(), BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(content);
        assertThat(origin.requests().get(1).body()).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void chunkedResponsesOfAnOriginArriveWhole(HttpClient.Version version) throws Exception {
        byte[] content = Content.ofSize(300_000);
        forwardTo(TestOrigin.running(connection -> {
            while (connection.readRequest() != null) {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < content.length; i += 1000) {
                    connection.send("3E8;x=y\r\n");
                    connection.send(Arrays.copyOfRange(content, i, i + 1000));
                    connection.send("\r\n");
                }
                connection.send("0\r\n\r\n");
            }
        }));
        HttpClient client = http(version);

        for (int i = 0; i < 3; i++) {
            assertThat(client.send(request("/").build(), BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(content);
        }
    }

    @Test
    void contentThatEndsWithTheOriginsConnectionIsFramedForTheClient() throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.0 200 OK\r\n\r\nabc");
        }));
        RawClient client = connect();

        for (int i = 0; i < 2; i++) {
            HttpMessage response =
                    client.sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();
            assertThat(response.text()).isEqualTo("abc");
        }
    }

    /** Nothing is asked for, unpacked or spelled anew that client and origin have to agree on. */
    @Test
    void codingsAndCookiesAreLeftToClientAndOrigin() throws Exception {
        String cookie = "a=b; Priority=High; Path=/x/../y/; Partitioned";
        TestOrigin origin = TestOrigin.answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n"
                + "Set-Cookie: " + cookie + "\r\nSet-Cookie: c=d\r\n\r\nabc");
        forwardTo(origin);

        HttpMessage response =
                connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();

        assertThat(origin.onlyRequest().header("Accept-Encoding")).isNull();
        assertThat(origin.onlyRequest().header("User-Agent")).isNull();
        assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(response.fields().all("Set-Cookie")).containsExactly(cookie, "c=d");
        assertThat(response.text()).isEqualTo("abc");
    }

    @Test
    void connectionsToTheOriginAreReused() throws Exception {
        TestOrigin origin = TestOrigin.answering(TestOrigin.ok("x"));
        forwardTo(origin);
        RawClient client = connect();

        for (int i = 0; i < 10; i++) {
            client.sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();
        }

        assertThat(origin.requests()).hasSize(10);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        TestOrigin origin = TestOrigin.running(connection -> {
            for (HttpMessage request = connection.readRequest(); request != null; request = connection.readRequest()) {
                connection.send(TestOrigin.ok(request.target() + request.text()));
            }
        });
        forwardTo(origin);
        RawClient client = connect();

        client.send("GET /1 HTTP/1.1\r\nHost: a.example\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost: a.example\r\n\r\n");

        assertThat(client.readResponse().text()).isEqualTo("/1");
        assertThat(client.readResponse().text()).isEqualTo("/2abc");
        assertThat(client.readResponse().text()).isEqualTo("/3");
    }

    @Test
    void http10ClientsAreServed() throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        }));
        RawClient client = connect();

        HttpMessage response =
                client.sendHead("GET / HTTP/1.0", "Host: a.example").readResponse();

        assertThat(response.header("Transfer-Encoding")).isNull();
        assertThat(response.text()).isEqualTo("abc");
    }

    @Test
    void headAndStatusWithoutContentKeepTheirFields() throws Exception {
        TestOrigin origin = TestOrigin.running(connection -> {
            for (HttpMessage request = connection.readRequest(); request != null; request = connection.readRequest()) {
                connection.send(
                        switch (request.target()) {
                            case "/204" -> "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n";
                            case "/304" -> "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";
                            case "/chunked" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                            default -> "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n";
                        });
            }
        });
        forwardTo(origin);
        RawClient client = connect();

        assertThat(client.sendHead("HEAD / HTTP/1.1", "Host: a.example")
                        .readResponseToHead()
                        .header("Content-Length"))
                .isEqualTo("12345");
        assertThat(client.sendHead("HEAD /chunked HTTP/1.1", "Host: a.example")
                        .readResponseToHead()
                        .header("Content-Length"))
                .isNull();
        assertThat(client.sendHead("GET /204 HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .header("X-A"))
                .isEqualTo("1");
        assertThat(client.sendHead("GET /304 HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .header("ETag"))
                .isEqualTo("\"1\"");
        assertThat(client.sendHead("HEAD / HTTP/1.1", "Host: a.example")
                        .readResponseToHead()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void informationalResponsesOfAnOriginPass() throws Exception {
        forwardTo(TestOrigin.answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + TestOrigin.ok("x")));
        RawClient client = connect();

        client.sendHead("GET / HTTP/1.1", "Host: a.example");

        assertThat(client.readHead()).startsWith("HTTP/1.1 103 ").contains("Link: </a.css>\r\n");
        assertThat(client.readResponse().text()).isEqualTo("x");
    }

    @Test
    void trailersPassInBothDirections() throws Exception {
        TestOrigin origin = TestOrigin.running(connection -> {
            while (connection.readRequest() != null) {
                connection.send(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n");
            }
        });
        forwardTo(origin);
        RawClient client = connect();

        HttpMessage response = client.sendHead(
                        "POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked", "TE: trailers")
                .send("3\r\nabc\r\n0\r\nX-Count: 3\r\n\r\n")
                .readResponse();

        assertThat(origin.onlyRequest().trailers()).isEqualTo(HttpFields.of("X-Count", "3"));
        assertThat(response.text()).isEqualTo("abc");
        assertThat(response.trailers()).isEqualTo(HttpFields.of("X-Sum", "6"));
    }

    @Test
    void continueComesFromTheOrigin() throws Exception {
        CountDownLatch allowed = new CountDownLatch(1);
        forwardTo(TestOrigin.running(connection -> {
            connection.readHead();
            await(allowed);
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            byte[] content = connection.in().readNBytes(3);
            connection.send(TestOrigin.ok(new String(content)));
        }));
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 3", "Expect: 100-continue");

        allowed.countDown();

        assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
        assertThat(client.send("abc").readResponse().text()).isEqualTo("abc");
    }

    @Test
    void originThatRefusesBeforeContentSparesTheClientSendingIt() throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        }));
        RawClient client = connect();

        HttpMessage response = client.sendHead(
                        "POST / HTTP/1.1", "Host: a.example", "Content-Length: 3", "Expect: 100-continue")
                .readResponse();

        assertThat(response.status()).isEqualTo(417);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void originThatAnswersEarlyIsHeard(HttpClient.Version version) throws Exception {
        forwardTo(TestOrigin.running(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch");
            connection.awaitEnd();
        }));
        HttpClient client = http(version);

        HttpResponse<String> response = client.send(
                request("/")
                        .POST(BodyPublishers.ofByteArray(new byte[3_000_000]))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("much");
    }
}
