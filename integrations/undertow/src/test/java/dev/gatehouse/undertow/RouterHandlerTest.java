package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What is told about servers that are not set up for routing, and about requests that go no further. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RouterHandlerTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(RouterHandler.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private @Nullable Undertow server;

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        if (server != null) {
            server.stop();
        }
    }

    private int serve(Undertow.Builder builder, HttpHandler handler) {
        server = GatehouseUndertow.http(builder, 0, "127.0.0.1", new RouterHandler(handler))
                .build();
        server.start();
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.startResponse(200, HttpFields.of("Content-Length", "2"));
        exchange.write(ByteBuffer.wrap(new byte[] {'o', 'k'}), true, () -> {});
    }

    private static String send(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private List<String> logged(Level level) {
        return log.list.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void limitOfTheServerOnContentIsMentionedOnce() throws Exception {
        int port = serve(Undertow.builder(), RouterHandlerTest::answer);

        for (int i = 0; i < 3; i++) {
            send(port, "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
        }

        assertThat(logged(Level.WARN))
                .singleElement()
                .asString()
                .contains("2097152 bytes", "GatehouseUndertow.forRouting");
    }

    @Test
    void serverThatIsSetUpForRoutingNeedsNoMention() throws Exception {
        int port = serve(GatehouseUndertow.forRouting(Undertow.builder()), RouterHandlerTest::answer);

        String response = send(port, "GET /a|b HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 200 ");
        assertThat(log.list).isEmpty();
    }

    @Test
    void serverThatReplacesPathsByDecodedOnesIsNotRouted() throws Exception {
        int port = serve(
                Undertow.builder().setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true),
                RouterHandlerTest::answer);

        String response = send(port, "GET /%2e%2e/x HTTP/1.1\r\nHost: a.example\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 500 ");
        assertThat(logged(Level.ERROR))
                .singleElement()
                .asString()
                .contains("DECODE_URL", "GatehouseUndertow.forRouting");
    }

    @Test
    void refusedRequestLeavesOneLine() throws Exception {
        int port = serve(GatehouseUndertow.forRouting(Undertow.builder()), RouterHandlerTest::answer);

        String response =
                send(port, "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 501 ");
        assertThat(logged(Level.INFO))
                .singleElement()
                .asString()
                .startsWith("Request from /127.0.0.1:")
                .endsWith("transfer coding other than chunked (answered 501)");
    }

    @Test
    void failedHandlerLeavesOneLine() throws Exception {
        int port = serve(GatehouseUndertow.forRouting(Undertow.builder()), exchange -> {
            throw new IllegalStateException("out of order");
        });

        send(port, "GET /x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");

        assertThat(logged(Level.ERROR))
                .containsExactly("Handler of GET /x failed: java.lang.IllegalStateException: out of order");
    }
}
