package dev.gatehouse.http2;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Logs;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Routers with transports, and origins for them. */
@Timeout(60)
abstract class Http2Fixture {

    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable Router router;
    final Logs logs = Logs.capture();

    @AfterEach
    void closeAll() throws Exception {
        if (router != null) {
            router.close();
        }
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        logs.close();
    }

    <T extends AutoCloseable> T closed(T closeable) {
        open.add(closeable);
        return closeable;
    }

    ScriptedOrigin origin(ScriptedOrigin.Script script) throws Exception {
        return closed(ScriptedOrigin.start(script));
    }

    ScriptedOrigin origin(Map<Integer, Integer> settings, ScriptedOrigin.Script script) throws Exception {
        return closed(ScriptedOrigin.start(settings, script));
    }

    /** Makes the router that carries the exchanges of this test from now on. */
    void route(Target target, UnaryOperator<Service.Builder> service, UnaryOperator<Http2Transport.Builder> transport) {
        router = Router.builder()
                .originTransport(transport.apply(Http2Transport.builder()).build())
                .service(service.apply(Service.named("api").target(target)).build())
                .build();
    }

    void route(String target) {
        route(Target.of(target), service -> service, transport -> transport);
    }

    FakeExchange carry(FakeExchange exchange) {
        java.util.Objects.requireNonNull(router, "route first").handle(exchange);
        return exchange;
    }

    String warning() {
        return String.join(
                "\n",
                logs.lines().stream().filter(line -> line.startsWith("WARN")).toList());
    }
}
