package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Http01ServerTest {

    private static final InetSocketAddress FREE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String TOKEN_PATH = Http01Challenges.PATH + "token";

    private final ChallengeResponder responder = (method, path) -> CompletableFuture.supplyAsync(() ->
            method.equals("POST") || !path.equals(TOKEN_PATH) ? Optional.empty() : Optional.of("token.thumbprint"));

    @Test
    void answersChallengesAndNothingElse() throws Exception {
        try (Http01Server server = Http01Server.builder(responder).address(FREE).start()) {
            assertThat(exchange(server, "GET " + TOKEN_PATH + " HTTP/1.1\r\nHost: app.example.com\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
                    .contains("\r\nContent-Length: 16\r\n")
                    .endsWith("\r\n\r\ntoken.thumbprint");
            assertThat(exchange(server, "HEAD " + TOKEN_PATH + "?x=1 HTTP/1.0\r\n\r\n"))
                    .contains("Content-Length: 16")
                    .endsWith("\r\n\r\n");
            assertThat(exchange(server, "POST " + TOKEN_PATH + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .startsWith("HTTP/1.1 404 Not Found\r\n");
            assertThat(exchange(server, "GET / HTTP/1.1\r\nHost: app.example.com\r\n\r\n"))
                    .startsWith("HTTP/1.1 404 Not Found\r\n");
        }
    }

    @Test
    void sendsAllElseToHttpsIfThatIsWanted() throws Exception {
        try (Http01Server server = Http01Server.builder(responder)
                        .address(FREE)
                        .redirectToHttps(443)
                        .start();
                Http01Server other = Http01Server.builder(responder)
                        .address(FREE)
                        .redirectToHttps(8443)
                        .start()) {
            assertThat(exchange(server, "GET " + TOKEN_PATH + " HTTP/1.1\r\nHost: app.example.com\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(exchange(server, "GET /a%20b?c=d HTTP/1.1\r\nHost: App.example.com:80\r\n\r\n"))
                    .startsWith("HTTP/1.1 308 Permanent Redirect\r\n")
                    .contains("\r\nLocation: https://app.example.com/a%20b?c=d\r\n");
            assertThat(exchange(other, "GET / HTTP/1.1\r\nHost: app.example.com\r\n\r\n"))
                    .contains("\r\nLocation: https://app.example.com:8443/\r\n");
            assertThat(exchange(server, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n")).startsWith("HTTP/1.1 404");
            assertThat(exchange(server, "GET / HTTP/1.1\r\nHost: evil/..@\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void refusesWhatIsNoRequest() throws Exception {
        try (Http01Server server = Http01Server.builder(responder)
                .address(FREE)
                .redirectToHttps(443)
                .start()) {
            for (String request : List.of(
                    "GET http://app.example.com/ HTTP/1.1\r\n\r\n",
                    "\026\003\001\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
                    "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n")) {
                assertThat(exchange(server, request)).startsWith("HTTP/1.1 400 Bad Request\r\n");
            }
        }
    }

    @Test
    void clientsThatSendNothingDoNotKeepOthersOut() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (Http01Server server = Http01Server.builder(responder).address(FREE).start()) {
            for (int i = 0; i < 100; i++) {
                idle.add(new Socket(FREE.getAddress(), server.port()));
            }
            assertThat(exchange(server, "GET " + TOKEN_PATH + " HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithARemedyAndAClosedOneIsFree() throws Exception {
        Http01Server server = Http01Server.builder(responder).address(FREE).start();
        InetSocketAddress taken = new InetSocketAddress(FREE.getAddress(), server.port());
        assertThatThrownBy(() -> Http01Server.builder(responder).address(taken).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(taken.toString())
                .hasMessageContaining("let that one ask the ChallengeResponder");

        try (Socket idle = new Socket(taken.getAddress(), taken.getPort())) {
            assertThat(exchange(server, "GET " + TOKEN_PATH + " HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            idle.setSoTimeout(5_000);
            server.close();
            server.close();
            assertThat(endOf(idle)).isTrue();
        }
        await().untilAsserted(() -> assertThatThrownBy(() -> connect(taken)).isInstanceOf(ConnectException.class));
    }

    @Test
    void settingsAreSetOnceAndInRange() {
        Http01Server.Builder builder =
                Http01Server.builder(responder).address(FREE).redirectToHttps(443);
        assertThatThrownBy(() -> builder.address(FREE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.redirectToHttps(443)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Http01Server.builder(responder).redirectToHttps(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static String exchange(Http01Server server, String request) throws IOException {
        try (Socket socket = new Socket(FREE.getAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
