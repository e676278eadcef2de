package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a host's own parser has let through, though nobody should be given them. */
@Timeout(60)
class RequestValidationTest {

    private final Router router = Router.builder()
            .service(Service.named("app").handler(RequestValidationTest::answer).build())
            .maxRequestTargetBytes(1000)
            .maxRequestFields(20)
            .maxRequestHeadBytes(5000)
            .build();
    private final Logs logs = Logs.capture();

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.startResponse(200, HttpFields.of("Content-Length", "0"));
        exchange.write(ByteBuffer.allocate(0), true, () -> {});
    }

    @BeforeEach
    void nothingIsLoggedYet() {
        assertThat(logs.lines()).isEmpty();
    }

    @AfterEach
    void close() {
        logs.close();
        router.close();
    }

    private FakeExchange handled(FakeExchange exchange) {
        router.handle(exchange);
        return exchange.await();
    }

    private void assertRefused(FakeExchange exchange, int status, String explanation) {
        handled(exchange);

        assertThat(exchange.status()).isEqualTo(status);
        assertThat(exchange.text()).contains(explanation);
        assertThat(exchange.responseFields().get("Connection"))
                .isEqualTo(exchange.protocol().startsWith("HTTP/1") ? "close" : null);
        assertThat(logs.lines())
                .singleElement()
                .asString()
                .startsWith("INFO request from /203.0.113.7:40000 for /")
                .contains(explanation)
                .contains(". Answered " + status + "; ");
    }

    private static FakeExchange post() {
        return FakeExchange.of("POST", "/");
    }

    private static FakeExchange post2() {
        return post().protocol("HTTP/2.0");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of(
                        post().field("Content-Length", "5").field("Transfer-Encoding", "chunked"),
                        "both Content-Length and Transfer-Encoding"),
                Arguments.of(
                        post().field("Content-Length", "5").field("content-length", "5"), "several Content-Length"),
                Arguments.of(post().field("Transfer-Encoding", "gzip, chunked"), "not chunked alone"),
                Arguments.of(
                        post().field("Transfer-Encoding", "chunked").field("TRANSFER-ENCODING", "chunked"),
                        "not chunked alone"),
                Arguments.of(
                        post().protocol("HTTP/1.0").field("Transfer-Encoding", "chunked"), "HTTP/1.0 does not know"),
                Arguments.of(post().field("Transfer_Encoding", "chunked"), "spelled with an underscore"),
                Arguments.of(post().field("content_length", "5"), "spelled with an underscore"),
                Arguments.of(
                        post().field("Host", "app.example.com").field("Host", "app.example.com"),
                        "several Host fields"),
                Arguments.of(post().field("Host", "other.example.com"), "contradicts"),
                Arguments.of(post2().field("host", "other.example.com"), "contradicts"),
                Arguments.of(post2().field("transfer-encoding", "chunked"), "HTTP/2 does not allow"),
                Arguments.of(post2().field("connection", "close"), "HTTP/2 does not allow"),
                Arguments.of(post2().field("keep-alive", "5"), "HTTP/2 does not allow"),
                Arguments.of(post2().field("proxy-connection", "close"), "HTTP/2 does not allow"),
                Arguments.of(post2().field("upgrade", "x"), "HTTP/2 does not allow"),
                Arguments.of(post2().field("te", "gzip"), "HTTP/2 does not allow"),
                Arguments.of(FakeExchange.of("PO ST", "/"), "request line is malformed"),
                Arguments.of(FakeExchange.of("", "/"), "request line is malformed"),
                Arguments.of(FakeExchange.get("/a b"), "request line is malformed"),
                Arguments.of(FakeExchange.get("/\u0000"), "request line is malformed"),
                Arguments.of(FakeExchange.get("/").authority(null), "has no host"),
                Arguments.of(FakeExchange.get("/").authority("a,b"), "host of the request is malformed"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsMalformedGets400WithOneLogLine(FakeExchange exchange, String explanation) {
        assertRefused(exchange, 400, explanation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+5", "-5", "0x5", "5,5", "5 5", "1234567890123456789", "\u00b2", "5\u00a0", "1e1"})
    void aLengthThatIsNoNumberGets400(String length) {
        assertRefused(post().field("Content-Length", length), 400, "Content-Length is not a number");
    }

    @Test
    void aVersionThatNobodySpeaksGets505() {
        assertRefused(FakeExchange.get("/").protocol("HTTP/0.9"), 505, "version of HTTP");
    }

    @Test
    void whatIsWellFormedPasses() {
        assertThat(handled(post().field("Host", "APP.example.com").field("Transfer-Encoding", "Chunked"))
                        .status())
                .isEqualTo(200);
        assertThat(handled(post().field("Content-Length", "000")).status()).isEqualTo(200);
        assertThat(handled(post2().field("host", "app.example.com").field("te", "trailers"))
                        .status())
                .isEqualTo(200);
        assertThat(handled(FakeExchange.get("/").protocol("HTTP/1.0").field("Connection", "keep-alive"))
                        .status())
                .isEqualTo(200);
        assertThat(logs.lines()).isEmpty();
    }

    @Test
    void exactlyTheLimitsPassAndOneMoreIsRefused() {
        assertThat(handled(FakeExchange.get("/" + "a".repeat(999))).status()).isEqualTo(200);
        assertThat(handled(withFields(20)).status()).isEqualTo(200);
        assertThat(handled(withHead(5000)).status()).isEqualTo(200);

        assertThat(handled(FakeExchange.get("/" + "a".repeat(1000))).status()).isEqualTo(414);
        assertThat(handled(withFields(21)).status()).isEqualTo(431);
        assertThat(handled(withHead(5001)).status()).isEqualTo(431);
        assertThat(logs.lines())
                .hasSize(3)
                .anyMatch(line -> line.endsWith(
                        "more than 1000 bytes. Answered 414; raise maxRequestTargetBytes if it must" + " be accepted"))
                .anyMatch(line -> line.endsWith(
                        "more than 20 fields. Answered 431; raise maxRequestFields if it must be accepted"))
                .anyMatch(line -> line.endsWith(
                        "more than 5000 bytes. Answered 431; raise maxRequestHeadBytes if it must be accepted"));
    }

    private static FakeExchange withFields(int count) {
        FakeExchange exchange = FakeExchange.get("/");
        for (int i = 0; i < count; i++) {
            exchange.field("X-" + i, "y");
        }
        return exchange;
    }

    /** As HTTP/1.1 writes it: {@code GET / HTTP/1.1}, the field, the empty line. */
    private static FakeExchange withHead(int bytes) {
        int others = "GET / HTTP/1.1\r\nX: \r\n\r\n".length();
        return FakeExchange.get("/").field("X", "y".repeat(bytes - others));
    }

    @Test
    void limitsAreSetOnceAndPositive() {
        assertThatThrownBy(() -> Router.builder().maxRequestFields(0))
                .hasMessage("maxRequestFields: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> Router.builder().maxRequestHeadBytes(1).maxRequestHeadBytes(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("maxRequestHeadBytes: set twice");
        assertThatThrownBy(() -> Router.builder().maxRequestTargetBytes(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
