package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose end two readers could see at different places, so that the rest of one becomes a request of its own
 * (RFC 9112, section 11.2). None of them is passed on, and what follows on the connection is not read as a request.
 */
abstract class SmugglingCases extends ContractCases {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n";

    private @Nullable TestOrigin running;

    SmugglingCases(RouterHostConformance contract) {
        super(contract);
    }

    @BeforeEach
    void startOrigin() throws Exception {
        running = TestOrigin.echoing();
        forwardTo(running);
    }

    private TestOrigin origin() {
        return Objects.requireNonNull(running, "no origin yet");
    }

    /** Sends something with a request behind it, and expects a refusal and then the end of the connection. */
    private void assertRefused(String request) throws Exception {
        RawClient client = connect();
        try {
            client.send(request + SMUGGLED);
        } catch (IOException refusedWithinIt) {
            // What has been answered until then can still be read.
        }

        String answer = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);

        assertThat(answer)
                .as("answer")
                .satisfiesAnyOf(
                        none -> assertThat(none).isEmpty(),
                        refusal -> assertThat(refusal).matches("(?s)HTTP/1\\.[01] (400|414|431|501|505) .*"));
        assertThat(answer.split("HTTP/1\\.[01] [0-9]{3} ", -1))
                .as("one answer: %s", answer)
                .hasSizeLessThanOrEqualTo(2);
        assertThat(origin().requests()).as("complete requests").isEmpty();
        assertThat(origin().heads()).as("heads").noneMatch(head -> head.contains("smuggled"));
    }

    private void assertHeadIsRefused(String head) throws Exception {
        assertRefused(head + "\r\n\r\n");

        assertThat(origin().heads()).isEmpty();
    }

    @Test
    void aWellFormedRequestPassesSoThatTheseCasesMeanSomething() throws Exception {
        RawClient client = connect();
        client.send(
                "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n"
                        + SMUGGLED);

        assertThat(client.readResponse().text()).isEqualTo("hello");
        assertThat(client.readResponse().status()).isEqualTo(200);
        assertThat(origin().heads()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 5",
                "Content-Length: 5,",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 5.0",
                "Content-Length: 1e1",
                "Content-Length:",
                "Content-Length: \u00b2",
                "Content-Length: 18446744073709551621",
                "Content-Length: 4294967301000000000",
                "Content_Length: 5\r\nTransfer-Encoding: chunked",
            })
    void lengthsThatAreNotOneNumber(String fields) throws Exception {
        assertHeadIsRefused("POST / HTTP/1.1\r\nHost: a.example\r\n" + fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity",
                "xchunked",
                "chunkedx",
                "gzip",
                "gzip, chunked",
                "chunked, identity",
                "identity, chunked",
                "chunked, chunked",
                "chunked,",
                ", chunked",
                "\"chunked\"",
                "chunked;q=1",
                "",
                "chunked\r\nTransfer-Encoding: chunked",
                "chunked\r\nTransfer-Encoding: identity",
                "identity\r\nTransfer-Encoding: chunked",
                "\u000bchunked",
                "chunked\u000b",
                "\u0000chunked",
                "\u00a0chunked",
                "chunked\r\nTransfer_Encoding: identity",
            })
    void codingsOtherThanChunkedAlone(String coding) throws Exception {
        assertHeadIsRefused("POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: " + coding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "identity"})
    void codingsInHttp10(String coding) throws Exception {
        assertHeadIsRefused(
                "POST / HTTP/1.0\r\nHost: a.example\r\nConnection: keep-alive\r\nTransfer-Encoding: " + coding);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\t: chunked",
                "Content-Length : 5",
                " Content-Length: 5",
                "Transfer-Encoding: x\r\n chunked",
                "X-Cr: a\rTransfer-Encoding: chunked",
                "X-Cr: a\r\rTransfer-Encoding: chunked",
                "X-Lf: a\nTransfer-Encoding: chunked",
                "X-Lf: a\n\nGET /smuggled HTTP/1.1\r\nHost: a.example",
                "X-Nul: a\u0000b",
                "X-Bell: a\u0007b",
                "X-Del: a\u007fb",
                "X Space: a",
                "X-\u00e9: a",
                "X-No-Colon",
                ": no name",
                "Transfer-Encoding\u0000: chunked",
                "Transfer-Encoding\r: chunked",
                "\rTransfer-Encoding: chunked",
            })
    void fieldLinesThatAreNotWellFormed(String line) throws Exception {
        assertHeadIsRefused("POST / HTTP/1.1\r\nHost: a.example\r\n" + line);
    }

    /** A server either refuses a folded line or takes a space for the fold (RFC 9112, section 5.2). */
    @ParameterizedTest
    @ValueSource(strings = {"X-Folded: a\r\n b", "X-Folded: a\r\n\tTransfer-Encoding: chunked"})
    void foldedFieldLinesAreRefusedOrUnfolded(String line) throws Exception {
        RawClient client = connect();

        client.sendHead("POST / HTTP/1.1", "Host: a.example", line, "Content-Length: 5", "Connection: close")
                .send("hello");
        client.readToEnd();

        String unfolded = line.replaceAll("\r\n[ \t]", " ");
        assertThat(origin().requests()).extracting(HttpMessage::text).isSubsetOf("hello");
        assertThat(origin().heads())
                .allMatch(head -> head.contains("\r\n" + unfolded + "\r\n") && !head.contains("\r\nTransfer-Encoding"));
    }

    /** The target counts, so the origin does not get to see the contradiction (RFC 9112, section 3.2.2). */
    @Test
    void aHostFieldThatContradictsTheTargetIsRefusedOrReplaced() throws Exception {
        RawClient client = connect();

        client.sendHead("GET http://b.example/ HTTP/1.1", "Host: a.example", "Connection: close");
        client.readToEnd();

        assertThat(origin().requests())
                .extracting(request -> request.header("Host"))
                .isSubsetOf("b.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\n Host: a.example",
                "POST / HTTP/1.1\r\nHost: a.example\r\nHost: a.example",
                "POST / HTTP/1.1\r\nHost: a.example\r\nHost: b.example",
                "POST / HTTP/1.1\r\nHost: a.example, b.example",
                "POST / HTTP/1.1\r\nHost: a.example/x",
                "POST / HTTP/1.1\r\nHost: user@a.example",
                "POST / HTTP/1.1\r\nHost: a.example:80:80",
                "POST / HTTP/1.1\r\nHost: a.example:x",
                "POST / HTTP/1.1\r\nHost:",
                "POST / HTTP/1.1\r\nX: y",
            })
    void hostsThatAreNotOneHost(String head) throws Exception {
        assertHeadIsRefused(head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST\t/ HTTP/1.1",
                "POST / HTTP/1.1 x",
                "POST / x HTTP/1.1",
                "POST / HTTP/01.1",
                "POST /\u0000 HTTP/1.1",
                "POST /\u00e9 HTTP/1.1",
                "POST /a\u007f HTTP/1.1",
                "POST x HTTP/1.1",
                "PO(ST / HTTP/1.1",
                "P\u00d6ST / HTTP/1.1",
                " POST / HTTP/1.1",
            })
    void requestLinesThatAreNotWellFormed(String line) throws Exception {
        assertHeadIsRefused(line + "\r\nHost: a.example\r\nContent-Length: 0");
    }

    /** Readers do not differ in what these mean, so a host may take them; then the origin gets them well formed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST  / HTTP/1.1",
                "POST /  HTTP/1.1",
                "POST / HTTP/1.1 ",
                "POST / http/1.1",
                "POST / HTTP/1.2",
                "POST / HTTP/9.9"
            })
    void requestLinesThatAreOddAreRefusedOrMended(String line) throws Exception {
        RawClient client = connect();

        client.sendHead(line, "Host: a.example", "Content-Length: 5", "Connection: close")
                .send("hello");
        client.readToEnd();

        assertThat(origin().requests()).extracting(HttpMessage::startLine).isSubsetOf("POST / HTTP/1.1");
        assertThat(origin().requests()).extracting(HttpMessage::text).isSubsetOf("hello");
    }

    @Test
    void aRequestLineThatEndsWithALineFeedOnly() throws Exception {
        assertHeadIsRefused("POST / HTTP/1.1\nHost: a.example\r\nContent-Length: 0");
    }

    static Stream<String> malformedChunks() {
        return Stream.of(
                "+5\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                " 5\r\nhello\r\n0\r\n\r\n",
                "5 \r\nhello\r\n0\r\n\r\n",
                "5\t\r\nhello\r\n0\r\n\r\n",
                "5h\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                ";x\r\nhello\r\n0\r\n\r\n",
                "xyz\r\nhello\r\n0\r\n\r\n",
                "5,5\r\nhello\r\n0\r\n\r\n",
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\rhello\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello!\r\n0\r\n\r\n",
                "4\r\nhello\r\n0\r\n\r\n",
                "10000000000000005\r\nhello\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
                "8000000000000000\r\nhello\r\n0\r\n\r\n",
                "5;a\nb\r\nhello\r\n0\r\n\r\n",
                "5;a\rb\r\nhello\r\n0\r\n\r\n",
                "5;a\u0000b\r\nhello\r\n0\r\n\r\n",
                "5;" + "a".repeat(1_000_000) + "\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nX-Folded: a\r\n b\r\n\r\n",
                "5\r\nhello\r\n0\r\nX-Space : a\r\n\r\n",
                "5\r\nhello\r\n0\r\nX-Lf: a\n\r\n",
                "5\r\nhello\r\n0\r\nX-Nul: a\u0000\r\n\r\n",
                "5\r\nhello\r\n0\r\nno colon\r\n\r\n",
                "5\r\nhello\r\n0\n\n",
                "5\r\nhello\r\n0\r\n" + "X: y\r\n".repeat(20_000) + "\r\n");
    }

    @ParameterizedTest
    @MethodSource("malformedChunks")
    void chunksThatAreNotWellFormed(String chunks) throws Exception {
        assertRefused("POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
    }

    /** In 32 bits it would be 5. */
    @Test
    void aChunkLargerThanAnIntegerIsNotASmallOne() throws Exception {
        RawClient client = connect();
        client.send("POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "100000005\r\nhello\r\n0\r\n\r\n" + SMUGGLED);

        Awaitility.await().until(() -> !origin().heads().isEmpty());
        client.close();

        assertThat(connect()
                        .sendHead("GET /after HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        assertThat(origin().requests()).extracting(HttpMessage::target).containsExactly("/after");
    }

    @Test
    void extensionsOfManyChunks() throws Exception {
        assertRefused("POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("1;" + "a".repeat(200) + "\r\nx\r\n").repeat(10_000) + "0\r\n\r\n");
    }

    @Test
    void targetsThatAreTooLong() throws Exception {
        RawClient client = connect();

        client.sendHead("GET /" + "a".repeat(16 * 1024) + " HTTP/1.1", "Host: a.example");

        assertThat(client.readResponse().status()).isEqualTo(414);
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(origin().heads()).isEmpty();
    }

    @Test
    void fieldsThatAreTooMany() throws Exception {
        RawClient client = connect();

        client.send("GET / HTTP/1.1\r\nHost: a.example\r\n" + "X: y\r\n".repeat(1000) + "\r\n");

        assertThat(client.readResponse().status()).isIn(400, 431);
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(origin().heads()).isEmpty();
    }

    @Test
    void headsThatAreTooLarge() throws Exception {
        assertRefused(
                "GET / HTTP/1.1\r\nHost: a.example\r\n" + ("X: " + "y".repeat(1000) + "\r\n").repeat(100) + "\r\n");
    }
}
