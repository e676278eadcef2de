package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpPermissionTest {

    private final MockWebServer endpoint = new MockWebServer();
    private final List<HttpPermission> opened = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        endpoint.start();
    }

    @AfterEach
    void stop() {
        opened.forEach(HttpPermission::close);
        endpoint.close();
    }

    @ParameterizedTest
    @CsvSource({
        "200, ALLOWED",
        "204, DENIED",
        "400, DENIED",
        "401, DENIED",
        "403, DENIED",
        "404, DENIED",
        "410, DENIED",
        "302, DENIED",
        "308, DENIED",
        "408, UNKNOWN",
        "429, UNKNOWN",
        "500, UNKNOWN",
        "503, UNKNOWN"
    })
    void theStatusIsTheAnswer(int status, Verdict verdict) throws InterruptedException {
        endpoint.enqueue(new MockResponse.Builder().code(status).build());

        PermissionDecision decision = ask(permission("/ask?secret=s3cret"), "app.example.com");

        assertThat(decision.verdict()).isEqualTo(verdict);
        assertThat(decision.reason())
                .startsWith("http://127.0.0.1:" + endpoint.getPort() + "/ask answered " + status)
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=300, 300",
        "'public, max-age=7', 7",
        "no-store, 0",
        "'max-age=60, no-cache', 0",
        "max-age=99999999999999, 2147483647",
        "max-age=\"5\", 5"
    })
    void cacheControlSaysHowLongAnAnswerHolds(String field, int seconds) {
        endpoint.enqueue(new MockResponse.Builder()
                .code(404)
                .addHeader("Cache-Control", field)
                .build());

        assertThat(ask(permission("/ask"), "app.example.com").validFor()).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"200, max-age=-1", "200, max-age=soon", "200, private", "503, max-age=300"})
    void nonsenseAndFaultsBringNoTime(int status, String field) {
        endpoint.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Cache-Control", field)
                .build());

        assertThat(ask(permission("/ask"), "app.example.com").validFor()).isEmpty();
    }

    @Test
    void aRedirectShowsItsLocationWithoutTheQuery() {
        endpoint.enqueue(new MockResponse.Builder()
                .code(301)
                .addHeader("Location", "https://localhost/ask?secret=s3cret&domain=app.example.com")
                .build());

        assertThat(ask(permission("/ask?secret=s3cret"), "app.example.com").reason())
                .endsWith("answered 301, a redirect to https://localhost/ask, which is not followed;"
                        + " the usual cause is a framework's force-HTTPS: exempt this path from it");
    }

    @Test
    void theClientAddressIsSentOnlyOnRequest() throws Exception {
        endpoint.enqueue(new MockResponse.Builder().build());
        endpoint.enqueue(new MockResponse.Builder().build());
        PermissionRequest request =
                PermissionRequest.of(ServerName.of("app.example.com"), InetAddress.getByName("2001:db8::7"));

        join(permission("/ask"), request);
        join(keep(permission("/ask").sendingClientAddressAs("ip")), request);

        assertThat(taken().getTarget()).isEqualTo("/ask?domain=app.example.com&host=app.example.com");
        assertThat(taken().getTarget())
                .isEqualTo("/ask?domain=app.example.com&host=app.example.com&ip=2001%3Adb8%3A0%3A0%3A0%3A0%3A0%3A7");
    }

    @Test
    void headersAreSent() throws Exception {
        endpoint.enqueue(new MockResponse.Builder().build());

        ask(keep(permission("/ask").header("Authorization", "Bearer abc")), "app.example.com");

        assertThat(taken().getHeaders().get("Authorization")).isEqualTo("Bearer abc");
    }

    @Test
    void aBodyWithoutEndIsNotReadBeyondABound() {
        endpoint.enqueue(
                new MockResponse.Builder().body("x".repeat(64 * 1024 * 1024)).build());
        endpoint.enqueue(new MockResponse.Builder().build());
        HttpPermission permission = keep(permission("/ask").maximumConnections(1));

        assertThat(ask(permission, "a.example.com").isAllowed()).isTrue();
        assertThat(ask(permission, "b.example.com").isAllowed()).isTrue();
        assertThat(endpoint.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aBodyThatDripsHoldsNeitherTheAnswerNorTheConnectionForLong() {
        endpoint.enqueue(new MockResponse.Builder()
                .body("x".repeat(10_000))
                .throttleBody(1, 1, TimeUnit.SECONDS)
                .build());
        endpoint.enqueue(new MockResponse.Builder().build());
        HttpPermission permission =
                keep(permission("/ask").maximumConnections(1).timeout(Duration.ofMillis(500)));

        assertThat(ask(permission, "a.example.com").isAllowed()).isTrue();
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(ask(permission, "b.example.com").isAllowed()).isTrue());
    }

    @Test
    void noMoreThanTheMaximumIsAskedAtTheSameTime() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CompletableFuture<Void> release = new CompletableFuture<>();
        endpoint.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                release.orTimeout(10, TimeUnit.SECONDS).join();
                now.decrementAndGet();
                return new MockResponse.Builder().build();
            }
        });
        HttpPermission permission =
                keep(permission("/ask").maximumConnections(3).timeout(Duration.ofSeconds(20)));

        List<CompletableFuture<PermissionDecision>> answers = IntStream.range(0, 20)
                .mapToObj(i -> permission
                        .decide(PermissionRequest.of(ServerName.of("n" + i + ".example.com")))
                        .toCompletableFuture())
                .toList();
        await().until(() -> now.get() == 3);
        release.complete(null);

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().isAllowed()).isTrue());
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void whatIsOnItsWayIsUnknownWhenThePermissionIsClosed() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        endpoint.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                release.orTimeout(10, TimeUnit.SECONDS).join();
                return new MockResponse.Builder().build();
            }
        });
        HttpPermission permission = keep(permission("/ask").timeout(Duration.ofSeconds(20)));
        CompletableFuture<PermissionDecision> answer = permission
                .decide(PermissionRequest.of(ServerName.of("app.example.com")))
                .toCompletableFuture();
        taken();

        permission.close();

        assertThat(answer.get(5, TimeUnit.SECONDS).verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(ask(permission, "b.example.com").reason()).endsWith("was not asked: the permission is closed");
        release.complete(null);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        HttpPermission permission = permission("/ask");

        assertThatThrownBy(() -> permission.timeout(Duration.ofSeconds(31))).hasMessageContaining("at most 30 seconds");
        assertThatThrownBy(() -> permission.maximumConnections(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> permission.sendingClientAddressAs("domain")).hasMessageContaining("other than domain");
        assertThatThrownBy(() -> permission.header("Host", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpPermission.at(URI.create("http://user:pw@localhost/ask")))
                .hasMessageContaining("user and password")
                .hasMessageNotContaining("pw@");
    }

    private HttpPermission permission(String target) {
        return keep(HttpPermission.at(URI.create("http://127.0.0.1:" + endpoint.getPort() + target)));
    }

    private HttpPermission keep(HttpPermission permission) {
        opened.add(permission);
        return permission;
    }

    private RecordedRequest taken() throws InterruptedException {
        RecordedRequest request = endpoint.takeRequest(10, TimeUnit.SECONDS);
        return Objects.requireNonNull(request, "the endpoint was not asked");
    }

    private static PermissionDecision ask(IssuancePermission permission, String name) {
        return join(permission, PermissionRequest.of(ServerName.of(name)));
    }

    private static PermissionDecision join(IssuancePermission permission, PermissionRequest request) {
        return permission
                .decide(request)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
