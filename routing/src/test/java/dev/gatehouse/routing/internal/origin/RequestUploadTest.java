package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.TestOrigin;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an origin gets. */
class RequestUploadTest extends PlaneFixture {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final BlockingQueue<TestOrigin.Request> received = new LinkedBlockingQueue<>();

    private final TestOrigin origin = origin(connection -> {
        while (connection.hasMore()) {
            received.add(connection.readRequest());
            connection.send(OK);
        }
    });

    private TestOrigin.Request request(FakeExchange exchange) throws InterruptedException {
        assertThat(carry(origin, exchange).await().status()).isEqualTo(200);
        return java.util.Objects.requireNonNull(received.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void theRequestLineAndTheHostAreTheClients() throws Exception {
        TestOrigin.Request request = request(FakeExchange.get("/a%2Fb?c=d%20e").authority("APP.example.com:8443"));

        assertThat(request.line()).isEqualTo("GET /a%2Fb?c=d%20e HTTP/1.1");
        assertThat(request.field("Host")).isEqualTo("APP.example.com:8443");
    }

    @Test
    void fieldsThatBelongToTheClientsConnectionAreNotPassedOn() throws Exception {
        TestOrigin.Request request = request(FakeExchange.get("/")
                .field("Connection", "keep-alive, X-Secret")
                .field("connection", "Cookie")
                .field("X-Secret", "1")
                .field("Keep-Alive", "timeout=5")
                .field("Proxy-Connection", "keep-alive")
                .field("Proxy-Authorization", "Basic eA==")
                .field("TE", "gzip, trailers;q=0.5, trailers")
                .field("Trailer", "X-Sum")
                .field("Upgrade", "websocket")
                .field("Cookie", "a=b")
                .field("Accept", "text/html")
                .field("Authorization", "Bearer x"));

        assertThat(request.head().toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("x-secret", "keep-alive", "proxy-", "trailer:", "upgrade", "cookie", "gzip");
        assertThat(request.field("TE")).isEqualTo("trailers");
        assertThat(request.field("Connection")).isEqualTo("TE");
        assertThat(request.field("Accept")).isEqualTo("text/html");
        assertThat(request.field("Authorization")).isEqualTo("Bearer x");
    }

    @Test
    void whatAClientClaimsAboutProxiesIsReplacedByWhatIsKnown() throws Exception {
        TestOrigin.Request request = request(FakeExchange.get("/")
                .field("X-Forwarded-For", "10.0.0.1")
                .field("X-Forwarded-Proto", "http")
                .field("X-Forwarded-Host", "evil.test")
                .field("X-Forwarded-Prefix", "/evil")
                .field("X_Forwarded_For", "10.0.0.2")
                .field("X-Real-IP", "10.0.0.3")
                .field("Forwarded", "for=10.0.0.4"));

        assertThat(request.field("X-Forwarded-For")).isEqualTo("203.0.113.7");
        assertThat(request.field("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(request.field("X-Forwarded-Host")).isEqualTo("app.example.com");
        assertThat(request.head()).doesNotContain("evil", "10.0.0.");
        assertThat(request.field("Forwarded")).isEmpty();
    }

    @Test
    void aStrippedPrefixIsToldToTheOrigin() throws Exception {
        Service service = service(
                origin.address(), settings -> settings.pathPrefix("/api").stripPathPrefix(true));

        carry(service, "/api", FakeExchange.get("/x")).await();

        assertThat(received.take().field("X-Forwarded-Prefix")).isEqualTo("/api");
    }

    @Test
    void cookiesOfSeveralLinesBecomeOne() throws Exception {
        TestOrigin.Request request = request(FakeExchange.get("/")
                .protocol("HTTP/2.0")
                .field("cookie", "a=b")
                .field("cookie", "c=d")
                .end());

        assertThat(request.field("Cookie")).isEqualTo("a=b; c=d");
    }

    @Test
    void contentOfKnownLengthIsSentWithItsLength() throws Exception {
        TestOrigin.Request request = request(FakeExchange.of("POST", "/").body("hello"));

        assertThat(request.field("Content-Length")).isEqualTo("5");
        assertThat(request.field("Transfer-Encoding")).isEmpty();
        assertThat(request.text()).isEqualTo("hello");
    }

    @Test
    void contentOfUnknownLengthIsSentInChunksWithItsTrailers() throws Exception {
        TestOrigin.Request request = request(FakeExchange.of("POST", "/")
                .chunked()
                .send("hello, ")
                .send("world")
                .end(HttpFields.of("X-Sum", "1", "Content-Length", "7", "X-Forwarded-For", "10.0.0.1")));

        assertThat(request.field("Content-Length")).isEmpty();
        assertThat(request.field("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(request.text()).isEqualTo("hello, world");
        assertThat(request.trailers()).isEqualTo("X-Sum: 1\r\n");
    }

    @Test
    void anHttp2RequestWithoutLengthIsFramedByWhatItsFirstReadSays() throws Exception {
        TestOrigin.Request empty = request(FakeExchange.get("/").protocol("HTTP/2.0"));
        assertThat(empty.field("Transfer-Encoding") + empty.field("Content-Length"))
                .isEmpty();

        TestOrigin.Request emptyPost = request(FakeExchange.of("POST", "/").protocol("HTTP/2.0"));
        assertThat(emptyPost.field("Content-Length")).isEqualTo("0");

        TestOrigin.Request withContent = request(FakeExchange.of("POST", "/")
                .protocol("HTTP/2.0")
                .openEnded()
                .send("hello")
                .end());
        assertThat(withContent.field("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(withContent.text()).isEqualTo("hello");

        FakeExchange late = FakeExchange.of("POST", "/").protocol("HTTP/2.0").openEnded();
        carry(origin, late);
        await().until(late::isWaitingForContent);
        late.send("later").end().await();
        assertThat(received.take().text()).isEqualTo("later");
    }

    @Test
    void trailersWithoutContentMakeOneRequestHoweverLargeTheyAre() throws Exception {
        for (int length : new int[] {1, 31_000, 50_000}) {
            HttpFields trailers = HttpFields.of("X-Sum", "s".repeat(length));
            TestOrigin.Request request =
                    request(FakeExchange.of("POST", "/").protocol("HTTP/2.0").end(trailers));

            assertThat(request.content()).isEmpty();
            assertThat(request.trailers()).isEqualTo("X-Sum: " + "s".repeat(length) + "\r\n");
            assertThat(request(FakeExchange.get("/next")).line()).isEqualTo("GET /next HTTP/1.1");
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void contentArrivesWholeHoweverSlowlyTheClientSendsIt() throws Exception {
        FakeExchange exchange = FakeExchange.of("PUT", "/").contentLength(6);
        carry(origin, exchange);
        for (String part : new String[] {"a", "bc", "def"}) {
            await().until(exchange::isWaitingForContent);
            exchange.send(part);
        }
        exchange.end().await();

        assertThat(received.take().text()).isEqualTo("abcdef");
    }

    @Test
    void largeContentAndLargeHeadsArriveWhole() throws Exception {
        byte[] megabytes = new byte[3_000_000];
        new java.util.Random(7).nextBytes(megabytes);
        String longValue = "v".repeat(50_000);

        TestOrigin.Request byLength = request(FakeExchange.of("POST", "/")
                .field("X-Long", longValue)
                .contentLength(megabytes.length)
                .send(megabytes)
                .end());
        TestOrigin.Request inChunks = request(FakeExchange.of("POST", "/")
                .field("X-Long", longValue)
                .chunked()
                .send(megabytes)
                .end(HttpFields.of("X-Long", longValue)));

        assertThat(Arrays.equals(byLength.content(), megabytes)).isTrue();
        assertThat(Arrays.equals(inChunks.content(), megabytes)).isTrue();
        assertThat(byLength.field("X-Long")).isEqualTo(longValue);
        assertThat(inChunks.trailers()).isEqualTo("X-Long: " + longValue + "\r\n");
    }

    @Test
    void onlyWhatTheOriginTakesIsReadFromTheClient() {
        TestOrigin lazy = origin(connection -> {
            connection.readHead();
            Thread.currentThread().join();
        });
        FakeExchange exchange = FakeExchange.of("POST", "/").sendZeros(1L << 40);

        carry(lazy, exchange);

        int[] before = {-1};
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            int reads = exchange.reads();
            boolean stands = reads > 0 && reads == before[0];
            before[0] = reads;
            return stands;
        });
        assertThat(exchange.reads() * 32L * 1024).isLessThan(32L << 20);
    }

    @Test
    void contentThatTheClientBreaksGets400() {
        FakeExchange exchange = FakeExchange.of("POST", "/").chunked().send("hello");
        carry(origin, exchange);
        await().until(exchange::isWaitingForContent);
        exchange.breakContent("bad chunk size").await();

        assertThat(exchange.status()).isEqualTo(400);
        assertThat(logs.lines())
                .contains("WARN api: the request content is malformed (bad chunk size); answered 400."
                        + " The client must correct it");
    }

    @Test
    void contentThatEndsBeforeItsLengthIsNotPassedOffAsComplete() {
        FakeExchange exchange =
                FakeExchange.of("POST", "/").contentLength(10).send("hello").end();

        assertThat(carry(origin, exchange).await().status()).isEqualTo(400);
        assertThat(received).isEmpty();
    }

    @Test
    void contentIsNotAskedForBeforeTheOriginWantsIt() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        TestOrigin careful = origin(connection -> {
            heads.add(connection.readHead());
            connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            connection.in().readNBytes(5);
            connection.send(OK);
        });
        FakeExchange exchange =
                FakeExchange.of("POST", "/").field("Expect", "100-continue").body("hello");

        carry(careful, exchange).await();

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.informational()).isEmpty();
        assertThat(heads.take()).contains("Expect: 100-continue\r\n");
    }

    @Test
    void contentThatTheOriginDoesNotWantIsNeverRead() {
        TestOrigin refusing = origin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            connection.hasMore();
        });
        FakeExchange exchange =
                FakeExchange.of("POST", "/").field("Expect", "100-continue").body("hello");

        assertThat(carry(refusing, exchange).await().status()).isEqualTo(401);
        assertThat(exchange.reads()).isZero();
    }

    @Test
    void anOriginThatNeverSays100GetsTheContentAfterASecond() throws Exception {
        FakeExchange exchange =
                FakeExchange.of("POST", "/").field("Expect", "100-continue").body("hello");
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        TestOrigin old = origin(connection -> {
            heads.add(connection.readHead());
            connection.in().readNBytes(5);
            connection.send(OK);
        });

        carry(old, exchange);
        heads.take();
        assertThat(exchange.reads()).isZero();
        advance(Duration.ofMillis(1250));

        assertThat(exchange.await().status()).isEqualTo(200);
    }
}
