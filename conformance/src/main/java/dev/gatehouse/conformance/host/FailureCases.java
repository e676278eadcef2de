package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins that do not answer as they should. */
abstract class FailureCases extends ContractCases {

    FailureCases(RouterHostConformance contract) {
        super(contract);
    }

    private HttpMessage get() throws IOException {
        return connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();
    }

    @Test
    void refusedConnectionsAreAnswered502() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        route(Service.named("app").target("127.0.0.1:" + free).build());

        assertThat(get().status()).isEqualTo(502);
    }

    @Test
    void originThatDoesNotAnswerInTimeIsAnswered504() throws Exception {
        TestOrigin origin = origin(TestOrigin.Connection::awaitEnd);
        route(Service.named("app")
                .target(origin.address())
                .responseTimeout(Duration.ofMillis(300))
                .build());

        assertThat(get().status()).isEqualTo(504);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 20",
                "nonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
            })
    void malformedResponsesAreAnswered502(String response) throws Exception {
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(response);
        });
        route(Service.named("app").target(origin.address()).build());
        RawClient client = connect();

        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(502);
        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(502);
    }

    @Test
    void clientThatPausesWithinContentIsAnswered408() throws Exception {
        TestOrigin origin = origin(TestOrigin.Connection::awaitEnd);
        route(Service.named("app")
                .target(origin.address())
                .requestIdleTimeout(Duration.ofMillis(300))
                .build());

        HttpMessage response = connect()
                .sendHead("POST / HTTP/1.1", "Host: a.example", "Content-Length: 10")
                .send("abc")
                .readResponse();

        assertThat(response.status()).isEqualTo(408);
    }

    @Test
    void malformedContentIsAnswered400OrNotAtAll() throws Exception {
        TestOrigin origin = origin(TestOrigin.Connection::awaitEnd);
        route(Service.named("app").target(origin.address()).build());
        RawClient client = connect();

        client.sendHead("POST / HTTP/1.1", "Host: a.example", "Transfer-Encoding: chunked")
                .send("xyz\r\nabc\r\n0\r\n\r\n");

        String answer = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
        assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 400 ")).isTrue();
    }

    @Test
    void originThatClosesAnIdleConnectionCostsNoRequest() throws Exception {
        TestOrigin origin = origin(connection -> {
            connection.readRequest();
            connection.send(TestOrigin.ok("x"));
        });
        route(Service.named("app").target(origin.address()).build());
        RawClient client = connect();

        for (int i = 0; i < 20; i++) {
            assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
    }
}
