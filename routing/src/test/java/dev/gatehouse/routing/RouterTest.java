package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RouterTest {

    private final Router router = Router.builder().build();

    @AfterEach
    void closeRouter() {
        router.close();
    }

    private static HttpHandler saying(String text) {
        return exchange -> {
            byte[] bytes = (text + " " + exchange.requestTarget()).getBytes(StandardCharsets.UTF_8);
            exchange.startResponse(200, HttpFields.of("Content-Length", Integer.toString(bytes.length)));
            exchange.write(ByteBuffer.wrap(bytes), true, () -> {});
        };
    }

    private FakeExchange request(FakeExchange exchange) {
        router.handle(exchange);
        return exchange.await();
    }

    @Test
    void aHandlerInTheSameProcessAnswers() {
        router.put(Service.named("app")
                .host("app.example.com")
                .handler(saying("app"))
                .build());

        FakeExchange answered = request(FakeExchange.get("/users?page=2"));

        assertThat(answered.status()).isEqualTo(200);
        assertThat(answered.text()).isEqualTo("app /users?page=2");
    }

    @Test
    void aTargetAnswers() throws Exception {
        try (TestOrigin origin =
                TestOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-App: 1\r\n\r\nhello")) {
            router.put(Service.named("app")
                    .host("app.example.com")
                    .target(origin.address())
                    .build());

            FakeExchange answered = request(FakeExchange.get("/"));

            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.text()).isEqualTo("hello");
            assertThat(answered.responseFields().get("X-App")).isEqualTo("1");
        }
    }

    @Test
    void aBufferedRequestReachesItsTargetWithItsLength() throws Exception {
        BlockingQueue<TestOrigin.Request> received = new LinkedBlockingQueue<>();
        byte[] content = new byte[200_000];
        new Random(1).nextBytes(content);
        try (TestOrigin origin = TestOrigin.start(connection -> {
            received.add(connection.readRequest());
            connection.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        })) {
            router.put(Service.named("app")
                    .target(origin.address())
                    .buffering(Buffering.requests().memoryBytes(50_000).build())
                    .build());

            FakeExchange answered = request(
                    FakeExchange.of("POST", "/upload").chunked().send(content).end());

            assertThat(answered.status()).isEqualTo(201);
            TestOrigin.Request request = received.take();
            assertThat(request.field("Content-Length")).isEqualTo("200000");
            assertThat(request.field("Transfer-Encoding")).isEmpty();
            assertThat(request.content()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 20\r\n\r\n12345678901234567890", "\r\n12345678901234567890"})
    void aResponseThatIsTooLargeIsNotBlamedOnTheClient(String response) throws Exception {
        try (TestOrigin origin = TestOrigin.answering("HTTP/1.1 200 OK\r\n" + response);
                Logs logs = Logs.capture()) {
            router.put(Service.named("app")
                    .target(origin.address())
                    .buffering(Buffering.responses().maxResponseBodyBytes(10).build())
                    .build());

            assertThat(request(FakeExchange.get("/")).status()).isEqualTo(502);
            await().until(() -> logs.lines().size() == 2);
            assertThat(logs.lines())
                    .anyMatch(line -> line.startsWith("WARN app: response content of "))
                    .anyMatch(line -> line.startsWith("DEBUG app: another answer took the place of the response"));
        }
    }

    @Test
    void aHostThatNobodyHasGets404() {
        router.put(Service.named("app")
                .host("app.example.com")
                .handler(saying("app"))
                .build());

        assertThat(request(FakeExchange.get("/").authority("other.example.com")).status())
                .isEqualTo(404);
    }

    @Test
    void aRequestWithoutAValidHostGets400() {
        router.put(Service.named("app").handler(saying("app")).build());

        assertThat(request(FakeExchange.get("/").authority(null)).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("/").authority("a/b")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("/").authority("example.com:99999")).status())
                .isEqualTo(400);
        assertThat(request(FakeExchange.get("/").authority("user@example.com")).status())
                .isEqualTo(400);
    }

    @Test
    void aMalformedRequestLineGets400AndConnectGets501() {
        router.put(Service.named("app").handler(saying("app")).build());

        assertThat(request(FakeExchange.get("/a b")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("/a\r\nX: y")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("/caf\u00e9")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("http://app.example.com/")).status())
                .isEqualTo(400);
        assertThat(request(FakeExchange.of("GE T", "/")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.of("CONNECT", "app.example.com:443")).status())
                .isEqualTo(501);
    }

    @Test
    void aRefusedRequestLeavesOneLineThatIsFitForALog() {
        try (Logs logs = Logs.capture()) {
            request(FakeExchange.get("/a\r\nERROR forged").authority("x".repeat(300)));

            assertThat(logs.lines())
                    .containsExactly(
                            "INFO request from /203.0.113.7:40000 for /a??ERROR?forged of host " + "x".repeat(200)
                                    + "...: The request line is malformed. Answered 400; the client must correct it");
        }
    }

    @Test
    void optionsForTheWholeServerAreAnsweredWithoutAService() {
        assertThat(request(FakeExchange.of("OPTIONS", "*")).status()).isEqualTo(200);
        assertThat(request(FakeExchange.of("GET", "*")).status()).isEqualTo(400);
    }

    @Test
    void aPathThatCouldBelongToAnotherServiceGets400() {
        router.put(Service.named("site").handler(saying("site")).build());
        router.put(Service.named("admin")
                .pathPrefix("/admin")
                .handler(saying("admin"))
                .build());

        assertThat(request(FakeExchange.get("/x/../admin")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("/admin/..%2Fx")).status()).isEqualTo(400);
        assertThat(request(FakeExchange.get("/a%2Fb//c")).text()).isEqualTo("site /a%2Fb//c");
    }

    @Test
    void strippingThePrefixKeepsTheEncodingOfTheRest() {
        router.put(Service.named("api")
                .pathPrefix("/api")
                .stripPathPrefix(true)
                .handler(saying("api"))
                .build());

        assertThat(request(FakeExchange.get("/api/a%2Fb%3Bc?x=%20;y")).text()).isEqualTo("api /a%2Fb%3Bc?x=%20;y");
        assertThat(request(FakeExchange.get("/api")).text()).isEqualTo("api /");
        assertThat(request(FakeExchange.get("/api?x=1")).text()).isEqualTo("api /?x=1");
    }

    @Test
    void aConflictNamesBothServicesAndChangesNothing() {
        router.put(Service.named("one")
                .host("app.example.com")
                .handler(saying("one"))
                .build());
        Service other = Service.named("two")
                .hosts("app.EXAMPLE.com.", "two.example.com")
                .handler(saying("two"))
                .build();

        assertThatThrownBy(() -> router.put(other))
                .isInstanceOf(RouteConflictException.class)
                .hasMessage("services one and two both claim host app.example.com with path prefix /"
                        + " (give one of them another host or path prefix)");
        assertThat(router.services()).extracting(Service::name).containsExactly("one");
        assertThat(request(FakeExchange.get("/")).text()).isEqualTo("one /");
        assertThat(request(FakeExchange.get("/").authority("two.example.com")).status())
                .isEqualTo(404);
    }

    @Test
    void replacingIsAllOrNothing() {
        router.put(Service.named("old").handler(saying("old")).build());
        Service good = Service.named("good")
                .host("good.example.com")
                .handler(saying("good"))
                .build();
        Service bad = Service.named("bad")
                .host("good.example.com")
                .handler(saying("bad"))
                .build();

        assertThatThrownBy(() -> router.replace(List.of(good, bad))).isInstanceOf(RouteConflictException.class);
        assertThat(request(FakeExchange.get("/").authority("good.example.com")).text())
                .isEqualTo("old /");

        router.replace(List.of(good));
        assertThat(request(FakeExchange.get("/").authority("good.example.com")).text())
                .isEqualTo("good /");
        assertThat(request(FakeExchange.get("/")).status()).isEqualTo(404);
    }

    @Test
    void twoServicesOfOneNameAreRefused() {
        Service one =
                Service.named("same").host("a.example.com").handler(saying("1")).build();
        Service two =
                Service.named("same").host("b.example.com").handler(saying("2")).build();

        assertThatThrownBy(() -> router.replace(List.of(one, two)))
                .hasMessage("services: two are called same (give each its own name)");
        assertThatThrownBy(() -> Router.builder().service(one).service(two).build())
                .isInstanceOf(RouteConflictException.class);
    }

    @Test
    void aRemovedServiceGets404() {
        router.put(Service.named("app").handler(saying("app")).build());

        assertThat(router.remove("app")).isTrue();
        assertThat(router.remove("app")).isFalse();
        assertThat(request(FakeExchange.get("/")).status()).isEqualTo(404);
    }

    @Test
    void aHandlerThatFailsGets500() {
        router.put(Service.named("app")
                .handler(exchange -> {
                    throw new IllegalStateException("broken");
                })
                .build());

        FakeExchange answered = request(FakeExchange.get("/"));

        assertThat(answered.status()).isEqualTo(500);
        assertThat(answered.text()).doesNotContain("broken");
    }

    @Test
    void aClosedRouterAnswers503() {
        router.put(Service.named("app").handler(saying("app")).build());
        router.close();

        assertThat(request(FakeExchange.get("/")).status()).isEqualTo(503);
    }
}
