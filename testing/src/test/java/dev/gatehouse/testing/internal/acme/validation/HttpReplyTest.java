package dev.gatehouse.testing.internal.acme.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReplyTest {

    @Test
    void readsContentOfADeclaredLength() throws IOException {
        HttpReply reply = read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: 1\r\nx-a:  2 \r\n\r\nabcdef");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.content()).isEqualTo("abc");
        assertThat(reply.field("x-a")).hasValue("2");
    }

    @Test
    void readsContentUpToTheEndOfTheConnection() throws IOException {
        assertThat(read("HTTP/1.0 200\n\nabc").content()).isEqualTo("abc");
    }

    @Test
    void readsChunks() throws IOException {
        HttpReply reply =
                read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");

        assertThat(reply.content()).isEqualTo("abcde");
    }

    @Test
    void passesOverInterimResponses() throws IOException {
        assertThat(read("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nrest"))
                .satisfies(reply -> {
                    assertThat(reply.status()).isEqualTo(204);
                    assertThat(reply.content()).isEmpty();
                });
    }

    @Test
    void readsNoMoreThanItNeeds() throws IOException {
        String endless = "x".repeat(100_000);

        assertThat(read("HTTP/1.1 200 OK\r\n\r\n" + endless).content()).hasSize(HttpReply.MAX_CONTENT);
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + endless)
                        .content())
                .hasSize(HttpReply.MAX_CONTENT);
        assertThat(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n" + endless)
                        .content())
                .hasSize(HttpReply.MAX_CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"
            })
    void refusesWhatIsNotHttp(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK\r\nX: y\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"
            })
    void noticesWhenTheConnectionEndsTooEarly(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOf(EOFException.class);
    }

    @Test
    void limitsLinesFieldsAndInterimResponses() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 " + "x".repeat(10_000) + "\r\n\r\n"))
                .hasMessageContaining("longer than");
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(200) + "\r\n"))
                .hasMessageContaining("header fields");
        assertThatThrownBy(() -> read("HTTP/1.1 100 Continue\r\n\r\n".repeat(50)))
                .hasMessageContaining("interim");
    }

    @Test
    void survivesAnyBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] valid = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 20_000; round++) {
            byte[] bent = valid.clone();
            for (int change = 0; change < 3; change++) {
                bent[random.nextInt(bent.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(HttpReply.read(new ByteArrayInputStream(bent))
                                .content()
                                .length())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(HttpReply.MAX_CONTENT);
            } catch (IOException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageNotContaining("null");
            }
        }
    }

    private static HttpReply read(String answer) throws IOException {
        return HttpReply.read(new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
