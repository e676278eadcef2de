package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of a response. */
abstract class ResponseCases extends ContractCases {

    ResponseCases(RouterHostConformance contract) {
        super(contract);
    }

    @Test
    void fieldsOfTheHandlerWinOverThoseOfTheHost() throws Exception {
        HttpFields fields = HttpFields.of(
                "Server",
                "origin",
                "Date",
                "Mon, 01 Jan 2001 00:00:00 GMT",
                "Set-Cookie",
                "a=1",
                "Set-Cookie",
                "b=2",
                "X-Latin",
                "\u00c3\u00a9",
                "Content-Length",
                "2");
        serve(exchange -> {
            exchange.startResponse(207, fields);
            exchange.write(ByteBuffer.wrap("ok".getBytes()), true, () -> {});
        });

        HttpMessage response =
                connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();

        assertThat(response.status()).isEqualTo(207);
        assertThat(response.fields().all("Server")).containsExactly("origin");
        assertThat(response.fields().all("Date")).containsExactly("Mon, 01 Jan 2001 00:00:00 GMT");
        assertThat(response.fields().all("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(response.header("X-Latin")).isEqualTo("\u00c3\u00a9");
    }

    @Test
    void handlerMayHaveTheConnectionClosed() throws Exception {
        serve(exchange -> {
            exchange.startResponse(400, HttpFields.of("Connection", "close", "Content-Length", "0"));
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        });
        RawClient client = connect();

        HttpMessage response = client.sendHead("GET / HTTP/1.1", "Host: a.example")
                .sendHead("GET /next HTTP/1.1", "Host: a.example")
                .readResponse();

        assertThat(response.header("Connection")).isEqualTo("close");
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void hostDoesNotAdvertiseItself() throws Exception {
        serve(exchange -> Answers.text(exchange, 200, "ok"));

        HttpMessage response =
                connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();

        assertThat(response.header("Server")).isNull();
        assertThat(response.header("X-Powered-By")).isNull();
    }

    @Test
    void contentOfUnknownLengthIsChunkedAlsoWhenTheConnectionCloses() throws Exception {
        serve(exchange -> {
            Answers.begin(exchange, "abc");
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        });
        RawClient client = connect();

        HttpMessage response = client.sendHead("GET / HTTP/1.1", "Host: a.example", "Connection: close")
                .readResponse();

        assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(response.text()).isEqualTo("abc");
        assertThat(client.isClosedByServer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive, close", "Close", "X-Foo, close"})
    void connectionIsClosedWhenTheClientAsksForIt(String connection) throws Exception {
        serve(exchange -> Answers.text(exchange, 200, "ok"));
        RawClient client = connect();

        client.sendHead("GET / HTTP/1.1", "Host: a.example", "Connection: " + connection)
                .readResponse();

        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void http10GetsContentThatEndsWithTheConnection() throws Exception {
        serve(exchange -> {
            Answers.begin(exchange, "abc");
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        });

        HttpMessage response =
                connect().sendHead("GET / HTTP/1.0", "Host: a.example").readResponse();

        assertThat(response.header("Transfer-Encoding")).isNull();
        assertThat(response.text()).isEqualTo("abc");
    }

    @Test
    void http10MayKeepItsConnection() throws Exception {
        serve(Answers.with(exchange -> exchange.requestTarget()));
        RawClient client = connect();

        HttpMessage first = client.sendHead("GET /1 HTTP/1.0", "Host: a.example", "Connection: keep-alive")
                .readResponse();
        HttpMessage second =
                client.sendHead("GET /2 HTTP/1.0", "Host: a.example").readResponse();

        assertThat(first.header("Connection")).isEqualToIgnoringCase("keep-alive");
        assertThat(second.text()).isEqualTo("/2");
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void responseToHeadHasTheFieldsOfTheHandlerAndNoContent() throws Exception {
        serve(exchange -> {
            exchange.startResponse(
                    200,
                    exchange.requestTarget().equals("/known")
                            ? HttpFields.of("Content-Length", "12345")
                            : HttpFields.of("X-Length", "unknown"));
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        });
        RawClient client = connect();

        HttpMessage known =
                client.sendHead("HEAD /known HTTP/1.1", "Host: a.example").readResponseToHead();
        HttpMessage unknown =
                client.sendHead("HEAD /unknown HTTP/1.1", "Host: a.example").readResponseToHead();
        HttpMessage again =
                client.sendHead("HEAD /known HTTP/1.1", "Host: a.example").readResponseToHead();

        assertThat(known.header("Content-Length")).isEqualTo("12345");
        assertThat(unknown.header("Content-Length")).isNull();
        assertThat(again.header("Content-Length")).isEqualTo("12345");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusWithoutContentHasNone(int status) throws Exception {
        serve(exchange -> {
            exchange.startResponse(status, HttpFields.of("ETag", "\"1\""));
            exchange.write(ByteBuffer.allocate(0), true, () -> {});
        });
        RawClient client = connect();

        for (int i = 0; i < 2; i++) {
            HttpMessage response =
                    client.sendHead("GET / HTTP/1.1", "Host: a.example").readResponse();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("ETag")).isEqualTo("\"1\"");
            assertThat(response.header("Content-Length")).isNull();
            assertThat(response.header("Transfer-Encoding")).isNull();
        }
    }

    @Test
    void informationalResponsesComeFirst() throws Exception {
        serve(exchange -> {
            exchange.sendInformational(103, HttpFields.of("Link", "</a.css>; rel=preload"));
            exchange.sendInformational(103, HttpFields.of("Link", "</b.css>; rel=preload"));
            Answers.text(exchange, 200, "ok");
        });
        RawClient client = connect();

        client.sendHead("GET / HTTP/1.1", "Host: a.example");

        assertThat(client.readHead()).startsWith("HTTP/1.1 103 ").contains("Link: </a.css>; rel=preload\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 103 ").contains("Link: </b.css>; rel=preload\r\n");
        HttpMessage response = client.readResponse();
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.header("Link")).isNull();
        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example").readHead())
                .contains("103");
    }

    @Test
    void http10ClientsGetNoInformationalResponse() throws Exception {
        serve(exchange -> {
            exchange.sendInformational(103, HttpFields.of("Link", "</a.css>"));
            Answers.text(exchange, 200, "ok");
        });

        HttpMessage response =
                connect().sendHead("GET / HTTP/1.0", "Host: a.example").readResponse();

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void http2ResponseIsCompleteAlsoAfterAnInformationalOne() throws Exception {
        serve(exchange -> {
            exchange.sendInformational(103, HttpFields.of("Link", "</a.css>"));
            Answers.text(exchange, 200, "ok");
        });
        HttpClient client = http(HttpClient.Version.HTTP_2);

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = client.send(request("/").build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("ok");
        }
    }

    @Test
    void eachWriteReachesTheClientAtOnce() throws Exception {
        serve(exchange -> Answers.begin(exchange, "event 1\n\n"));
        RawClient client = connect();

        client.sendHead("GET / HTTP/1.1", "Host: a.example").readHead();

        assertThat(Integer.parseInt(client.readLine(), 16)).isEqualTo(9);
        assertThat(new String(client.readExactly(9))).isEqualTo("event 1\n\n");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void eachWriteReachesTheClientAtOnceOverAnyVersion(HttpClient.Version version) throws Exception {
        serve(exchange -> {
            if (exchange.requestTarget().equals("/events")) {
                Answers.begin(exchange, "event 1\n\n");
            } else {
                Answers.text(exchange, 200, "ok");
            }
        });
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.ofString());

        var events = client.send(request("/events").build(), BodyHandlers.ofInputStream())
                .body();

        assertThat(events.readNBytes(9)).asString().isEqualTo("event 1\n\n");
    }

    @Test
    void abortedChunkedResponseHasNoEnd() throws Exception {
        serve(exchange -> {
            Answers.begin(exchange, "abc");
            exchange.abort(new IOException("case"));
        });

        assertThatThrownBy(() ->
                        connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse())
                .isInstanceOf(IOException.class);
    }

    @Test
    void abortedResponseOfKnownLengthIsShort() throws Exception {
        serve(exchange -> {
            exchange.startResponse(200, HttpFields.of("Content-Length", "10"));
            exchange.write(ByteBuffer.wrap(new byte[3]), false, () -> {});
            exchange.abort(new IOException("case"));
        });

        assertThatThrownBy(() ->
                        connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse())
                .isInstanceOf(IOException.class);
    }

    @Test
    void responseOfKnownLengthThatEndsEarlyIsAborted() throws Exception {
        serve(exchange -> {
            exchange.startResponse(200, HttpFields.of("Content-Length", "10"));
            exchange.write(ByteBuffer.wrap(new byte[3]), true, () -> {});
        });

        assertThatThrownBy(() ->
                        connect().sendHead("GET / HTTP/1.1", "Host: a.example").readResponse())
                .isInstanceOf(IOException.class);
    }

    @Test
    void abortedResponseThatWouldEndWithTheConnectionIsReset() throws Exception {
        serve(exchange -> {
            Answers.begin(exchange, "abc");
            exchange.abort(new IOException("case"));
        });

        assertThatThrownBy(() ->
                        connect().sendHead("GET / HTTP/1.0", "Host: a.example").readResponse())
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void abortedResponseFailsAClient(HttpClient.Version version) throws Exception {
        serve(exchange -> {
            if (exchange.requestTarget().equals("/abort")) {
                Answers.begin(exchange, "abc");
                exchange.abort(new IOException("case"));
            } else {
                Answers.text(exchange, 200, "ok");
            }
        });
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.ofString());

        assertThatThrownBy(() -> client.send(request("/abort").build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        assertThat(client.send(request("/").build(), BodyHandlers.ofString()).body())
                .isEqualTo("ok");
    }

    @Test
    void abortBeforeTheResponseSendsNothing() throws Exception {
        serve(exchange -> exchange.abort(new IOException("case")));

        assertThat(connect().sendHead("GET / HTTP/1.1", "Host: a.example").isClosedByServer())
                .isTrue();
    }
}
