package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler sees of a request. */
abstract class RequestCases extends ContractCases {

    RequestCases(RouterHostConformance contract) {
        super(contract);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a/b?x=1&y=2",
                "/a%2Fb%2fc",
                "//a//b/",
                "/a/../b/./c",
                "/a/%2e%2E/b",
                "/a;v=1/b;w",
                "/%25%01%7f",
                "/caf%C3%A9?q=%E2%82%AC+1",
                "/x?a=b?c=d",
                "/x?a=%7C&b=|{}^[]",
                "/a|b",
            })
    void requestTargetArrivesAsItWasSent(String target) throws Exception {
        serve(Answers.with(exchange -> exchange.requestTarget()));

        HttpMessage response = connect()
                .sendHead("GET " + target + " HTTP/1.1", "Host: a.example")
                .readResponse();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo(target);
    }

    @Test
    void absoluteFormIsReducedToPathAndAuthority() throws Exception {
        serve(Answers.with(exchange -> exchange.authority() + " " + exchange.requestTarget()));

        HttpMessage response = connect()
                .sendHead("GET http://a.example:8080/x/%2F?y=1 HTTP/1.1", "Host: a.example:8080")
                .readResponse();

        assertThat(response.text()).isEqualTo("a.example:8080 /x/%2F?y=1");
    }

    @Test
    void absoluteFormWithoutPathMeansTheRoot() throws Exception {
        serve(Answers.with(exchange -> exchange.requestTarget()));

        HttpMessage response = connect()
                .sendHead("GET http://a.example HTTP/1.1", "Host: a.example")
                .readResponse();

        assertThat(response.text()).isEqualTo("/");
    }

    @Test
    void serverWideOptionsArriveAsAStar() throws Exception {
        serve(Answers.with(exchange -> exchange.method() + " " + exchange.requestTarget()));

        HttpMessage response =
                connect().sendHead("OPTIONS * HTTP/1.1", "Host: a.example").readResponse();

        assertThat(response.text()).isEqualTo("OPTIONS *");
    }

    @Test
    void methodIsCaseSensitiveAndMayBeUnknown() throws Exception {
        serve(Answers.with(exchange -> exchange.method()));

        HttpMessage response =
                connect().sendHead("pUrGe / HTTP/1.1", "Host: a.example").readResponse();

        assertThat(response.text()).isEqualTo("pUrGe");
    }

    @Test
    void connectIsNotImplemented() throws Exception {
        serve(Answers.with(exchange -> "unexpected"));

        HttpMessage response = connect()
                .sendHead("CONNECT a.example:443 HTTP/1.1", "Host: a.example:443")
                .readResponse();

        assertThat(response.status()).isEqualTo(501);
    }

    @Test
    void http10WithoutHostHasNoAuthority() throws Exception {
        serve(Answers.with(exchange -> exchange.authority() + " " + exchange.protocol()));

        HttpMessage response = connect().sendHead("GET / HTTP/1.0").readResponse();

        assertThat(response.text()).isEqualTo("null HTTP/1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Host:", "Host: a.example\r\nHost: b.example"})
    void http11WithoutOneHostIsRefused(String fields) throws Exception {
        serve(Answers.with(exchange -> "unexpected"));

        HttpMessage response = connect().sendHead("GET / HTTP/1.1", fields).readResponse();

        assertThat(response.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bad Name: x", "Bad@Name: x", ": x", "X: a\0b", "X: a\u0001b", "NoColon"})
    void malformedFieldsAreRefused(String field) throws Exception {
        serve(Answers.with(exchange -> "unexpected"));

        HttpMessage response =
                connect().sendHead("GET / HTTP/1.1", "Host: a.example", field).readResponse();

        assertThat(response.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3, 4",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999999",
                "Content-Length: 3x",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            })
    void ambiguousFramingIsRefusedAndTheConnectionClosed(String fields) throws Exception {
        serve(Answers.with(exchange -> "unexpected"));
        RawClient client = connect();

        HttpMessage response = client.sendHead("POST / HTTP/1.1", "Host: a.example", fields)
                .send("0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n")
                .readResponse();

        assertThat(response.status()).isIn(400, 501);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void fieldsArriveWithTheirBytesAndRepetitions() throws Exception {
        serve(Answers.with(exchange -> exchange.requestFields().all("x-word") + " "
                + String.valueOf(exchange.requestFields().get("X-Latin")).length()));

        HttpMessage response = connect()
                .sendHead("GET / HTTP/1.1", "Host: a.example", "X-Word: one", "X-Latin: \u00c3\u00a9", "x-word:  two\t")
                .readResponse();

        assertThat(response.text()).isEqualTo("[one, two] 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
    void connectionIsDescribed(HttpClient.Version version) throws Exception {
        serve(Answers.with(exchange -> exchange.scheme() + " " + exchange.authority() + " "
                + exchange.remoteAddress().getAddress().isLoopbackAddress() + " "
                + exchange.localAddress().getPort() + " " + exchange.protocol()));
        int port = server().getPort();

        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.ofString());
        String answer =
                client.send(request("/").build(), BodyHandlers.ofString()).body();

        assertThat(answer)
                .isEqualTo(server().getScheme() + " " + server().getAuthority() + " true " + port
                        + (negotiated(version) == HttpClient.Version.HTTP_2 ? " HTTP/2.0" : " HTTP/1.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
    void cookiesOfSeveralLinesAreJoined(HttpClient.Version version) throws Exception {
        serve(Answers.with(exchange -> exchange.requestFields().all("Cookie")));
        HttpClient client = http(version);
        client.send(request("/").build(), BodyHandlers.ofString());

        String answer = client.send(
                        request("/")
                                .header("Cookie", "a=1")
                                .header("Cookie", "b=2")
                                .build(),
                        BodyHandlers.ofString())
                .body();

        assertThat(answer).isEqualTo("[a=1; b=2]");
    }
}
