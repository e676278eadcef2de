package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.TestOrigin;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that have been upgraded, and origins that upgrade them when they should not. */
class TunnelTest extends PlaneFixture {

    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-App: a\r\n\r\n";

    private static FakeExchange asking() {
        return FakeExchange.get("/chat").upgrade("websocket");
    }

    private static void awaitText(FakeExchange exchange, String text) {
        Awaitility.await().until(() -> exchange.text().equals(text));
    }

    @Test
    void onlyWhatBelongsToTheConnectionStaysBehind() {
        TestOrigin origin = answering(SWITCHED);

        FakeExchange exchange = carry(origin, asking());

        Awaitility.await().until(() -> exchange.status() == 101);
        assertThat(exchange.responseFields().get("X-App")).isEqualTo("a");
        assertThat(exchange.responseFields().contains("Connection")).isFalse();
        assertThat(exchange.responseFields().contains("Upgrade")).isFalse();
    }

    @Test
    void silenceOfAnHourEndsItWithOneLogLine() {
        TestOrigin origin = answering(SWITCHED + "a");
        FakeExchange exchange = carry(origin, asking());
        awaitText(exchange, "a");

        advance(Duration.ofMinutes(59));
        assertThat(exchange.isOver()).isFalse();
        advance(Duration.ofMinutes(2));

        assertThat(exchange.await().isAborted()).isTrue();
        assertThat(logs.lines())
                .containsExactly("INFO api: an upgraded connection carried nothing for 3600 s; closed it. Raise"
                        + " upgradeIdleTimeout, or have one side send something now and then, such as pings");
    }

    @Test
    void silenceMayHaveNoLimit() {
        TestOrigin origin = answering(SWITCHED + "a");
        Service service = service(origin.address(), settings -> settings.upgradeIdleTimeout(Duration.ZERO));
        FakeExchange exchange = carry(service, asking());
        awaitText(exchange, "a");

        advance(Duration.ofDays(7));

        assertThat(exchange.isOver()).isFalse();
        assertThat(logs.lines()).isEmpty();
    }

    @Test
    void switchThatNobodyAskedForGets502WithOneLogLine() {
        TestOrigin origin = answering(SWITCHED);

        assertThat(carry(origin, FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(logs.lines())
                .containsExactly("WARN api: " + origin.address() + " sent a malformed response: status 101, though no"
                        + " upgrade was asked for; answered 502. Correct the target");
    }

    @Test
    void switchToAnotherProtocolGets502WithOneLogLine() {
        TestOrigin origin = answering(SWITCHED.replace("websocket", "other"));

        assertThat(carry(origin, asking()).await().status()).isEqualTo(502);
        assertThat(logs.lines())
                .containsExactly("WARN api: " + origin.address() + " sent a malformed response: status 101 with another"
                        + " protocol than the one that was asked for; answered 502. Correct the target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "H2C", "h2", "http", "HTTP/2.0", "TLS/1.3", "tls", "a b", "a, b", "a/", "/a", ""})
    void protocolsThatMustNotPassAreNotAskedFor(String protocol) {
        TestOrigin origin = answering(SWITCHED);

        FakeExchange exchange = carry(origin, FakeExchange.get("/").upgrade(protocol));

        assertThat(exchange.await().status()).isEqualTo(502);
        assertThat(logs.lines()).singleElement().asString().contains("though no upgrade was asked for");
    }

    @Test
    void successOfAnExtendedConnectNeedsASwitch() {
        TestOrigin origin = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        FakeExchange exchange = carry(
                origin, FakeExchange.of("CONNECT", "/chat").protocol("HTTP/2.0").upgrade("websocket"));

        assertThat(exchange.await().status()).isEqualTo(502);
        assertThat(logs.lines())
                .containsExactly("WARN api: " + origin.address() + " answered 200 to a request for another protocol,"
                        + " which HTTP/2 cannot pass on; answered 502. Have it answer 101, or a status from 300 on");
    }
}
