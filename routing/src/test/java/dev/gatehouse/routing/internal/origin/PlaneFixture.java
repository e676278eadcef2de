package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Logs;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.TestOrigin;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.internal.loop.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A data plane whose clock stands still, and origins for it. */
@Timeout(60)
abstract class PlaneFixture {

    private final FakeTicker ticker = new FakeTicker();
    private final EventLoops loops = EventLoops.start("test-origin-loop-", 1, ticker);
    private final OriginPlane plane = new OriginPlane(
            loops,
            new ConnectionLimits(10, 0, Duration.ofSeconds(30), 20, 3),
            new OriginTransports(Map.of(), Duration.ofSeconds(30)),
            ticker);
    private final List<TestOrigin> origins = new ArrayList<>();
    final Logs logs = Logs.capture();

    @AfterEach
    void closeAll() throws Exception {
        plane.close();
        loops.close();
        for (TestOrigin origin : origins) {
            origin.close();
        }
        logs.close();
    }

    TestOrigin origin(TestOrigin.Script script) {
        TestOrigin origin = TestOrigin.start(script);
        origins.add(origin);
        return origin;
    }

    TestOrigin tlsOrigin(SSLContext context, TestOrigin.Script script) {
        return tlsOrigin(context, socket -> {}, script);
    }

    TestOrigin tlsOrigin(SSLContext context, Consumer<SSLSocket> settings, TestOrigin.Script script) {
        TestOrigin origin = TestOrigin.overTls(context, settings, script);
        origins.add(origin);
        return origin;
    }

    TestOrigin answering(String response) {
        TestOrigin origin = TestOrigin.answering(response);
        origins.add(origin);
        return origin;
    }

    static Service service(String target, UnaryOperator<Service.Builder> settings) {
        return settings.apply(Service.named("api").target(target)).build();
    }

    FakeExchange carry(TestOrigin origin, FakeExchange exchange) {
        return carry(service(origin.address(), settings -> settings), exchange);
    }

    FakeExchange carry(Service service, FakeExchange exchange) {
        return carry(service, "/", exchange);
    }

    FakeExchange carry(Service service, String prefix, FakeExchange exchange) {
        Stage stage = plane.to(java.util.Objects.requireNonNull(service.target()));
        try {
            stage.handle(new RoutedExchange(exchange, service, prefix, exchange.requestTarget()));
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
        return exchange;
    }

    void advance(Duration duration) {
        ticker.advance(duration, loops);
    }

    /** Keeps the loop from noticing anything before. What is carried meanwhile is the first that it does then. */
    void holdLoopUntil(CountDownLatch latch) {
        loops.all().get(0).execute(() -> {
            try {
                latch.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    OriginPlane plane() {
        return plane;
    }
}
