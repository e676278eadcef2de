package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Throws request heads at the router as a careless host might hand them over. Each is answered at once, and the ones that
 * get through have one host, one framing and nothing else in doubt. {@code -Dgatehouse.fuzz.cases=1000000} throws more of
 * them than the ordinary run, {@code -Dgatehouse.fuzz.seed=N} repeats a run.
 */
@Timeout(900)
class RequestFuzzTest {

    private static final int CASES = Integer.getInteger("gatehouse.fuzz.cases", 30_000);
    private static final Set<Integer> STATUSES = Set.of(200, 400, 414, 431, 501, 505);

    private static final List<String> METHODS =
            List.of("GET", "POST", "HEAD", "OPTIONS", "CONNECT", "get", "G T", "", "G\r\nT");
    private static final List<String> PROTOCOLS =
            List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "", "http/1.1");
    private static final List<String> TARGETS = List.of(
            "/",
            "/a/../b",
            "*",
            "/%2e%2e/",
            "//",
            "/a?b",
            "http://x/",
            "",
            "/\u0000",
            "/\r\nX: y",
            "/\u00e9",
            "/a b",
            "/;/..");
    private static final List<String> AUTHORITIES = List.of(
            "app.example.com",
            "app.example.com",
            "app.example.com:80",
            "[::1]",
            "a,b",
            "",
            "a b",
            "\u0000",
            "a:b",
            "user@a");
    private static final List<String> NAMES = List.of(
            "Host",
            "Content-Length",
            "content-length",
            "Transfer-Encoding",
            "TRANSFER-ENCODING",
            "Connection",
            "Upgrade",
            "Keep-Alive",
            "Proxy-Connection",
            "TE",
            "Content_Length",
            "Transfer_Encoding",
            "X",
            "Cookie",
            "Expect",
            "Trailer");
    private static final List<String> VALUES = List.of(
            "",
            "5",
            "0",
            "05",
            "+5",
            "5,5",
            "-1",
            "99999999999999999999",
            "chunked",
            "Chunked",
            "identity",
            "chunked, chunked",
            "gzip, chunked",
            "app.example.com",
            "close",
            "upgrade",
            "trailers",
            "100-continue",
            "\u00e9",
            "a\tb");

    private final long seed = Long.getLong("gatehouse.fuzz.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final AtomicInteger passed = new AtomicInteger();

    private final Logger log = (Logger) LoggerFactory.getLogger(Router.class);

    @BeforeEach
    void keepQuiet() {
        log.setLevel(Level.WARN);
    }

    @AfterEach
    void speakAgain() {
        log.setLevel(null);
    }

    @Test
    void everyHeadIsRefusedOrMeansOneThing() {
        try (Router router = Router.builder()
                .service(Service.named("app").handler(this::check).build())
                .maxRequestFields(10)
                .maxRequestTargetBytes(500)
                .maxRequestHeadBytes(2000)
                .build()) {
            for (int i = 0; i < CASES; i++) {
                FakeExchange exchange = request();
                try {
                    router.handle(exchange);
                } catch (RuntimeException | Error mistake) {
                    throw new AssertionError("seed " + seed + ", case " + i + ": " + exchange, mistake);
                }
                if (!exchange.isOver() || !STATUSES.contains(exchange.status())) {
                    fail("seed %d, case %d: %s %s", seed, i, exchange, exchange.requestFields());
                }
            }
        }
        assertThat(passed.get()).as("some get through").isBetween(CASES / 100, CASES / 2);
    }

    private FakeExchange request() {
        FakeExchange exchange = FakeExchange.of(any(METHODS), any(TARGETS) + rarely("x".repeat(499)))
                .protocol(any(PROTOCOLS))
                .authority(random.nextInt(20) == 0 ? null : any(AUTHORITIES));
        for (int count = random.nextInt(4); count > 0; count--) {
            exchange.field(any(NAMES), any(VALUES));
        }
        if (random.nextInt(50) == 0) {
            exchange.field("X-Long", "y".repeat(1980));
        }
        for (int count = random.nextInt(50) == 0 ? 10 : 0; count > 0; count--) {
            exchange.field("X", "y");
        }
        return exchange;
    }

    private String rarely(String text) {
        return random.nextInt(50) == 0 ? text : "";
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** What an origin could be given, said anew and in other words than the rules. */
    private void check(HttpExchange exchange) throws Exception {
        HttpFields fields = exchange.requestFields();
        List<String> lengths = fields.all("Content-Length");
        List<String> codings = fields.all("Transfer-Encoding");
        boolean isHttp1 = exchange.protocol().matches("HTTP/1\\.[01]");
        require(exchange, lengths.size() + codings.size() <= 1);
        require(exchange, lengths.stream().allMatch(length -> length.matches("[0-9]{1,18}")));
        require(exchange, codings.isEmpty() || exchange.protocol().equals("HTTP/1.1"));
        require(exchange, codings.stream().allMatch(coding -> coding.matches("(?i)chunked")));
        require(exchange, !fields.contains("Content_Length") && !fields.contains("Transfer_Encoding"));
        require(exchange, isHttp1 || exchange.protocol().matches("HTTP/[23]\\.0"));
        require(exchange, isHttp1 || !fields.contains("Connection") && !fields.contains("Upgrade"));
        require(exchange, isHttp1 || !fields.contains("Keep-Alive") && !fields.contains("Proxy-Connection"));
        require(exchange, fields.all("Host").stream().allMatch(host -> host.equalsIgnoreCase(exchange.authority())));
        require(exchange, fields.all("Host").size() <= 1 && fields.size() <= 10);
        require(
                exchange,
                exchange.method().matches("[A-Za-z]+")
                        && exchange.requestTarget().matches("/[!-~]*"));
        require(exchange, exchange.requestTarget().length() <= 500 && isHost(exchange.authority()));
        passed.incrementAndGet();
        exchange.startResponse(200, HttpFields.of("Content-Length", "0"));
        exchange.write(ByteBuffer.allocate(0), true, () -> {});
    }

    private static boolean isHost(@Nullable String authority) {
        return authority != null && authority.matches("[a-z.]+(:[0-9]+)?|\\[::1]");
    }

    private void require(HttpExchange exchange, boolean condition) {
        if (!condition) {
            throw new AssertionError("seed " + seed + " got through: " + exchange + " " + exchange.protocol() + " "
                    + exchange.authority() + " " + exchange.requestFields());
        }
    }
}
