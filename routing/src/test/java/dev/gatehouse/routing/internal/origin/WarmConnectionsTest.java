package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Logs;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.TestOrigin;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.loop.EventLoops;
import dev.gatehouse.routing.internal.loop.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are opened before anybody asks for them. */
@Timeout(60)
class WarmConnectionsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final FakeTicker ticker = new FakeTicker();
    private final EventLoops loops = EventLoops.start("test-warm-loop-", 1, ticker);
    private final OriginPlane plane = new OriginPlane(
            loops,
            new ConnectionLimits(10, 3, Duration.ofSeconds(30), 20, 3),
            new OriginTransports(Map.of(), Duration.ofSeconds(30)),
            ticker);
    private final Logs logs = Logs.capture();

    @AfterEach
    void close() {
        plane.close();
        loops.close();
        logs.close();
    }

    @Test
    void theyAreThereBeforeTheFirstRequestWhichUsesOne() throws Exception {
        try (TestOrigin origin = TestOrigin.answering(OK)) {
            Target target = Target.of(origin.address());
            plane.keepWarm(List.of(target));
            await().until(() -> origin.connections() == 3);
            ticker.advance(Duration.ZERO, loops);

            Service service = Service.named("api").target(target).build();
            FakeExchange exchange = FakeExchange.get("/");
            plane.to(target).handle(new RoutedExchange(exchange, service, "/", "/"));

            assertThat(exchange.await().text()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(3);
        }
    }

    @Test
    void thoseThatAreClosedAreReplacedUntilTheTargetIsNoLongerServed() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (TestOrigin origin = TestOrigin.start(connection -> {
            if (!connection.hasMore()) {
                ended.incrementAndGet();
            }
        })) {
            plane.keepWarm(List.of(Target.of(origin.address())));
            await().until(() -> origin.connections() == 3);
            await().until(() -> {
                ticker.advance(Duration.ofSeconds(31), loops);
                return ended.get() >= 3 && origin.connections() >= 6;
            });

            plane.keepWarm(List.of());
            await().until(() -> {
                ticker.advance(Duration.ofSeconds(31), loops);
                return ended.get() == origin.connections();
            });
            int before = origin.connections();
            ticker.advance(Duration.ofSeconds(31), loops);
            ticker.advance(Duration.ofSeconds(31), loops);
            assertThat(origin.connections()).isEqualTo(before);
        }
    }

    @Test
    void aTargetThatFailsIsTriedAtGrowingIntervalsWithOneLogLine() throws Exception {
        try (TestOrigin origin = TestOrigin.start(connection -> {
            connection.in().read();
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            connection.hasMore();
        })) {
            plane.keepWarm(List.of(Target.of("https://" + origin.address())));
            await().until(() -> logs.lines().stream().anyMatch(line -> line.contains("kept open ahead")));

            for (int second = 0; second < 100; second++) {
                ticker.advance(Duration.ofSeconds(1), loops);
            }

            assertThat(origin.connections()).isBetween(4, 12);
            assertThat(logs.lines())
                    .containsExactly(
                            "WARN https://" + origin.address() + " speaks plain HTTP on this port, so no"
                                    + " connection is kept open ahead; tried again from time to time. Write http:// in the target");
        }
    }

    @Test
    void aTargetThatComesBackIsKeptWarmAgain() throws Exception {
        TestOrigin first = TestOrigin.answering(OK);
        int port = first.port();
        first.close();
        plane.keepWarm(List.of(Target.of("127.0.0.1", port)));
        await().until(() -> logs.lines().stream().anyMatch(line -> line.contains("kept open ahead")));

        try (TestOrigin second = TestOrigin.answeringAt(port, OK)) {
            await().until(() -> {
                ticker.advance(Duration.ofSeconds(1), loops);
                return second.connections() == 3;
            });
        }
    }
}
