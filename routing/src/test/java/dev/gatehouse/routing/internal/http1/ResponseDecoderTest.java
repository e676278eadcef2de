package dev.gatehouse.routing.internal.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("StringConcatToTextBlock") // line ends are CR LF
class ResponseDecoderTest {

    /** What a sequence of events amounts to, as text. */
    private static String decoded(String response, boolean head, int... splits) throws IOException {
        ResponseDecoder decoder = new ResponseDecoder();
        decoder.begin(head);
        StringBuilder story = new StringBuilder();
        byte[] bytes = response.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int i = 0; i <= splits.length && !decoder.hasEnded(); i++) {
            int to = i < splits.length ? splits[i] : bytes.length;
            ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
            decodeAll(decoder, in, story);
            from = to - in.remaining();
        }
        if (!decoder.hasEnded()) {
            decoder.endOfInput();
            story.append(" end-by-close");
        }
        story.append(decoder.isPersistent() ? " persistent" : " last");
        if (decoder.trailers().size() > 0) {
            story.append(" trailers ").append(decoder.trailers());
        }
        return story + (from < bytes.length ? " left over " + (bytes.length - from) : "");
    }

    private static void decodeAll(ResponseDecoder decoder, ByteBuffer in, StringBuilder story) throws IOException {
        while (true) {
            switch (decoder.decode(in)) {
                case NEED_INPUT -> {
                    return;
                }
                case INFORMATIONAL, HEAD ->
                    story.append(decoder.status()).append(decoder.fields()).append(' ');
                case CONTENT -> story.append(StandardCharsets.ISO_8859_1.decode(decoder.content()));
                case END -> {
                    story.append('.');
                    return;
                }
            }
        }
    }

    private static String whole(String response) throws IOException {
        return decoded(response, false);
    }

    @Test
    void contentLengthFramesTheContent() throws Exception {
        assertThat(whole("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
                .isEqualTo("200[Content-Length: 5] hello. persistent");
    }

    @Test
    void chunksAreTakenApartWithExtensionsAndTrailers() throws Exception {
        assertThat(whole("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5;a=\"b\"\r\nhello\r\n00A\r\n, my world\r\n0\r\nX-Sum: 1\r\nContent-Length: 3\r\n\r\n"))
                .isEqualTo("200[Transfer-Encoding: chunked] hello, my world. persistent trailers [X-Sum: 1]");
    }

    @Test
    void contentWithoutFramingLastsUntilTheConnectionCloses() throws Exception {
        assertThat(whole("HTTP/1.1 200 OK\r\n\r\nhello")).isEqualTo("200[] hello end-by-close last");
        assertThat(whole("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
                .isEqualTo("200[Content-Length: 2] hi. last");
    }

    @Test
    void responsesThatHaveNoContentEndWithTheirHead() throws Exception {
        assertThat(whole("HTTP/1.1 204 No Content\r\n\r\n")).isEqualTo("204[] . persistent");
        assertThat(whole("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"))
                .isEqualTo("304[Content-Length: 9] . persistent");
        assertThat(decoded("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", true))
                .isEqualTo("200[Content-Length: 9] . persistent");
        assertThat(decoded("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true))
                .isEqualTo("200[Transfer-Encoding: chunked] . persistent");
    }

    @Test
    void informationalResponsesComeBeforeTheFinalOne() throws Exception {
        assertThat(whole("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo("100[] 103[Link: </a>] 200[Content-Length: 0] . persistent");
    }

    @Test
    void anOriginThatWantsToCloseIsNotUsedAgain() throws Exception {
        assertThat(whole("HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n"))
                .endsWith(" last");
    }

    @Test
    void theReasonMayBeMissing() throws Exception {
        assertThat(whole("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n")).startsWith("200[");
        assertThat(whole("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n")).startsWith("200[");
    }

    @Test
    void valuesLoseTheSpaceAroundThemAndKeepOctetsAbove127() throws Exception {
        assertThat(whole("HTTP/1.1 204 x\r\nA:\t b \u00e9 \t\r\nEmpty:\r\n\r\n"))
                .startsWith("204[A: b \u00e9, Empty: ]");
    }

    @Test
    void bytesAfterTheEndAreLeftToTheCaller() throws Exception {
        assertThat(whole("HTTP/1.1 204 x\r\n\r\nHTTP/1.1 200 OK\r\n")).isEqualTo("204[] . persistent left over 17");
    }

    private static final String[] GOOD = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
        "HTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=y\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.0 200 OK\r\nX: y\r\n\r\nuntil the end",
        "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"
    };

    @Test
    void itDoesNotMatterWhereTheBytesAreSplit() throws Exception {
        for (String response : GOOD) {
            String expected = whole(response);
            for (int first = 0; first <= response.length(); first++) {
                for (int second = first; second <= response.length(); second++) {
                    assertThat(decoded(response, false, first, second))
                            .as("split at %d and %d: %s", first, second, response)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void everyByteMayArriveAlone() throws Exception {
        for (String response : GOOD) {
            int[] splits = new int[response.length()];
            for (int i = 0; i < splits.length; i++) {
                splits[i] = i;
            }
            assertThat(decoded(response, false, splits)).isEqualTo(whole(response));
        }
    }

    @Test
    void aMissingEndIsNoticedWhereverItIs() {
        for (String response : GOOD) {
            int contentStart = response.indexOf("\r\n\r\n") + 4;
            boolean untilClose = response.startsWith("HTTP/1.0");
            for (int length = 0; length < (untilClose ? contentStart : response.length()); length++) {
                String cut = response.substring(0, length);
                assertThatThrownBy(() -> whole(cut))
                        .as("cut after %d bytes: %s", length, response)
                        .isInstanceOf(TruncatedResponseException.class);
            }
        }
    }

    static Stream<Arguments> malformed() {
        String ok = "HTTP/1.1 200 OK\r\n";
        String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of("HTTP/2.0 200 OK\r\n\r\n", "does not begin with HTTP/1.1"),
                Arguments.of("HTTP/1.2 200 OK\r\n\r\n", "does not begin with HTTP/1.1"),
                Arguments.of("http/1.1 200 OK\r\n\r\n", "does not begin with HTTP/1.1"),
                Arguments.of("SSH-2.0-OpenSSH_9.6\r\n\r\n", "does not begin with HTTP/1.1"),
                Arguments.of("\r\nHTTP/1.1 200 OK\r\n\r\n", "does not begin with HTTP/1.1"),
                Arguments.of("HTTP/1.1  200 OK\r\n\r\n", "three digits"),
                Arguments.of("HTTP/1.1 20 OK\r\n\r\n", "three digits"),
                Arguments.of("HTTP/1.1 2000 OK\r\n\r\n", "three digits"),
                Arguments.of("HTTP/1.1 200OK\r\n\r\n", "three digits"),
                Arguments.of("HTTP/1.1 099 OK\r\n\r\n", "status 99"),
                Arguments.of("HTTP/1.1 600 OK\r\n\r\n", "status 600"),
                Arguments.of("HTTP/1.1 101 Switching\r\n\r\n", "no upgrade was asked for"),
                Arguments.of("HTTP/1.1 200 O\u0000K\r\n\r\n", "control character in the status line"),
                Arguments.of("HTTP/1.1 200 OK\nA: b\n\n", "CR or LF on its own"),
                Arguments.of(ok + "A: b\n\r\n", "CR or LF on its own"),
                Arguments.of(ok + "A: b\rC: d\r\n\r\n", "CR or LF on its own"),
                Arguments.of(ok + "A: b\r\r\n\r\n", "CR or LF on its own"),
                Arguments.of(ok + "A: b\r\n folded\r\n\r\n", "folded"),
                Arguments.of(ok + "A: b\r\n\tfolded\r\n\r\n", "folded"),
                Arguments.of(ok + " A: b\r\n\r\n", "folded"),
                Arguments.of(ok + "A b\r\n\r\n", "without a colon"),
                Arguments.of(ok + ": b\r\n\r\n", "not a token"),
                Arguments.of(ok + "A : b\r\n\r\n", "not a token"),
                Arguments.of(ok + "A\u00e9: b\r\n\r\n", "not a token"),
                Arguments.of(ok + "A: b\u0000c\r\n\r\n", "control character"),
                Arguments.of(ok + "A: b\u007fc\r\n\r\n", "control character"),
                Arguments.of(ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", "more than once"),
                Arguments.of(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", "more than once"),
                Arguments.of(ok + "Content-Length: 1, 1\r\n\r\nx", "not a number"),
                Arguments.of(ok + "Content-Length: -1\r\n\r\n", "not a number"),
                Arguments.of(ok + "Content-Length: +1\r\n\r\nx", "not a number"),
                Arguments.of(ok + "Content-Length: 0x1\r\n\r\nx", "not a number"),
                Arguments.of(ok + "Content-Length:\r\n\r\n", "not a number"),
                Arguments.of(ok + "Content-Length: 1234567890123456789\r\n\r\n", "not a number"),
                Arguments.of(ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "both"),
                Arguments.of("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0"),
                Arguments.of(ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", "expected: chunked alone"),
                Arguments.of(ok + "Transfer-Encoding: chunked, chunked\r\n\r\n", "expected: chunked alone"),
                Arguments.of(ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "chunked alone"),
                Arguments.of(ok + "Transfer-Encoding: xchunked\r\n\r\n", "expected: chunked alone"),
                Arguments.of(ok + "Transfer-Encoding: identity\r\n\r\n", "expected: chunked alone"),
                Arguments.of(chunked + "\r\n", "not a hexadecimal number"),
                Arguments.of(chunked + "-1\r\n", "not a hexadecimal number"),
                Arguments.of(chunked + "0x5\r\n", "not a hexadecimal number"),
                Arguments.of(chunked + " 5\r\n", "not a hexadecimal number"),
                Arguments.of(chunked + "5 \r\nhello\r\n", "not a hexadecimal number"),
                Arguments.of(chunked + "5\nhello\r\n", "not a hexadecimal number"),
                Arguments.of(chunked + "5\rhello", "does not end"),
                Arguments.of(chunked + "5\r\nhello!\r\n", "does not end"),
                Arguments.of(chunked + "5\r\nhello\n", "does not end"),
                Arguments.of(chunked + "1000000000000000\r\n", "more than 15 digits"),
                Arguments.of(chunked + "5;a\nb\r\n", "chunk extension"),
                Arguments.of(chunked + "5;" + "a".repeat(17_000) + "\r\n", "chunk extensions of more than 16384"),
                Arguments.of(
                        chunked + ("1;" + "a".repeat(200) + "\r\nx\r\n").repeat(100),
                        "chunk extensions of more than 16384"),
                Arguments.of(ok + "A: b\r\n".repeat(501) + "\r\n", "more than 500 fields"),
                Arguments.of(chunked + "0\r\n" + "A: b\r\n".repeat(501) + "\r\n", "more than 500 fields"),
                Arguments.of(chunked + "0\r\n" + "Date: b\r\n".repeat(501) + "\r\n", "more than 500 fields"),
                Arguments.of(chunked + "0\r\n folded: x\r\n\r\n", "folded"),
                Arguments.of(chunked + "0\r\nx\r\n\r\n", "without a colon"),
                Arguments.of(ok + "A: " + "b".repeat(70_000), "more than 65536 bytes"),
                Arguments.of(chunked + "0\r\nA: " + "b".repeat(70_000), "more than 65536 bytes"),
                Arguments.of("HTTP/1.1 102 P\r\n\r\n".repeat(101), "more than 100 informational"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatBreaksTheRulesIsRefused(String response, String problem) {
        assertThatThrownBy(() -> whole(response))
                .isInstanceOf(MalformedResponseException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void anyMutationIsDecodedOrRefusedAndNeverReadsBeyondItsBytes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = GOOD[random.nextInt(GOOD.length)].getBytes(StandardCharsets.ISO_8859_1);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) interesting(random);
            }
            String mutated = new String(bytes, StandardCharsets.ISO_8859_1);
            int split = random.nextInt(bytes.length + 1);
            assertThatCode(() -> {
                        try {
                            String atOnce = whole(mutated);
                            assertThat(decoded(mutated, false, split)).isEqualTo(atOnce);
                        } catch (MalformedResponseException | TruncatedResponseException refused) {
                            assertThatThrownBy(() -> decoded(mutated, false, split))
                                    .isInstanceOf(refused.getClass());
                        }
                    })
                    .as("seed %d: %s", seed, mutated)
                    .doesNotThrowAnyException();
        }
    }

    private static int interesting(Random random) {
        String bytes = "\r\n :;,0159afAF\t\u0000\u007f\u00ff-+";
        return random.nextInt(4) == 0 ? random.nextInt(256) : bytes.charAt(random.nextInt(bytes.length()));
    }

    @Test
    void aDecoderServesManyResponses() throws Exception {
        ResponseDecoder decoder = new ResponseDecoder();
        for (String response : GOOD) {
            decoder.begin(false);
            assertThat(decoder.hasBegun()).isFalse();
            StringBuilder story = new StringBuilder();
            decodeAll(decoder, ByteBuffer.wrap(response.getBytes(StandardCharsets.ISO_8859_1)), story);
            assertThat(decoder.hasBegun()).isTrue();
            assertThat(decoder.fields()).isNotEqualTo(HttpFields.empty());
        }
    }
}
