package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.TestOrigin;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A target has so many connections, and no more; the fixture allows 20, and 3 that wait. */
class ConnectionBoundTest extends PlaneFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Semaphore mayAnswer = new Semaphore(0);
    private final AtomicInteger requests = new AtomicInteger();

    private TestOrigin holding() {
        return origin(connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                requests.incrementAndGet();
                mayAnswer.acquire();
                connection.send(OK);
            }
        });
    }

    private List<FakeExchange> begin(TestOrigin origin, int count) {
        List<FakeExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            exchanges.add(carry(origin, FakeExchange.get("/" + i)));
        }
        return exchanges;
    }

    private void awaitRequests(int count) {
        await().until(() -> requests.get() >= count);
        assertThat(requests).hasValue(count);
    }

    @Test
    void thoseBeyondWaitForAConnectionAndUseIt() {
        TestOrigin origin = holding();
        List<FakeExchange> exchanges = begin(origin, 23);
        awaitRequests(20);

        mayAnswer.release(23);

        exchanges.forEach(exchange -> assertThat(exchange.await().text()).isEqualTo("ok"));
        assertThat(origin.connections()).isEqualTo(20);
    }

    @Test
    void whenTooManyWaitTheNextIsRefusedAtOnce() {
        TestOrigin origin = holding();
        begin(origin, 23);
        awaitRequests(20);

        FakeExchange refused = carry(origin, FakeExchange.get("/")).await();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.responseFields().get("Retry-After")).isEqualTo("1");
        assertThat(refused.text()).endsWith("The application has too many requests at the moment.\n");
        assertThat(logs.lines())
                .contains("WARN api: " + origin.address()
                        + " has as many connections as it may, and as many exchanges wait"
                        + " for one; answered 503. See what keeps its connections busy, or raise maxConnectionsPerTarget"
                        + " if it can bear more");
        mayAnswer.release(100);
    }

    @Test
    void oneThatWaitsTooLongIsRefused() {
        TestOrigin origin = holding();
        begin(origin, 20);
        awaitRequests(20);
        FakeExchange late = carry(origin, FakeExchange.get("/"));

        advance(Duration.ofMillis(4900));
        assertThat(late.isOver()).isFalse();
        advance(Duration.ofMillis(200));

        assertThat(late.await().status()).isEqualTo(503);
        assertThat(late.responseFields().get("Retry-After")).isEqualTo("1");
        assertThat(logs.lines())
                .anyMatch(line -> line.startsWith(
                        "WARN api: " + origin.address() + " had no connection free within 5 s; answered 503."));
        mayAnswer.release(100);
    }

    @Test
    void aClientThatLeavesMakesRoomForAnotherThatWaits() {
        TestOrigin origin = holding();
        begin(origin, 20);
        awaitRequests(20);
        List<FakeExchange> waiting = begin(origin, 3);
        waiting.get(1).leave();

        await().until(() -> logs.lines().stream().anyMatch(line -> line.contains("the client left")));
        FakeExchange next = carry(origin, FakeExchange.get("/next"));
        mayAnswer.release(100);

        assertThat(next.await().status()).isEqualTo(200);
        assertThat(waiting.get(0).await().status()).isEqualTo(200);
        assertThat(waiting.get(2).await().status()).isEqualTo(200);
        assertThat(requests).hasValue(23);
    }

    @Test
    void aPlaceThatACancelledExchangeHeldGoesToTheNext() {
        TestOrigin origin = holding();
        List<FakeExchange> busy = begin(origin, 20);
        awaitRequests(20);
        FakeExchange next = carry(origin, FakeExchange.get("/next"));

        busy.get(7).leave();
        awaitRequests(21);
        mayAnswer.release(100);

        assertThat(next.await().text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(21);
    }

    @Test
    void placesAreGivenBackByConnectionsThatFail() {
        TestOrigin refusing = origin(connection -> connection.reset());
        for (int i = 0; i < 50; i++) {
            assertThat(carry(refusing, FakeExchange.get("/")).await().status()).isEqualTo(502);
        }
        TestOrigin gone = origin(connection -> {});
        assertThat(refusing.connections()).isEqualTo(50);
        closeQuietly(gone);
        for (int i = 0; i < 50; i++) {
            assertThat(carry(gone, FakeExchange.get("/")).await().status()).isEqualTo(502);
        }
    }

    private static void closeQuietly(TestOrigin origin) {
        try {
            origin.close();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The idle connections of one thread must not keep another from connecting. */
    @Test
    void idleConnectionsOfOtherLoopsAreGivenUpForThoseWhoWait() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        TestOrigin origin = origin(connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                both.countDown();
                both.await();
                connection.send(OK);
            }
        });
        try (EventLoops loops = EventLoops.start("test-bound-", 2, System::nanoTime);
                OriginPlane plane = new OriginPlane(
                        loops,
                        new ConnectionLimits(10, 0, Duration.ofSeconds(30), 2, 10),
                        new OriginTransports(Map.of(), Duration.ofSeconds(30)),
                        System::nanoTime)) {
            Stage stage = plane.to(Target.of(origin.address()));
            Service service = Service.named("api").target(origin.address()).build();
            List<FakeExchange> first = List.of(FakeExchange.get("/1"), FakeExchange.get("/2"));
            for (FakeExchange exchange : first) {
                stage.handle(onLoop(loops, 0, exchange, service));
            }
            first.forEach(FakeExchange::await);

            FakeExchange other = FakeExchange.get("/3");
            stage.handle(onLoop(loops, 1, other, service));

            assertThat(other.await().text()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(3);
        }
    }

    private static RoutedExchange onLoop(EventLoops loops, int number, FakeExchange exchange, Service service) {
        return new RoutedExchange(exchange, service, "/", exchange.requestTarget()) {
            @Override
            public EventLoop hostLoop() {
                return loops.all().get(number);
            }
        };
    }
}
