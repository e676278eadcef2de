package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.Service;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are collected before they are passed on. */
abstract class BufferingCases extends ContractCases {

    private static final int LIMIT = 100_000;

    @TempDir
    private Path folder;

    BufferingCases(RouterHostConformance contract) {
        super(contract);
    }

    private TestOrigin bufferRequests(Buffering.Builder limits) throws Exception {
        TestOrigin origin = closedAfterwards(TestOrigin.echoing());
        route(Service.named("app")
                .target(origin.address())
                .buffering(limits.temporaryFolder(folder).build())
                .build());
        return origin;
    }

    @Test
    void originIsNotContactedBeforeTheContentIsComplete() throws Exception {
        TestOrigin origin = bufferRequests(Buffering.requests());
        RawClient client = connect();
        byte[] content = Content.ofSize(50_000);

        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 50000")
                .send(Arrays.copyOf(content, 49_999));
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> origin.connections() == 0);
        client.send(new byte[] {content[49_999]});

        assertThat(client.readResponse().body()).isEqualTo(content);
    }

    @Test
    void chunkedContentReachesTheOriginWithItsLength() throws Exception {
        TestOrigin origin = bufferRequests(Buffering.requests());

        HttpMessage response = connect()
                .sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
                .readResponse();

        assertThat(response.text()).isEqualTo("abcdefg");
        assertThat(origin.onlyRequest().header("Content-Length")).isEqualTo("7");
        assertThat(origin.onlyRequest().header("Transfer-Encoding")).isNull();
    }

    static Stream<Arguments> versionsAndFramings() {
        return Stream.of(HttpClient.Version.values())
                .flatMap(version -> Stream.of(true, false).map(chunked -> Arguments.of(version, chunked)));
    }

    @ParameterizedTest
    @MethodSource("versionsAndFramings")
    void contentBeyondTheMemorySpillsToDiskIntact(HttpClient.Version version, boolean chunked) throws Exception {
        bufferRequests(Buffering.requests().memoryBytes(64 * 1024));
        byte[] content = Content.ofSize(20_000_000);
        BodyPublisher body = chunked
                ? BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(content))
                : BodyPublishers.ofByteArray(content);
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.discarding());

        HttpResponse<byte[]> response = client.send(request("/").POST(body).build(), BodyHandlers.ofByteArray());

        assertThat(response.body()).isEqualTo(content);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndFramings")
    void exactlyTheLimitPassesAndOneMoreIsRefused(HttpClient.Version version, boolean chunked) throws Exception {
        TestOrigin origin = bufferRequests(Buffering.requests().maxRequestBodyBytes(LIMIT));
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.discarding());

        assertThat(post(client, LIMIT, chunked)).isEqualTo(200);
        assertThat(post(client, LIMIT + 1, chunked)).isEqualTo(413);
        assertThat(post(client, LIMIT, chunked)).isEqualTo(200);
        assertThat(origin.requests()).hasSize(3);
    }

    private int post(HttpClient client, int size, boolean chunked) throws IOException, InterruptedException {
        byte[] content = Content.ofSize(size);
        BodyPublisher body = chunked
                ? BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(content))
                : BodyPublishers.ofByteArray(content);
        return client.send(request("/").POST(body).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void tooLongContentIsRefusedByItsLengthAlone() throws Exception {
        TestOrigin origin = bufferRequests(Buffering.requests().maxRequestBodyBytes(LIMIT));
        RawClient client = connect();

        HttpMessage response = client.sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 600000000")
                .readResponse();

        assertThat(response.status()).isEqualTo(413);
        assertThat(origin.connections()).isZero();
    }

    @Test
    void tooLongContentIsRefusedInPlaceOfContinue() throws Exception {
        bufferRequests(Buffering.requests().maxRequestBodyBytes(LIMIT));
        RawClient client = connect();

        HttpMessage response = client.sendHead(
                        "POST / HTTP/1.1", "Host: a.example", "Content-Length: 600000000", "Expect: 100-continue")
                .readResponse();

        assertThat(response.status()).isEqualTo(413);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void endlessContentIsRefusedWhenItHasPassedTheLimit() throws Exception {
        TestOrigin origin = bufferRequests(Buffering.requests().maxRequestBodyBytes(LIMIT));
        RawClient client = connect();
        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked");

        for (int i = 0; i < 4; i++) {
            client.sendChunk(new byte[LIMIT / 2]);
        }

        assertThat(client.readResponse().status()).isEqualTo(413);
        assertThat(origin.connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void continueIsSentByTheRouterItself(HttpClient.Version version) throws Exception {
        bufferRequests(Buffering.requests());
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
    void clientThatLeavesBeforeTheEndNeverReachesTheOrigin() throws Exception {
        TestOrigin origin = bufferRequests(Buffering.requests().memoryBytes(1000));

        connect()
                .sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 50000")
                .send(new byte[40_000])
                .close();

        RawClient other = connect();
        assertThat(other.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(origin.requests()).hasSize(1);
    }
}
