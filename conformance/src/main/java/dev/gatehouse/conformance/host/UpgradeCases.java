package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that leave HTTP/1.1 behind (RFC 9110, section 7.8). */
abstract class UpgradeCases extends ContractCases {

    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-App: a\r\n\r\n";

    /** More than all buffers between client and origin hold, those of the operating system included. */
    private static final int MUCH = 32 << 20;

    @TempDir
    Path folder;

    UpgradeCases(RouterHostConformance contract) {
        super(contract);
    }

    private RawClient ask() throws IOException {
        return ask(connect(), "websocket");
    }

    private RawClient ask(RawClient client, String protocol) throws IOException {
        return client.sendHead(
                "GET /chat HTTP/1.1",
                "Host: " + server().getAuthority(),
                "Connection: keep-alive, Upgrade",
                "Upgrade: " + protocol,
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    /** Serves with an origin that switches, and then does this. */
    private TestOrigin switching(TestOrigin.Script then) throws Exception {
        TestOrigin origin = origin(switched(then));
        forwardTo(origin);
        return origin;
    }

    private static TestOrigin.Script switched(TestOrigin.Script then) {
        return connection -> {
            if (connection.readHead() != null) {
                connection.send(SWITCHED);
                then.serve(connection);
            }
        };
    }

    private static void echo(TestOrigin.Connection connection) throws IOException {
        connection.in().transferTo(connection.out());
    }

    private static void assertEchoes(RawClient client, String text) throws IOException {
        client.send(text);
        assertThat(new String(client.readExactly(text.length()), ISO_8859_1)).isEqualTo(text);
    }

    // Switching

    @Test
    void bytesPassBothWays() throws Exception {
        TestOrigin origin = switching(UpgradeCases::echo);
        RawClient client = ask();

        assertThat(client.readHead())
                .startsWith("HTTP/1.1 101")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                .contains("X-App: a")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
        assertEchoes(client, "ping");
        assertEchoes(client, "pong");
        assertThat(origin.heads().get(0))
                .contains("Upgrade: websocket\r\n", "Connection: Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n");
    }

    @Test
    void bytesRightBehindTheSwitchArrive() throws Exception {
        switching(connection -> connection.send("hello"));
        RawClient client = ask();

        client.readHead();

        assertThat(new String(client.readExactly(5), ISO_8859_1)).isEqualTo("hello");
    }

    @Test
    void bytesThatTheClientSendsBeforeTheSwitchArriveBehindIt() throws Exception {
        switching(UpgradeCases::echo);
        RawClient client = connect();

        client.send("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly");
        client.readHead();

        assertThat(new String(client.readExactly(5), ISO_8859_1)).isEqualTo("early");
        assertEchoes(client, "late");
    }
}
