package dev.gatehouse.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Target;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Origins that refuse, break off, break the rules or say nothing. */
class Http2FailureTest extends Http2Fixture {

    @Test
    void aRefusedStreamIsSentAgainWithItsContent() throws Exception {
        ScriptedOrigin origin = origin(request -> {
            if (request.number == 1) {
                request.read();
                request.reset(ErrorCode.REFUSED_STREAM_ERROR.code);
            } else {
                request.whenEnded(() -> request.answer("at last"));
            }
        });
        route(origin.target());

        FakeExchange exchange =
                carry(FakeExchange.of("POST", "/").body("an order")).await();

        assertThat(exchange.text()).isEqualTo("at last");
        assertThat(origin.requests).hasSize(2);
        assertThat(origin.requests.get(1).content()).isEqualTo("an order");
    }

    @Test
    void aTargetThatRefusesAlwaysIsGivenUp() throws Exception {
        ScriptedOrigin origin = origin(request -> request.reset(ErrorCode.REFUSED_STREAM_ERROR.code));
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.get("/")).await();

        assertThat(exchange.status()).isEqualTo(502);
        assertThat(origin.requests).hasSize(3);
        assertThat(warning())
                .isEqualTo("WARN api: " + origin.target()
                        + " refused the stream; answered 502. See whether it is overloaded or shutting down");
    }

    @Test
    void aStreamThatCameTooLateForAClosingConnectionIsSentOverAnother() throws Exception {
        ScriptedOrigin origin = origin(request -> {
            if (request.number == 1) {
                ((HTTP2Session) request.stream.getSession())
                        .goAway(new GoAwayFrame(0, ErrorCode.NO_ERROR.code, new byte[0]), Callback.NOOP);
            } else {
                request.whenEnded(() -> request.answer("over a new connection"));
            }
        });
        route(origin.target());

        FakeExchange exchange =
                carry(FakeExchange.of("POST", "/").body("an order")).await();

        assertThat(exchange.text()).isEqualTo("over a new connection");
        assertThat(origin.connections).hasValue(2);
        assertThat(origin.requests.get(1).content()).isEqualTo("an order");
    }

    @Test
    void onlyWhatMayBeRepeatedIsSentAgainAfterAnotherReset() throws Exception {
        ScriptedOrigin origin = origin(request -> {
            if (request.number % 2 == 1) {
                request.reset(ErrorCode.INTERNAL_ERROR.code);
            } else {
                request.answer("second try");
            }
        });
        route(origin.target());

        assertThat(carry(FakeExchange.get("/")).await().text()).isEqualTo("second try");
        assertThat(carry(FakeExchange.of("POST", "/").body("x")).await().status())
                .isEqualTo(502);
        assertThat(origin.requests).hasSize(3);
        assertThat(warning()).contains("reset the stream (internal_error) without an answer; answered 502");
    }

    @Test
    void aResponseThatBreaksOffIsBrokenOffForTheClient() throws Exception {
        ScriptedOrigin origin = origin(request -> {
            request.head(200, false).data("half of", false);
            request.reset(ErrorCode.INTERNAL_ERROR.code);
        });
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.get("/")).await();

        assertThat(exchange.isComplete()).isFalse();
        assertThat(exchange.isAborted()).isTrue();
    }

    @Test
    void contentThatDoesNotHaveItsLengthIsNoResponse() throws Exception {
        ScriptedOrigin origin = origin(
                request -> request.head(200, false, "content-length", "3").data("four", true));
        route(origin.target());

        FakeExchange exchange = carry(FakeExchange.get("/")).await();

        assertThat(exchange.isComplete() && exchange.status() == 200).isFalse();
        assertThat(warning()).contains("breaks the rules of HTTP/2 (protocol_error)");
    }

    @Test
    void aRequestHeadThatTheTargetDoesNotTakeIsRefusedAloneWithoutHarmToOthers() throws Exception {
        ScriptedOrigin origin = origin(Map.of(SettingsFrame.MAX_HEADER_LIST_SIZE, 4096), request -> {
            if (!request.head.getHttpURI().getPath().equals("/waits")) {
                request.answer("fine");
            }
        });
        route(origin.target());
        FakeExchange other = carry(FakeExchange.get("/waits"));
        await().until(() -> origin.requests.size() == 1);

        FakeExchange large =
                carry(FakeExchange.get("/").field("X-Large", "v".repeat(5000))).await();
        FakeExchange widelyEncoded = carry(FakeExchange.get("/").field("X-Wide", "\u00ff".repeat(2000)))
                .await();
        FakeExchange small = carry(FakeExchange.get("/").field("X-Small", "\u00ff".repeat(200)))
                .await();

        assertThat(List.of(large.status(), widelyEncoded.status(), small.status()))
                .containsExactly(431, 431, 200);
        assertThat(warning()).contains("takes no request head over 4096 bytes; answered 431");
        origin.requests.get(0).answer("not harmed");
        assertThat(other.await().text()).isEqualTo("not harmed");
        assertThat(origin.connections).hasValue(1);
    }

    @Test
    void exchangesWaitForTheirTurnAndForNoMoreThanThat() throws Exception {
        ScriptedOrigin origin = origin(Map.of(SettingsFrame.MAX_CONCURRENT_STREAMS, 2), request -> {});
        route(
                Target.of(origin.target()),
                service -> service,
                transport -> transport.maxConnectionsPerTarget(1).maxQueuedPerTarget(2));
        carry(FakeExchange.get("/0"));
        await().until(() -> origin.requests.size() == 1);
        List<FakeExchange> others = Stream.of("/1", "/2", "/3", "/4")
                .map(path -> carry(FakeExchange.get(path)))
                .toList();

        assertThat(others.get(3).await().status()).isEqualTo(503);
        assertThat(warning()).contains("has no room for another exchange, and 2 wait already; answered 503");
        await().until(() -> origin.requests.size() == 2);
        origin.requests.get(0).answer("done");
        await().until(() -> origin.requests.size() == 3);
        assertThat(origin.requests.get(2).head.getHttpURI().getPath()).isEqualTo("/2");
        others.get(2).leave();
        origin.requests.get(1).answer("done");
        assertThat(others.get(0).await().text()).isEqualTo("done");
        assertThat(origin.connections).hasValue(1);
    }

    @Test
    void anExchangeDoesNotWaitForItsTurnForEver() throws Exception {
        ScriptedOrigin origin = origin(Map.of(SettingsFrame.MAX_CONCURRENT_STREAMS, 1), request -> {});
        route(
                Target.of(origin.target()),
                service -> service.connectTimeout(Duration.ofMillis(500)),
                transport -> transport.maxConnectionsPerTarget(1));
        carry(FakeExchange.get("/0"));
        await().until(() -> origin.requests.size() == 1);

        assertThat(carry(FakeExchange.get("/1")).await().status()).isEqualTo(503);
        assertThat(warning()).contains("had no room for another exchange in time; answered 503");
    }

    @Test
    void aFurtherConnectionIsOpenedWhenTheFirstIsFull() throws Exception {
        ScriptedOrigin origin = origin(Map.of(SettingsFrame.MAX_CONCURRENT_STREAMS, 1), request -> {});
        route(origin.target());

        List.of("/1", "/2", "/3").forEach(path -> carry(FakeExchange.get(path)));

        await().until(() -> origin.requests.size() == 3);
        assertThat(origin.connections).hasValue(3);
    }

    @Test
    void aTargetThatDoesNotAnswerIsGivenUpAndCancelled() throws Exception {
        ScriptedOrigin origin = origin(request -> {});
        route(
                Target.of(origin.target()),
                service -> service.responseTimeout(Duration.ofMillis(300)),
                transport -> transport);

        FakeExchange exchange = carry(FakeExchange.get("/")).await();

        assertThat(exchange.status()).isEqualTo(504);
        await().until(() -> origin.requests.get(0).resetCode == ErrorCode.CANCEL_STREAM_ERROR.code);
    }

    @Test
    void aTargetThatIsNotThereAnyMoreLosesItsConnection() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            route(
                    Target.of("h2c://127.0.0.1:" + listener.getLocalPort()),
                    service -> service.responseTimeout(Duration.ofMillis(300)),
                    transport -> transport.ping(Duration.ofMinutes(1), Duration.ofMillis(300)));
            FakeExchange first = carry(FakeExchange.get("/"));
            Socket silent = closed(listener.accept());
            silent.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            silent.getOutputStream().flush();

            assertThat(first.await().status()).isEqualTo(504);
            await().untilAsserted(() -> assertThat(warning()).contains("did not answer a ping within 300 ms"));
            carry(FakeExchange.get("/"));
            closed(listener.accept());
        }
    }

    @Test
    void aTargetThatRefusesTheConnectionIsNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        route("h2c://127.0.0.1:" + port);

        assertThat(carry(FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(warning())
                .isEqualTo("WARN api: h2c://127.0.0.1:" + port
                        + " refused the connection; answered 502. Start the target, or correct its address");
    }

    @Test
    void aTargetThatSpeaksHttp1IsToldApart() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            route("h2c://127.0.0.1:" + listener.getLocalPort());
            FakeExchange exchange = carry(FakeExchange.get("/"));
            try (Socket http1 = listener.accept()) {
                InputStream preface = http1.getInputStream();
                assertThat(preface.read()).isEqualTo('P');
                http1.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(exchange.await().status()).isEqualTo(502);
            }
        }
        assertThat(warning()).contains("does not speak HTTP/2 without TLS").contains("Write http:// for HTTP/1.1");
    }

    @Test
    void settingsAreCheckedAtOnce() {
        Http2Transport.Builder builder = Http2Transport.builder().maxQueuedPerTarget(5);

        assertThatThrownBy(() -> builder.maxQueuedPerTarget(6))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("maxQueuedPerTarget: set twice, to 5 and to 6 (set it once)");
        assertThatThrownBy(() -> builder.maxConnectionsPerTarget(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxConnectionsPerTarget: 0 (expected: 1 or more)");
    }
}
