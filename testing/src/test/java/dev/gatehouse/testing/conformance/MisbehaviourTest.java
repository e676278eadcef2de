package dev.gatehouse.testing.conformance;

import static dev.gatehouse.testing.AcmeResource.NEW_ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.OrderStatus;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** The faults of requests, as they look on the wire. */
class MisbehaviourTest extends AgainstServer {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.clock(InstantSource.fixed(NOW));
    }

    @Test
    void rejectsAsManyNoncesAsTheTestWants() {
        server.inject(AcmeFault.badNonce().on(NEW_ORDER).times(3));

        for (int i = 0; i < 3; i++) {
            Reply refused = client.newOrder("app.example.com").requireProblem(400, "badNonce");
            assertThat(refused.header("Replay-Nonce")).isNotEmpty();
        }
        client.newOrder("app.example.com").requireStatus(201);
    }

    @Test
    void limitsRatesWithoutSayingForHowLong() {
        server.inject(AcmeFault.rateLimited().on(NEW_ORDER));

        Reply refused = client.newOrder("app.example.com").requireProblem(429, "rateLimited");

        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void limitsRatesForSomeSeconds() {
        server.inject(AcmeFault.rateLimited(Duration.ofMinutes(2)).on(NEW_ORDER));

        assertThat(client.newOrder("app.example.com")
                        .requireProblem(429, "rateLimited")
                        .header("Retry-After"))
                .isEqualTo("120");
    }

    @Test
    void limitsRatesUntilADateAlsoInThePast() {
        Instant past = Instant.parse("2001-02-03T04:05:06Z");
        server.inject(AcmeFault.rateLimitedUntil(past).on(AcmeResource.ACCOUNT));

        String date = client.postAsGet(client.account())
                .requireProblem(429, "rateLimited")
                .header("Retry-After");

        assertThat(date).isEqualTo("Sat, 03 Feb 2001 04:05:06 GMT");
        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isEqualTo(past);
    }

    @Test
    void failsAtEveryStepThatTheTestChooses() {
        for (AcmeResource step : AcmeResource.values()) {
            server.inject(AcmeFault.serverError().on(step));
        }
        server.clearFaults();
        Reply order = web.issue(client, "app.example.com");
        Map<AcmeResource, String> urls = Map.of(
                AcmeResource.ORDER,
                order.header("Location"),
                AcmeResource.FINALIZE,
                order.text("finalize"),
                AcmeResource.AUTHORIZATION,
                order.strings("authorizations").get(0),
                AcmeResource.CERTIFICATE,
                order.text("certificate"),
                AcmeResource.KEY_CHANGE,
                client.url("keyChange"),
                AcmeResource.NEW_ACCOUNT,
                client.url("newAccount"),
                AcmeResource.REVOKE_CERTIFICATE,
                client.url("revokeCert"),
                NEW_ORDER,
                client.url("newOrder"));
        urls.forEach((step, url) -> {
            server.inject(AcmeFault.serverError().on(step));
            client.postAsGet(url).requireProblem(500, "serverInternal");
            assertThat(server.pendingFaults()).isZero();
        });
    }

    @Test
    void answersLikeALoadBalancerWithNothingBehindIt() {
        server.inject(AcmeFault.unavailable(Duration.ofSeconds(9)).on(AcmeResource.DIRECTORY));

        Reply page = client.directory().requireStatus(503);

        assertThat(page.header("Content-Type")).isEqualTo("text/html");
        assertThat(page.header("Retry-After")).isEqualTo("9");
        assertThat(page.body()).startsWith("<html>");
    }

    @Test
    void closesTheConnectionInTheMiddleOfTheAnswer() {
        String url = client.url("newOrder");
        Jws jws = client.withAccount(url).payload(Map.of("identifiers", WireClient.identifiers("app.example.com")));
        server.inject(AcmeFault.cutResponse().on(NEW_ORDER));

        assertThatThrownBy(() -> client.send(url, jws))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("fixed content-length");
        assertThat(server.requireOneOrder("app.example.com").status()).isEqualTo(OrderStatus.PENDING);
    }

    @Test
    void closesTheConnectionInsteadOfAnAnswer() {
        String url = client.url("newOrder");
        Jws jws = client.withAccount(url).payload(Map.of("identifiers", WireClient.identifiers("app.example.com")));
        server.inject(AcmeFault.disconnect().on(NEW_ORDER));

        assertThatThrownBy(() -> client.send(url, jws)).isInstanceOf(UncheckedIOException.class);
        assertThat(server.orders()).isEmpty();
        assertThat(server.exchanges(NEW_ORDER))
                .singleElement()
                .satisfies(made -> assertThat(made.status()).isZero());

        server.inject(AcmeFault.loseResponse().on(NEW_ORDER));
        assertThatThrownBy(() -> client.newOrder("app.example.com")).isInstanceOf(UncheckedIOException.class);
        assertThat(server.orders()).hasSize(1);
    }

    @Test
    void sendsJsonThatBreaksOff() {
        server.inject(AcmeFault.malformedJson().on(NEW_ORDER));

        Reply reply = client.newOrder("app.example.com").requireStatus(201);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThatThrownBy(() -> JsonUtil.parseJson(reply.body())).isInstanceOf(JoseException.class);
        assertThat(server.orders()).hasSize(1);
    }

    @Test
    void forgetsTheAccountForOneRequestOrForGood() {
        server.inject(AcmeFault.accountDoesNotExist().on(NEW_ORDER));
        client.newOrder("app.example.com").requireProblem(400, "accountDoesNotExist");
        client.newOrder("app.example.com").requireStatus(201);

        server.forgetAccounts();

        client.newOrder("app.example.com").requireProblem(400, "accountDoesNotExist");
        String before = client.account();
        client.register(Map.of("onlyReturnExisting", true)).requireProblem(400, "accountDoesNotExist");
        client.register(Map.of("termsOfServiceAgreed", true)).requireStatus(201);
        assertThat(client.account()).isNotEqualTo(before);
        client.newOrder("app.example.com").requireStatus(201);
    }

    @Test
    void asksForAgreementToNewTerms() {
        server.inject(AcmeFault.termsChanged().on(NEW_ORDER));

        Reply refused = client.newOrder("app.example.com").requireProblem(403, "userActionRequired");

        assertThat(refused.links("terms-of-service")).hasSize(1);
        assertThat(refused.text("instance")).startsWith("http");
        client.newOrder("app.example.com").requireStatus(201);
    }

    @Test
    void twoFaultsMeetOneRequest() throws Exception {
        CompletableFuture<Void> released = new CompletableFuture<>();
        server.inject(AcmeFault.heldUntil(released)
                .and(AcmeFault.header("Retry-After", "soon"))
                .and(AcmeFault.problem(503, "serverInternal", "Maintenance"))
                .on(NEW_ORDER));

        CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> client.newOrder("app.example.com"));
        await().until(() -> server.pendingFaults() == 0);
        assertThat(reply).isNotDone();
        released.complete(null);

        Reply refused = reply.get(20, TimeUnit.SECONDS).requireProblem(503, "serverInternal");
        assertThat(refused.header("Retry-After")).isEqualTo("soon");
    }

    @Test
    void anyStepIsSlowedDown() {
        server.inject(AcmeFault.delayedBy(Duration.ofMillis(120))
                .and(AcmeFault.delayedBy(Duration.ofMillis(120)))
                .on(AcmeResource.ACCOUNT));
        long before = System.nanoTime();

        client.postAsGet(client.account()).requireStatus(200);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(240));
    }

    @Test
    void moreRequestsAreHeldThanThereAreThreads() throws Exception {
        CompletableFuture<Void> released = new CompletableFuture<>();
        server.inject(
                AcmeFault.heldUntil(released).on(AcmeResource.RENEWAL_INFO).times(40));
        List<CompletableFuture<Reply>> held = new ArrayList<>();
        String url = client.url("renewalInfo") + "/none";
        ExecutorService clients = Executors.newFixedThreadPool(40);
        try {
            for (int i = 0; i < 40; i++) {
                held.add(CompletableFuture.supplyAsync(() -> client.get(url), clients));
            }
            await().until(() -> server.pendingFaults() == 0);

            client.directory().requireStatus(200);
            released.complete(null);

            for (CompletableFuture<Reply> reply : held) {
                reply.get(20, TimeUnit.SECONDS).requireStatus(404);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void everyFaultIsEitherOfRequestsOrOfOrders() {
        assertThatThrownBy(() -> AcmeFault.wrongChain().on(NEW_ORDER))
                .hasMessage("on: this fault meets orders, not requests. Choose them with forName().");
        assertThatThrownBy(() -> AcmeFault.badNonce().forName("app.example.com"))
                .hasMessage("forName: this fault meets requests, not orders. Choose them with on().");
        assertThatThrownBy(() -> AcmeFault.badNonce().and(AcmeFault.wrongKey()))
                .hasMessage("and: this fault meets orders, not requests. Choose them with forName().");
        assertThatThrownBy(() -> AcmeFault.processingFor(0)).hasMessage("polls: 0 (expected: >= 1)");
        assertThatThrownBy(() -> AcmeFault.invalidOrder("nonsense", "x"))
                .hasMessageStartingWith("type: nonsense (expected: one of");
    }
}
