package dev.gatehouse.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpFields;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.ErrorCode;
import org.junit.jupiter.api.Test;

/** What an origin and a client see of each other when all goes well. */
class Http2OriginTest extends Http2Fixture {

    @Test
    void aRequestHasItsHeadAsHttp2WritesIt() throws Exception {
        ScriptedOrigin origin = origin(request -> request.answer("hello"));
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.get("/a//b;c?d=%20")
                        .authority("shop.example.com:8443")
                        .field("Connection", "keep-alive, X-Hop")
                        .field("X-Hop", "1")
                        .field("X-Forwarded-For", "6.6.6.6")
                        .field("TE", "gzip, trailers")
                        .field("Accept", "*/*"))
                .await();

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.text()).isEqualTo("hello");
        ScriptedOrigin.Request request = origin.requests.get(0);
        assertThat(request.head.getMethod()).isEqualTo("GET");
        assertThat(request.head.getHttpURI().getScheme()).isEqualTo("http");
        assertThat(request.head.getHttpURI().getAuthority()).isEqualTo("shop.example.com:8443");
        assertThat(request.head.getHttpURI().getPathQuery()).isEqualTo("/a//b;c?d=%20");
        assertThat(request.ended).isTrue();
        assertThat(request.field("te")).isEqualTo("trailers");
        assertThat(request.field("accept")).isEqualTo("*/*");
        assertThat(request.field("x-forwarded-for")).doesNotContain("6.6.6.6");
        assertThat(request.field("x-forwarded-host")).isEqualTo("shop.example.com:8443");
        assertThat(request.field("connection")).isNull();
        assertThat(request.field("x-hop")).isNull();
    }

    @Test
    void contentOfKnownLengthKeepsIt() throws Exception {
        ScriptedOrigin origin = origin(request -> request.whenEnded(() -> request.answer("got it")));
        route(origin.target());

        FakeExchange exchange =
                carry(FakeExchange.of("POST", "/").body("some content")).await();

        assertThat(exchange.text()).isEqualTo("got it");
        assertThat(origin.requests.get(0).content()).isEqualTo("some content");
        assertThat(origin.requests.get(0).field("content-length")).isEqualTo("12");
    }

    @Test
    void contentAndTrailersPassInBothDirections() throws Exception {
        ScriptedOrigin origin = origin(request -> request.whenEnded(
                () -> request.head(200, false).data("answer", false).trailers("x-sum", "42")));
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.of("POST", "/").chunked().send("part one, "));
        exchange.send("part two");
        exchange.end(HttpFields.of("X-Check", "abc", "Content-Length", "7"));
        exchange.await();

        ScriptedOrigin.Request request = origin.requests.get(0);
        assertThat(request.content()).isEqualTo("part one, part two");
        assertThat(request.trailers.get("x-check")).isEqualTo("abc");
        assertThat(request.trailers.get("content-length")).isNull();
        assertThat(exchange.text()).isEqualTo("answer");
        assertThat(exchange.responseTrailers().get("x-sum")).isEqualTo("42");
    }

    @Test
    void informationalResponsesPass() throws Exception {
        ScriptedOrigin origin = origin(request -> request.head(103, false, "link", "</style.css>; rel=preload")
                .head(200, false)
                .data("page", true));
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.get("/")).await();

        assertThat(exchange.informational()).singleElement().asString().contains("103");
        assertThat(exchange.text()).isEqualTo("page");
    }

    @Test
    void responsesWithoutContentEndWithTheirHead() throws Exception {
        ScriptedOrigin origin = origin(request -> {
            switch (request.head.getHttpURI().getPath()) {
                case "/head" -> request.head(200, true, "content-length", "12345");
                case "/204" -> request.head(204, true);
                default -> request.head(304, true, "etag", "\"1\"");
            }
        });
        route(origin.target());

        FakeExchange head = carry(FakeExchange.of("HEAD", "/head")).await();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.responseFields().get("Content-Length")).isEqualTo("12345");
        assertThat(carry(FakeExchange.get("/204")).await().status()).isEqualTo(204);
        assertThat(carry(FakeExchange.get("/304")).await().responseFields().get("etag"))
                .isEqualTo("\"1\"");
        assertThat(origin.connections).hasValue(1);
    }

    @Test
    void aResponseMayComeWhileTheRequestGoesOn() throws Exception {
        ScriptedOrigin origin =
                origin(request -> request.read().head(200, false).data("early", false));
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.of("POST", "/").chunked().send("first"));
        await().until(() -> exchange.text().equals("early"));
        exchange.send(" second");
        await().until(() -> origin.requests.get(0).content().equals("first second"));
        origin.requests.get(0).data(" and late", true);
        exchange.await();

        assertThat(exchange.text()).isEqualTo("early and late");
        await().until(() -> origin.requests.get(0).resetCode == ErrorCode.NO_ERROR.code);
    }

    @Test
    void anOriginMayStopTheRequestAfterItsWholeResponse() throws Exception {
        ScriptedOrigin origin = origin(request -> {
            request.head(413, false).data("too much", true);
            request.reset(ErrorCode.NO_ERROR.code);
        });
        route(origin.target());

        FakeExchange exchange =
                carry(FakeExchange.of("POST", "/").chunked().send("first")).await();

        assertThat(exchange.status()).isEqualTo(413);
        assertThat(exchange.text()).isEqualTo("too much");
        assertThat(exchange.isComplete()).isTrue();
    }

    @Test
    void anOriginThatDoesNotReadHoldsTheClientUp() throws Exception {
        ScriptedOrigin origin = origin(request -> {});
        route(origin.target());
        long length = 100_000_000;

        FakeExchange exchange = carry(FakeExchange.of("POST", "/").sendZeros(length));

        AtomicInteger before = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            int reads = exchange.reads();
            return reads > 0 && before.getAndSet(reads) == reads;
        });
        assertThat((long) exchange.reads() * 32 * 1024).isLessThan(20_000_000);
        exchange.leave();
        await().until(() -> origin.requests.get(0).resetCode == ErrorCode.CANCEL_STREAM_ERROR.code);
    }

    @Test
    void aClientThatDoesNotReadHoldsTheOriginUpAndNobodyElse() throws Exception {
        String megabyte = "x".repeat(1_000_000);
        AtomicInteger sent = new AtomicInteger();
        ScriptedOrigin origin = origin(request -> {
            if (request.head.getHttpURI().getPath().equals("/small")) {
                request.answer("small");
                return;
            }
            request.head(200, false);
            request.stream.data(
                    new org.eclipse.jetty.http2.frames.DataFrame(
                            request.stream.getId(),
                            java.nio.ByteBuffer.wrap(megabyte.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                            true),
                    org.eclipse.jetty.util.Callback.from(sent::incrementAndGet));
        });
        route(origin.target());

        java.util.List<FakeExchange> slow = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(carry(FakeExchange.get("/large").stopReading()));
        }
        await().until(() -> slow.stream().allMatch(FakeExchange::holdsResponse));

        assertThat(carry(FakeExchange.get("/small")).await().text()).isEqualTo("small");
        assertThat(sent).hasValue(0);
        slow.forEach(FakeExchange::resumeReading);
        slow.forEach(exchange -> assertThat(exchange.await().receivedBytes()).isEqualTo(1_000_000));
        assertThat(origin.connections).hasValue(1);
    }

    @Test
    void aClientThatLeavesCancelsItsStream() throws Exception {
        ScriptedOrigin origin = origin(request -> {});
        route(origin.target());
        FakeExchange exchange = carry(FakeExchange.get("/"));
        await().until(() -> origin.requests.size() == 1);

        exchange.leave();

        await().atMost(Duration.ofMillis(500))
                .until(() -> origin.requests.get(0).resetCode == ErrorCode.CANCEL_STREAM_ERROR.code);
    }
}
