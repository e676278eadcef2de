package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.transport.OriginFailure;
import dev.gatehouse.routing.transport.OriginRequest;
import dev.gatehouse.routing.transport.OriginStream;
import dev.gatehouse.routing.transport.OriginTransport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The seam to transports, with one in memory and with none. */
@Timeout(30)
class OriginTransportTest {

    private static Service service() {
        return Service.named("api").target("h2c://127.0.0.1:50051").build();
    }

    /** Answers at once, on the stack of the caller even, in a way that a test says. */
    private static final class FakeTransport implements OriginTransport {

        private final Consumer<Stream> script;
        private final List<Stream> streams = new ArrayList<>();
        private boolean closed;

        FakeTransport(Consumer<Stream> script) {
            this.script = script;
        }

        @Override
        public OriginProtocol protocol() {
            return OriginProtocol.HTTP_2;
        }

        @Override
        public OriginStream open(
                Target target,
                List<InetSocketAddress> addresses,
                OriginRequest request,
                OriginStream.Listener listener) {
            Stream stream = new Stream(request, listener, streams.size() + 1);
            streams.add(stream);
            script.accept(stream);
            return stream;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Stream implements OriginStream {

        private final OriginRequest request;
        private final Listener listener;
        private final int number;
        private final StringBuilder written = new StringBuilder();
        private @Nullable ByteBuffer response;
        private boolean cancelled;

        Stream(OriginRequest request, Listener listener, int number) {
            this.request = request;
            this.listener = listener;
            this.number = number;
        }

        void answer(int status, String text) {
            response = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            listener.responded(status, HttpFields.empty());
        }

        @Override
        public boolean isQueued() {
            return false;
        }

        @Override
        public boolean write(ByteBuffer content, boolean last) {
            written.append(StandardCharsets.UTF_8.decode(content));
            if (last) {
                answer(200, "got " + written);
            }
            return true;
        }

        @Override
        public void writeTrailers(HttpFields trailers) {
            throw new AssertionError("no trailers in these tests");
        }

        @Override
        public int read(ByteBuffer into) {
            if (response == null) {
                return 0;
            }
            int count = Math.min(response.remaining(), into.remaining());
            into.put(response.slice().limit(count));
            response.position(response.position() + count);
            return count == 0 ? -1 : count;
        }

        @Override
        public HttpFields responseTrailers() {
            return HttpFields.empty();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void endEarly() {
            throw new AssertionError("the requests of these tests are complete");
        }

        @Override
        public void checkConnection() {
            throw new AssertionError("these tests do not wait");
        }
    }

    @Test
    void withoutATransportTheServiceIsRefusedAndNothingElseChanges() {
        try (Router router = Router.builder().build()) {
            assertThatThrownBy(() -> router.put(service()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("target h2c://127.0.0.1:50051: HTTP/2 to targets is not there (add the dependency"
                            + " dev.gatehouse:gatehouse-http2, or write http:// or https://)");
            assertThat(router.services()).isEmpty();
        }
    }

    @Test
    void aTransportIsSetOnceAndClosedWithTheRouter() {
        FakeTransport transport = new FakeTransport(stream -> {});
        Router.Builder builder = Router.builder().originTransport(transport);

        assertThatThrownBy(() -> builder.originTransport(transport))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("originTransport: set twice for HTTP_2 (set it once)");
        builder.build().close();
        assertThat(transport.closed).isTrue();
    }

    @Test
    void aTransportGetsTheRequestAndItsContent() {
        FakeTransport transport = new FakeTransport(stream -> stream.listener.opened());
        try (Router router =
                Router.builder().originTransport(transport).service(service()).build()) {
            FakeExchange exchange = FakeExchange.of("POST", "/path?q")
                    .field("Connection", "X-Hop")
                    .field("X-Hop", "1")
                    .body("content");
            router.handle(exchange);

            assertThat(exchange.await().text()).isEqualTo("got content");
            OriginRequest request = transport.streams.get(0).request;
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.authority()).isEqualTo("app.example.com");
            assertThat(request.path()).isEqualTo("/path?q");
            assertThat(request.endsHere()).isFalse();
            assertThat(request.fields().get("Content-Length")).isEqualTo("7");
            assertThat(request.fields().contains("Host")).isFalse();
            assertThat(request.fields().contains("X-Hop")).isFalse();
        }
    }

    @Test
    void whatWasNotProcessedIsSentAgainAndGivenUpInTheEnd() {
        FakeTransport transport = new FakeTransport(stream -> {
            if (stream.number == 2) {
                stream.listener.opened();
            } else {
                stream.listener.failed(
                        new OriginFailure(OriginFailure.Kind.NOT_PROCESSED, "refused the stream", "Wait"));
            }
        });
        try (Logs logs = Logs.capture();
                Router router = Router.builder()
                        .originTransport(transport)
                        .service(service())
                        .build()) {
            FakeExchange second = FakeExchange.of("POST", "/").body("x");
            router.handle(second);
            assertThat(second.await().text()).isEqualTo("got x");
            assertThat(transport.streams.get(0).cancelled).isTrue();

            FakeExchange never = FakeExchange.get("/");
            router.handle(never);
            assertThat(never.await().status()).isEqualTo(502);
            assertThat(transport.streams).hasSize(5);
            assertThat(logs.lines()).contains("WARN api: h2c://127.0.0.1:50051 refused the stream; answered 502. Wait");
        }
    }
}
