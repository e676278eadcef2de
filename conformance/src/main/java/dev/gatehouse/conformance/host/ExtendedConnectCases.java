package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of HTTP/2 that carry another protocol (RFC 8441), to origins that are asked over HTTP/1.1. */
abstract class ExtendedConnectCases extends TunnelCases {

    private final boolean takesExtendedConnect;

    ExtendedConnectCases(RouterHostConformance contract) {
        super(contract);
        takesExtendedConnect = contract.takesExtendedConnect();
    }

    @BeforeEach
    void skipWithoutHttp2() {
        assumeTrue(tls() != null, "HTTP/2 takes TLS here");
        assumeTrue(takesExtendedConnect, "this host does not take extended CONNECT");
    }

    private ExtendedConnectClient connectOverHttp2(boolean smallWindow) throws IOException {
        return closedAfterwards(ExtendedConnectClient.connect(server(), Objects.requireNonNull(tls()), smallWindow));
    }

    private ExtendedConnectClient ask(String protocol) throws IOException {
        return connectOverHttp2(false).ask("a.example", protocol, "/chat?x=1");
    }

    @Override
    UpgradedClient open() throws IOException {
        return switched(ask("websocket"));
    }

    @Override
    UpgradedClient openWithSmallWindow() throws IOException {
        return switched(connectOverHttp2(true).ask("a.example", "websocket", "/chat"));
    }

    private static UpgradedClient switched(ExtendedConnectClient client) throws IOException {
        assertThat(client.status()).isEqualTo(200);
        return client;
    }

    @Test
    void originIsAskedInTheWayOfHttp11() throws Exception {
        TestOrigin origin = origin(TunnelCases.switched(TunnelCases::echo));
        forwardTo(origin);

        ExtendedConnectClient client = ask("websocket");

        assertThat(client.mayConnect()).isTrue();
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.responseFields()).doesNotContainIgnoringCase("sec-websocket-accept");
        assertThat(origin.heads().get(0))
                .startsWith("GET /chat?x=1 HTTP/1.1\r\n")
                .contains("\r\nHost: a.example\r\n", "\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n")
                .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n")
                .containsPattern("\r\nSec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 403, 404, 426})
    void refusalIsPassedOn(int status) throws Exception {
        forwardTo(TestOrigin.answering("HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno"));
        ExtendedConnectClient client = ask("websocket");

        assertThat(client.status()).isEqualTo(status);
        assertThat(client.readToEnd()).asString().isEqualTo("no");
    }

    /** It would tell the client that the protocol has been switched. */
    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void successWithoutASwitchIsAnswered502(int status) throws Exception {
        forwardTo(TestOrigin.answering("HTTP/1.1 " + status + " OK\r\n\r\n"));

        assertThat(ask("websocket").status()).isEqualTo(502);
    }

    @Test
    void switchThatDoesNotFitTheKeyIsAnswered502() throws Exception {
        forwardTo(TestOrigin.answering("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));

        assertThat(ask("websocket").status()).isEqualTo(502);
    }

    @Test
    void otherProtocolsNeedNoKey() throws Exception {
        TestOrigin origin = origin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
            TunnelCases.echo(connection);
        });
        forwardTo(origin);
        ExtendedConnectClient client = ask("other");

        assertThat(client.status()).isEqualTo(200);
        client.send(new byte[] {1, 2, 3});
        assertThat(client.readExactly(3)).containsExactly(1, 2, 3);
        assertThat(origin.heads().get(0)).contains("\r\nUpgrade: other\r\n").doesNotContain("Sec-WebSocket-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "TLS/1.3", "websocket, h2c", "web socket"})
    void protocolsThatMustNotPassAreAnswered501(String protocol) throws Exception {
        TestOrigin origin = TestOrigin.answering(TestOrigin.ok("x"));
        forwardTo(origin);

        assertThat(ask(protocol).status()).isIn(400, 501);
        assertThat(origin.connections()).isZero();
    }

    @Test
    void handlerThatDoesNotSwitchMayRefuse() throws Exception {
        serve(exchange -> Answers.text(exchange, 404, exchange.method() + " " + exchange.requestedUpgrade()));
        ExtendedConnectClient client = ask("websocket");

        assertThat(client.status()).isEqualTo(404);
        assertThat(client.readToEnd()).asString().isEqualTo("CONNECT websocket");
    }

    @Test
    void handlerThatAnswersASwitchByMistakeIsAnswered500() throws Exception {
        serve(exchange -> Answers.text(exchange, 200, "hello"));

        assertThat(ask("websocket").status()).isEqualTo(500);
    }

    @Test
    void breakIsAReset() throws Exception {
        forwardTo(origin(TunnelCases.switched(connection -> {
            connection.in().read();
            connection.reset();
        })));
        ExtendedConnectClient client = ask("websocket");
        assertThat(client.status()).isEqualTo(200);

        client.send(new byte[1]);

        assertThat(client.readToEnd()).isEmpty();
        assertThat(client.isBroken()).isTrue();
    }
}
