package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Origins that listen on a Unix domain socket. */
class UnixSocketTest extends PlaneFixture {

    @TempDir
    Path folder;

    private final AtomicInteger connections = new AtomicInteger();

    private Service service(Path socket) {
        return Service.named("api").target(Target.ofUnixSocket(socket)).build();
    }

    /** Answers with what it has got. */
    private ServerSocketChannel echo(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread acceptor = new Thread(() -> serve(server), "unix-origin");
        acceptor.setDaemon(true);
        acceptor.start();
        return server;
    }

    private void serve(ServerSocketChannel server) {
        try {
            while (true) {
                try (SocketChannel connection = server.accept()) {
                    connections.incrementAndGet();
                    for (String head = head(connection); head.length() > 0; head = head(connection)) {
                        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head;
                        connection.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                    }
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static String head(SocketChannel connection) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            if (connection.read(one.clear()) < 0) {
                return "";
            }
            head.write(one.get(0));
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void exchangesGoOverTheSocketWithTheHostOfTheClient() throws IOException {
        Path socket = folder.resolve("app.sock");
        try (ServerSocketChannel server = echo(socket)) {
            FakeExchange first = carry(service(socket), FakeExchange.get("/1").authority("shop.example.com"));
            assertThat(first.await().text())
                    .startsWith("GET /1 HTTP/1.1\r\n")
                    .contains("Host: shop.example.com\r\n", "X-Forwarded-Host: shop.example.com\r\n");
            assertThat(carry(service(socket), FakeExchange.get("/2")).await().status())
                    .isEqualTo(200);
            assertThat(connections).hasValue(1);
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void aSocketThatIsNotThereIsNamed() {
        Path socket = folder.resolve("app.sock");

        assertThat(carry(service(socket), FakeExchange.get("/")).await().status())
                .isEqualTo(502);
        assertThat(logs.lines())
                .contains("WARN api: unix:" + socket + " is not there; answered 502. Start the target, or correct the"
                        + " path of its socket");
    }

    @Test
    void aSocketOnWhichNobodyListensIsNamed() throws IOException {
        Path socket = folder.resolve("app.sock");
        echo(socket).close();

        assertThat(carry(service(socket), FakeExchange.get("/")).await().status())
                .isEqualTo(502);
        assertThat(logs.lines())
                .contains("WARN api: unix:" + socket + " refused the connection: nobody listens there, though the file"
                        + " exists; answered 502. Start the target");
    }

    /** Told of the system's answer, since those who run tests may be allowed everything. */
    @Test
    void aSocketThatMayNotBeOpenedIsNamed() throws IOException {
        Path socket = Files.createFile(folder.resolve("app.sock"));
        Target target = Target.ofUnixSocket(socket);

        assertThat(ConnectFailure.of(target, new SocketException("Permission denied")))
                .isEqualTo(new ConnectFailure(
                        "unix:" + socket + " may not be opened by this process",
                        "Let its user write to the socket and enter the folders above it"));
    }
}
