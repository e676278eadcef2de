package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkValidatorTest {

    private static final String ODD = "\r\n\t \0;:,+-xg059aF\u007f\u00e9";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "000\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\n",
                "00a\r\n0\r\n\r\n12345\r\n0\r\n\r\n",
                "5;name=\"a b\"\t\r\nhello\r\n0;last\r\n\r\n",
                "1\r\nx\r\n0\r\nX-Sum: 1\r\nX-Empty:\r\n\r\n",
                "1\r\nx\r\n0\r\nX-Text: \u00e9\t.\r\n\r\n"
            })
    void wellFormedContentIsAcceptedUpToItsEnd(String content) throws IOException {
        ByteBuffer bytes = bytes(content + "GET / HTTP/1.1\r\n");
        ChunkValidator validator = new ChunkValidator();

        validator.accept(bytes);

        assertThat(validator.isAtEnd()).isTrue();
        assertThat(bytes.position()).isEqualTo(content.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                ";x\r\n",
                "-5\r\n",
                "5h\r\n",
                "5,5\r\n",
                "5 \r\n",
                "5\n",
                "5\rh",
                "0000000000000000\r\n",
                "1;a\nb",
                "1;a\u0000b",
                "1;a\rb",
                "1\r\nxy",
                "1\r\nx\n",
                "1\r\nx\ry",
                "0\n",
                "0\r\n\n",
                "0\r\n\rx",
                "0\r\n a: b\r\n",
                "0\r\n: b\r\n",
                "0\r\na : b\r\n",
                "0\r\na\r\n",
                "0\r\na: b\n",
                "0\r\na: b\rc",
                "0\r\na: b\r\n c\r\n",
                "0\r\na: \u0000\r\n"
            })
    void theFirstByteThatIsNotAllowedIsRefused(String content) {
        assertThat(acceptedInPieces(content, 1)).isLessThan(content.length());
        assertThat(acceptedInPieces(content, content.length())).isLessThan(content.length());
    }

    @Test
    void extensionsOfAllChunksTogetherAreLimited() {
        String chunk = "1;" + "a".repeat(1023) + "\r\nx\r\n";

        assertThatCode(() -> new ChunkValidator().accept(bytes(chunk.repeat(16))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new ChunkValidator().accept(bytes(chunk.repeat(17))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("extensions of more than 16384 bytes");
    }

    @Test
    void trailersAreLimitedInNumberAndSize() {
        assertThatThrownBy(() -> new ChunkValidator().accept(bytes("0\r\n" + "X: y\r\n".repeat(501))))
                .hasMessage("more than 500 trailers");
        assertThatThrownBy(() -> new ChunkValidator().accept(bytes("0\r\nX: " + "y".repeat(70_000))))
                .hasMessage("trailers of more than 65536 bytes");
    }

    @Test
    void theVerdictDoesNotDependOnHowTheBytesArrive() {
        long seed = new Random().nextLong();
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder content = new StringBuilder(wellFormed(random));
            assertThat(acceptedInPieces(content.toString(), 1 + random.nextInt(9)))
                    .as("seed %d, round %d, %s", seed, round, content)
                    .isEqualTo(content.length());

            content.setCharAt(random.nextInt(content.length()), ODD.charAt(random.nextInt(ODD.length())));

            assertThat(acceptedInPieces(content.toString(), 1 + random.nextInt(9)))
                    .as("seed %d, round %d, mutated %s", seed, round, content)
                    .isEqualTo(acceptedInPieces(content.toString(), 1));
        }
    }

    private static String wellFormed(RandomGenerator random) {
        StringBuilder content = new StringBuilder();
        for (int chunks = random.nextInt(4); chunks > 0; chunks--) {
            int size = 1 + random.nextInt(40);
            content.append(random.nextBoolean() ? "0" : "").append(Integer.toHexString(size));
            content.append(random.nextBoolean() ? ";a=b" : "").append("\r\n");
            for (int i = 0; i < size; i++) {
                content.append(ODD.charAt(random.nextInt(ODD.length())));
            }
            content.append("\r\n");
        }
        return content.append("0\r\n")
                .append("X-Sum: 1\r\n".repeat(random.nextInt(3)))
                .append("\r\n")
                .toString();
    }

    /** {@return how many bytes have been accepted before one was refused, or the content ended} */
    private static int acceptedInPieces(String content, int length) {
        ByteBuffer bytes = bytes(content);
        ChunkValidator validator = new ChunkValidator();
        int limit = bytes.limit();
        while (bytes.position() < limit && !validator.isAtEnd()) {
            bytes.limit(Math.min(limit, bytes.position() + length));
            try {
                validator.accept(bytes);
            } catch (IOException refused) {
                return bytes.position() - 1;
            }
        }
        return bytes.position();
    }

    private static ByteBuffer bytes(String content) {
        return ByteBuffer.wrap(content.getBytes(StandardCharsets.ISO_8859_1));
    }
}
