package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that leave HTTP/1.1 behind (RFC 9110, section 7.8). */
abstract class UpgradeCases extends TunnelCases {

    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-App: a\r\n\r\n";

    UpgradeCases(RouterHostConformance contract) {
        super(contract);
    }

    @Override
    UpgradedClient open() throws IOException {
        return switched(ask(connect()));
    }

    @Override
    UpgradedClient openWithSmallWindow() throws IOException {
        return switched(ask(connectWithSmallWindow()));
    }

    private static UpgradedClient switched(RawClient client) throws IOException {
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private RawClient ask(RawClient client) throws IOException {
        return client.sendHead(
                "GET /chat HTTP/1.1",
                "Host: " + server().getAuthority(),
                "Connection: keep-alive, Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    // Switching

    @Test
    void headsOfTheSwitchSayWhatTheyMust() throws Exception {
        TestOrigin origin = TestOrigin.answering(SWITCHED);
        forwardTo(origin);

        assertThat(ask(connect()).readHead())
                .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                .contains("\r\nX-App: a\r\n")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
        assertThat(origin.heads().get(0))
                .startsWith("GET /chat HTTP/1.1\r\n")
                .contains(
                        "\r\nUpgrade: websocket\r\n",
                        "\r\nConnection: Upgrade\r\n",
                        "\r\nSec-WebSocket-Version: 13\r\n",
                        "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                .doesNotContain("keep-alive");
    }

    @Test
    void bytesThatTheClientSendsBeforeTheSwitchArriveBehindIt() throws Exception {
        forwardTo(origin(connection -> {
            connection.readHead();
            connection.send(SWITCHED);
            echo(connection);
        }));
        RawClient client = connect();

        client.send("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly");
        client.readHead();

        assertThat(client.readExactly(5)).asString(ISO_8859_1).isEqualTo("early");
        client.send("late");
        assertThat(client.readExactly(4)).asString(ISO_8859_1).isEqualTo("late");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"})
    void contentOfTheRequestComesBeforeTheSwitch(String content) throws Exception {
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(SWITCHED);
            echo(connection);
        });
        forwardTo(origin);
        RawClient client = connect();

        client.send("POST / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + content);
        client.readHead();
        client.send("ping");

        assertThat(client.readExactly(4)).asString(ISO_8859_1).isEqualTo("ping");
        assertThat(origin.onlyRequest().text()).isEqualTo("abc");
    }

    // Not switching

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
                "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                "HTTP/1.1 426 Upgrade Required\r\nUpgrade: other\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nno",
            })
    void anotherAnswerThan101IsPassedOnAndTheConnectionGoesOn(String answer) throws Exception {
        TestOrigin origin = TestOrigin.answering(answer);
        forwardTo(origin);
        RawClient client = connect();

        for (int i = 0; i < 3; i++) {
            HttpMessage response = ask(client).readResponse();
            assertThat(response.startLine()).startsWith(answer.substring(0, 12));
            assertThat(response.text()).isEqualTo("no");
        }
        assertThat(origin.connections()).isOne();
    }

    @Test
    void switchThatNobodyAskedForIsAnswered502() throws Exception {
        forwardTo(TestOrigin.answering(SWITCHED));

        assertThat(connect()
                        .sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: other\r\n", "Upgrade: websocket, other\r\n", ""})
    void switchToAnotherProtocolIsAnswered502(String upgrade) throws Exception {
        forwardTo(
                TestOrigin.answering("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + upgrade + "\r\n"));

        assertThat(ask(connect()).readResponse().status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
                "HTTP/1.1\r\nUpgrade: h2c, websocket\r\nConnection: Upgrade",
                "HTTP/1.1\r\nUpgrade: HTTP/2.0\r\nConnection: Upgrade",
                "HTTP/1.1\r\nUpgrade: TLS/1.3\r\nConnection: Upgrade",
                "HTTP/1.1\r\nUpgrade: web socket\r\nConnection: Upgrade",
                "HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade",
            })
    void upgradesThatMustNotPassAreNotPassedOn(String rest) throws Exception {
        TestOrigin origin = TestOrigin.answering(TestOrigin.ok("plain"));
        forwardTo(origin);

        HttpMessage response =
                connect().send("GET / " + rest + "\r\nHost: a.example\r\n\r\n").readResponse();

        assertThat(response.text()).isEqualTo("plain");
        assertThat(origin.heads().get(0))
                .doesNotContainIgnoringCase("upgrade:")
                .doesNotContainIgnoringCase("settings")
                .doesNotContainIgnoringCase("connection:");
    }

    /** Some servers refuse such a request themselves. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void upgradeThatConnectionDoesNotNameIsNotPassedOn(String connection) throws Exception {
        TestOrigin origin = TestOrigin.answering(TestOrigin.ok("plain"));
        forwardTo(origin);

        HttpMessage response = connect()
                .send("GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n" + connection + "\r\n")
                .readResponse();

        assertThat(response.status()).isIn(200, 400);
        assertThat(String.join("", origin.heads())).doesNotContainIgnoringCase("upgrade:");
    }

    @Test
    void upgradeThatWasNotAskedForIsRefused() throws Exception {
        serve(exchange -> {
            assertThat(exchange.requestedUpgrade()).isNull();
            assertThatThrownBy(() -> exchange.startUpgrade(HttpFields.empty()))
                    .isInstanceOf(IllegalStateException.class);
            Answers.text(exchange, 200, "plain");
        });

        assertThat(connect()
                        .sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .text())
                .isEqualTo("plain");
    }

    @Test
    void upgradeAfterTheResponseHasBegunIsRefused() throws Exception {
        serve(exchange -> {
            exchange.startResponse(200, HttpFields.of("Content-Length", "5"));
            assertThatThrownBy(() -> exchange.startUpgrade(HttpFields.empty()))
                    .isInstanceOf(IllegalStateException.class);
            exchange.write(ByteBuffer.wrap("plain".getBytes(ISO_8859_1)), true, () -> {});
        });

        assertThat(ask(connect()).readResponse().text()).isEqualTo("plain");
    }

    // A WebSocket client of others

    @Test
    void webSocketOfJavaWorks() throws Exception {
        List<WebSocketOrigin.Frame> received = new CopyOnWriteArrayList<>();
        forwardTo(origin(new WebSocketOrigin(received)));
        Messages messages = new Messages();
        WebSocket client = http(HttpClient.Version.HTTP_1_1)
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws" + server().toString().substring(4) + "/chat"), messages)
                .get(10, TimeUnit.SECONDS);
        String large = "x".repeat(100_000);

        client.sendText("hello", true).get(10, TimeUnit.SECONDS);
        assertThat(messages.next()).isEqualTo("hello");
        client.sendText("in ", false).get(10, TimeUnit.SECONDS);
        client.sendText("fragments", true).get(10, TimeUnit.SECONDS);
        assertThat(messages.next()).isEqualTo("in fragments");
        client.sendPing(ByteBuffer.wrap("p".getBytes(ISO_8859_1))).get(10, TimeUnit.SECONDS);
        assertThat(messages.next()).isEqualTo("pong p");
        client.sendText(large, true).get(10, TimeUnit.SECONDS);
        assertThat(messages.next()).isEqualTo(large);
        client.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(10, TimeUnit.SECONDS);

        assertThat(messages.closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
        assertThat(received.get(received.size() - 1).opcode()).isEqualTo(WebSocketOrigin.CLOSE);
    }

    /** Collects whole messages. */
    private static final class Messages implements WebSocket.Listener {

        private final BlockingQueue<String> whole = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder current = new StringBuilder();

        String next() throws InterruptedException {
            String message = whole.poll(10, TimeUnit.SECONDS);
            assertThat(message).as("message").isNotNull();
            return message;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            current.append(data);
            if (last) {
                whole.add(current.toString());
                current.setLength(0);
            }
            return WebSocket.Listener.super.onText(webSocket, data, last);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            whole.add("pong " + ISO_8859_1.decode(message));
            return WebSocket.Listener.super.onPong(webSocket, message);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return WebSocket.Listener.super.onClose(webSocket, statusCode, reason);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
