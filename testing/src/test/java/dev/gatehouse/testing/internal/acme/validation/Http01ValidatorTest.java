package dev.gatehouse.testing.internal.acme.validation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gatehouse.testing.NameResolver;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.pki.ServerContexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class Http01ValidatorTest {
    private static final String KEY_AUTHORIZATION = "token.thumbprint";
    private static final Identifier NAME = Identifier.dns("app.example.com");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private ServerSocket listener;
    private Http01Validator validator;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("scripted-server", this::serve);
        validator = validator(Duration.ofSeconds(10));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    void sendsTheIdentifierAsHost() throws Exception {
        answers.add(ok(KEY_AUTHORIZATION));

        validator.validate(NAME, "token", KEY_AUTHORIZATION);

        assertThat(requests)
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .startsWith("GET /.well-known/acme-challenge/token HTTP/1.1\n")
                        .contains("\nHost: app.example.com\n"));
    }

    @Test
    void writesIpv6AddressesInBrackets() throws Exception {
        answers.add(ok(KEY_AUTHORIZATION));

        validator.validate(new Identifier(Identifier.Type.IP, "2001:db8::1"), "token", KEY_AUTHORIZATION);

        assertThat(requests.get(0)).contains("\nHost: [2001:db8::1]\n");
    }

    @Test
    void ignoresWhiteSpaceAtTheEndOnly() throws Exception {
        answers.add(ok(KEY_AUTHORIZATION + "\r\n \t\n"));
        validator.validate(NAME, "token", KEY_AUTHORIZATION);

        answers.add(ok(" " + KEY_AUTHORIZATION));
        assertProblem(ProblemType.UNAUTHORIZED, "instead of the key authorization");
    }

    @Test
    void followsRedirectsToOtherHostsAndPaths() throws Exception {
        answers.add(redirect("http://www.example.com/elsewhere?a=b#fragment"));
        answers.add(redirect("/relative"));
        answers.add(ok(KEY_AUTHORIZATION));

        validator.validate(NAME, "token", KEY_AUTHORIZATION);

        assertThat(requests.get(1)).startsWith("GET /elsewhere?a=b HTTP/1.1\nHost: www.example.com\n");
        assertThat(requests.get(2)).startsWith("GET /relative HTTP/1.1\nHost: www.example.com\n");
    }

    @Test
    void followsTenRedirectsAndNoMore() throws Exception {
        for (int i = 0; i < 11; i++) {
            answers.add(redirect("/again"));
        }

        assertProblem(ProblemType.UNAUTHORIZED, "more than 10 times");
        assertThat(requests).hasSize(11);
    }

    @Test
    void followsRedirectsToTheStandardPortsOnly() throws Exception {
        answers.add(redirect("http://app.example.com:8080/"));
        assertProblem(ProblemType.UNAUTHORIZED, "port 80 only");

        answers.add(redirect("http://app.example.com:" + listener.getLocalPort() + "/x"));
        answers.add(ok(KEY_AUTHORIZATION));
        assertThatCode(() -> validator.validate(NAME, "token", KEY_AUTHORIZATION))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesRedirectsToOtherSchemes() throws Exception {
        for (String location : List.of("ftp://app.example.com/", "file:///etc/passwd", "http:///x", "mailto:a@b")) {
            answers.add(redirect(location));
            assertProblem(ProblemType.UNAUTHORIZED, "only http and https URLs");
        }
        answers.add(redirect("http://[broken"));
        assertProblem(ProblemType.UNAUTHORIZED, "not a URL");
    }

    @Test
    void followsRedirectsToHttpsWhateverTheCertificate() throws Exception {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(
                new HttpsConfigurator(ServerContexts.of(TestCa.create().issue("other.example.org"))));
        https.createContext("/secure", exchange -> {
            exchange.sendResponseHeaders(200, KEY_AUTHORIZATION.length());
            exchange.getResponseBody().write(KEY_AUTHORIZATION.getBytes(US_ASCII));
            exchange.close();
        });
        https.start();
        try {
            answers.add(redirect("https://app.example.com/secure"));

            assertThatCode(() -> validator(https.getAddress().getPort()).validate(NAME, "token", KEY_AUTHORIZATION))
                    .doesNotThrowAnyException();
        } finally {
            https.stop(0);
        }
    }

    @Test
    void tellsThatARedirectToHttpsMetNoTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            start("plain-server", () -> {
                try (Socket socket = plain.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                }
            });
            answers.add(redirect("https://app.example.com/"));
            validator = validator(plain.getLocalPort());

            assertProblem(ProblemType.TLS, "TLS handshake failed");
        }
    }

    @Test
    void tellsWhatIsNotHttp() throws Exception {
        answers.add("220 mail.example.com ESMTP\r\n");

        assertProblem(ProblemType.CONNECTION, "does not begin with an HTTP/1.1 status line");
    }

    @Test
    void showsStrangeContentSafely() throws Exception {
        answers.add(ok("<html>\n\u0007" + "x".repeat(500)));

        assertThatThrownBy(() -> validator.validate(NAME, "token", KEY_AUTHORIZATION))
                .hasMessageContaining("'<html>??xxx")
                .hasMessageContaining("…'")
                .hasMessageNotContaining("\n");
    }

    @Test
    void givesUpOnAServerThatSaysNothing() {
        validator = validator(Duration.ofMillis(200));

        assertProblem(ProblemType.CONNECTION, "no complete answer in time");
    }

    @Test
    void givesUpOnAServerThatDripsItsAnswer() throws Exception {
        ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();
        CompletableFuture<ScheduledFuture<?>> drips = new CompletableFuture<>();
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            start("dripping-server", () -> {
                Socket socket = slow.accept();
                drips.complete(dripping.scheduleAtFixedRate(() -> drip(socket), 0, 20, TimeUnit.MILLISECONDS));
            });
            Http01Validator impatient = new Http01Validator(
                    NameResolver.loopback(), new ValidationPorts(slow.getLocalPort(), 443), Duration.ofMillis(400));

            assertThatThrownBy(() -> impatient.validate(NAME, "token", KEY_AUTHORIZATION))
                    .hasMessageContaining("no complete answer in time");
            assertThat(drips.get(10, TimeUnit.SECONDS).getDelay(TimeUnit.DAYS)).isZero();
        } finally {
            dripping.shutdownNow();
        }
    }

    private static void drip(Socket socket) {
        try {
            socket.getOutputStream().write('H');
        } catch (IOException clientLeft) {
            throw new UncheckedIOException(clientLeft);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException endOfTest) {
                        // The listener was closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void assertProblem(ProblemType type, String detail) {
        assertThatThrownBy(() -> validator.validate(NAME, "token", KEY_AUTHORIZATION))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().type())
                                .as(refusal.getMessage())
                                .isEqualTo(type))
                .hasMessageContaining(detail);
    }

    private Http01Validator validator(Duration timeout) {
        return new Http01Validator(NameResolver.loopback(), new ValidationPorts(listener.getLocalPort(), 443), timeout);
    }

    private Http01Validator validator(int tlsPort) {
        return new Http01Validator(
                NameResolver.loopback(), new ValidationPorts(listener.getLocalPort(), tlsPort), Duration.ofSeconds(10));
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                StringBuilder request = new StringBuilder();
                for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                    request.append(line).append('\n');
                }
                requests.add(request.toString());
                socket.getOutputStream().write(answers.take().getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException | InterruptedException closed) {
                // The next connection, or the end of the test.
            }
        }
    }

    private static String ok(String content) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content;
    }

    private static String redirect(String location) {
        return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }
}
