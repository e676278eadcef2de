package dev.gatehouse.routing.internal.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Throws mutations of real responses at the decoder, each of them whole and in pieces: it must say the same both times, and
 * either understand a response or refuse it with one of its two exceptions. {@code -Dgatehouse.fuzz.cases=1000000} throws
 * more of them than the ordinary run, {@code -Dgatehouse.fuzz.seed=N} repeats a run.
 */
@Timeout(900)
@SuppressWarnings("StringConcatToTextBlock") // line ends are CR LF
class CodecFuzzTest {

    private static final String[] RESPONSES = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello",
        "HTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=y\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.0 200 OK\r\nX: y\r\n\r\nuntil the end",
        "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nServer: nginx/1.26\r\nDate: Sat, 01 Aug 2026 00:00:00 GMT\r\nContent-Type: text/html\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\nSet-Cookie: a=b; Path=/\r\n\r\n"
                + "00000003\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Too Large\r\nConnection: close\r\n"
                + "Content-Length: 3\r\n\r\nbig",
    };

    /** What mutations put in: what has a meaning in HTTP, or had one in some parser. */
    private static final String[] DICTIONARY = {
        "\r\n",
        "\r",
        "\n",
        "\r\n\r\n",
        "\n\n",
        "\0",
        " ",
        "\t",
        ":",
        ";",
        ",",
        "0\r\n\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 101 X\r\n",
        "chunked",
        "FFFFFFFFFFFFFFFF",
        "7fffffffffffffff",
        "0x",
        "+",
        "-",
        "18446744073709551616",
        "Connection: close\r\n",
        "\u007f",
        "\u00ff",
        "\u0085",
        "Trailer: X\r\n",
        "X : y\r\n",
        " folded\r\n",
        "e"
    };

    private static final int CASES = Integer.getInteger("gatehouse.fuzz.cases", 30_000);

    private final long seed = Long.getLong("gatehouse.fuzz.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final ResponseDecoder whole = new ResponseDecoder();
    private final ResponseDecoder inPieces = new ResponseDecoder();

    @Test
    void anyMutationMeansTheSameInAnyPieces() {
        int understood = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = mutation();
            boolean head = random.nextInt(8) == 0;
            String expected = story(whole, bytes, head, bytes.length);
            String actual = story(inPieces, bytes, head, 1 + random.nextInt(8));
            if (!actual.equals(expected)) {
                fail("seed %d, case %d: %s\nwhole:     %s\nin pieces: %s", seed, i, escaped(bytes), expected, actual);
            }
            understood += expected.contains("refused") ? 0 : 1;
        }
        assertThat(understood).as("some mutations are still responses").isBetween(CASES / 50, CASES - CASES / 50);
    }

    private byte[] mutation() {
        StringBuilder text = new StringBuilder(RESPONSES[random.nextInt(RESPONSES.length)]);
        for (int count = random.nextInt(4); count > 0; count--) {
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> text.insert(at, DICTIONARY[random.nextInt(DICTIONARY.length)]);
                case 1 -> text.delete(at, to);
                case 2 -> text.replace(at, to, DICTIONARY[random.nextInt(DICTIONARY.length)]);
                case 3 -> text.insert(at, text.substring(at, to).repeat(1 + random.nextInt(600)));
                case 4 -> text.setLength(at);
                default -> text.insert(at, (char) random.nextInt(256));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** All that a reader of the events learns, as text; pieces of content that belong together are not told apart. */
    private String story(ResponseDecoder decoder, byte[] bytes, boolean head, int largestPiece) {
        StringBuilder story = new StringBuilder();
        decoder.begin(head);
        try {
            int given = 0;
            ByteBuffer in = ByteBuffer.allocate(0);
            while (!decoder.hasEnded()) {
                switch (decoder.decode(in)) {
                    case NEED_INPUT -> {
                        assertThat(in.remaining()).isZero();
                        if (given == bytes.length) {
                            decoder.endOfInput();
                            story.append(" ended by close");
                            break;
                        }
                        int piece = largestPiece == bytes.length ? largestPiece : 1 + random.nextInt(largestPiece);
                        in = ByteBuffer.wrap(bytes, given, Math.min(piece, bytes.length - given));
                        given += in.remaining();
                    }
                    case INFORMATIONAL, HEAD -> story.append(decoder.status()).append(decoder.fields());
                    case CONTENT -> {
                        assertThat(decoder.content().hasRemaining()).isTrue();
                        story.append(StandardCharsets.ISO_8859_1.decode(decoder.content()));
                    }
                    case UPGRADED -> throw new AssertionError("nobody asked for another protocol");
                    case END -> story.append(" ended with ").append(decoder.trailers());
                }
            }
            return story
                    + (decoder.isPersistent() ? " persistent, left over " : " left over ")
                    + (bytes.length - given + in.remaining());
        } catch (MalformedResponseException | TruncatedResponseException refused) {
            return "refused: " + refused.getClass().getSimpleName() + " " + refused.getMessage() + " after " + story;
        } catch (RuntimeException mistake) {
            throw new AssertionError("seed " + seed + ": " + escaped(bytes), mistake);
        }
    }

    private static String escaped(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n")
                .replace("\0", "\\0");
    }
}
