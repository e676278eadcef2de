package dev.gatehouse.acme.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.PreflightChecks;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Check;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Severity;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreflightTest {

    private static final Set<String> HTTP_01 = Set.of("http-01");

    private final ExecutorService worker = Executors.newFixedThreadPool(2);
    private final Map<String, String> published = new ConcurrentHashMap<>();
    private final PreflightChecks here = PreflightChecks.standard().serverAddresses("192.0.2.10", "2001:db8::10");
    private Duration longest = Duration.ofSeconds(20);

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    @Test
    void aNameThatPointsHereIsFine() {
        assertThat(check(here, pointsTo("198.51.100.1", "192.0.2.10"), HTTP_01).findings())
                .isEmpty();
    }

    @Test
    void aNameThatPointsElsewhereIsRefusedWithBothAddresses() {
        PreflightReport report = check(here, pointsTo("198.51.100.1"), HTTP_01);

        assertThat(report.isBlocking()).isTrue();
        assertThat(report.text())
                .isEqualTo("app.example.com points to 198.51.100.1, not to this server (192.0.2.10,"
                        + " 2001:db8:0:0:0:0:0:10). Change its A and AAAA records, or add the address to"
                        + " PreflightChecks.serverAddresses.");
    }

    @Test
    void aNameThatIsProxiedIsToldHowToGetRidOfIt() {
        PreflightReport report = check(here, pointsTo("104.21.5.6", "172.67.1.2"), HTTP_01);

        assertThat(report.isBlocking()).isTrue();
        assertThat(report.text())
                .isEqualTo("app.example.com: the name is proxied by Cloudflare; HTTP-01 and TLS-ALPN-01 will not reach"
                        + " this server: set it to DNS only, or use DNS-01.");
        assertThat(check(here, pointsTo("2606:4700:3030::1"), HTTP_01).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.check()).isEqualTo(Check.PROXIED));
    }

    @Test
    void dns01NeedsNoAddress() {
        assertThat(check(here, pointsTo("104.21.5.6"), Set.of("dns-01")).findings())
                .isEmpty();
    }

    @Test
    void withoutAServerAddressNothingIsLookedUpBeforeAnOrderAndAWarningExplainsAFailure() {
        AddressResolver proxied = pointsTo("104.21.5.6");

        assertThat(check(PreflightChecks.standard(), proxied, HTTP_01).findings())
                .isEmpty();
        PreflightReport explained = explain(PreflightChecks.standard(), proxied, HTTP_01);
        assertThat(explained.isBlocking()).isFalse();
        assertThat(explained.text()).contains("proxied by Cloudflare");
    }

    @Test
    void aNameWithoutAddressIsToldWhereToPoint() {
        AddressResolver none = name -> {
            throw new UnknownHostException(name.value());
        };

        assertThat(check(here, none, HTTP_01).text())
                .isEqualTo("app.example.com has no address (no A or AAAA record). Add one that points to 192.0.2.10,"
                        + " 2001:db8:0:0:0:0:0:10.");
        assertThat(explain(PreflightChecks.standard(), none, HTTP_01).findings())
                .extracting(PreflightFinding::severity)
                .containsExactly(Severity.WARNING);
    }

    @Test
    void aResolverThatFailsOrHangsStopsNoOrder() {
        AddressResolver failing = name -> {
            throw new IOException("the resolver does not answer");
        };
        assertThat(check(here, failing, HTTP_01).findings()).isEmpty();
        assertThat(explain(here, failing, HTTP_01).text())
                .isEqualTo("app.example.com: whether it has an address could not be found out (the resolver does not"
                        + " answer).");

        CountDownLatch forever = new CountDownLatch(1);
        longest = Duration.ofMillis(100);
        AddressResolver hanging = name -> {
            try {
                forever.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };
        assertThat(check(here, hanging, HTTP_01).findings()).isEmpty();
        forever.countDown();
    }

    @Test
    void theChallengePathIsFetchedFromTheServerItself() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(Http01Challenges.PATH, exchange -> {
            String token = exchange.getRequestURI().getPath().substring(Http01Challenges.PATH.length());
            byte[] answer = published.getOrDefault(token, "").getBytes(StandardCharsets.US_ASCII);
            boolean right =
                    "app.example.com".equals(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(right && answer.length > 0 ? 200 : 404, answer.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        server.start();
        try {
            PreflightChecks checks = PreflightChecks.standard().http01Address(server.getAddress());

            assertThat(check(checks, pointsTo("192.0.2.10"), HTTP_01).findings())
                    .isEmpty();
            assertThat(published).isEmpty();
            assertThat(check(checks, pointsTo("192.0.2.10"), Set.of("dns-01")).findings())
                    .isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerThatRedirectsItsChallengePathIsToldSo() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(301, -1);
            exchange.close();
        });
        server.start();
        try {
            PreflightReport report = check(
                    PreflightChecks.standard().http01Address(server.getAddress()), pointsTo("192.0.2.10"), HTTP_01);

            assertThat(report.isBlocking()).isTrue();
            assertThat(report.text())
                    .contains("answers 'HTTP/1.1 301")
                    .contains("Mount the challenge handler there, before redirects to HTTPS");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aPortWhereNobodyListensIsToldSo() throws IOException {
        InetSocketAddress closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) socket.getLocalSocketAddress();
        }

        assertThat(check(PreflightChecks.standard().http01Address(closed), pointsTo("192.0.2.10"), HTTP_01)
                        .text())
                .contains("does not answer it (java.net.ConnectException");
        assertThat(published).isEmpty();
        PreflightReport amongOthers = check(
                PreflightChecks.standard().http01Address(closed),
                pointsTo("192.0.2.10"),
                Set.of("http-01", "tls-alpn-01"));
        assertThat(amongOthers.isBlocking()).isFalse();
        assertThat(amongOthers.text()).contains("does not answer it");
    }

    private PreflightReport check(PreflightChecks checks, AddressResolver resolver, Set<String> challenges) {
        return preflight(checks, resolver)
                .check(question(challenges))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private PreflightReport explain(PreflightChecks checks, AddressResolver resolver, Set<String> challenges) {
        return preflight(checks, resolver)
                .explain(question(challenges))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private Preflight preflight(PreflightChecks checks, AddressResolver resolver) {
        return new Preflight(
                checks,
                worker,
                (token, answer) -> {
                    published.put(token, answer);
                    return () -> published.remove(token);
                },
                new Random(7),
                resolver,
                Optional.empty(),
                longest);
    }

    private static PreflightQuestion question(Set<String> challenges) {
        return new PreflightQuestion(
                ServerName.of("app.example.com"), Set.of("letsencrypt.org"), Optional.empty(), challenges);
    }

    private static AddressResolver pointsTo(String... addresses) {
        return name -> {
            java.util.ArrayList<InetAddress> parsed = new java.util.ArrayList<>();
            for (String address : addresses) {
                parsed.add(InetAddress.getByName(address));
            }
            return parsed;
        };
    }
}
