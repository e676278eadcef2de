package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

@Timeout(60)
class AcmeFaultTest {
    private Http01Responder responder;
    private AcmeTestServer server;
    private Acme4jClient client;

    @BeforeEach
    void start() throws Exception {
        responder = new Http01Responder();
        server = AcmeTestServer.builder().http01Port(responder.port()).start();
        client = Acme4jClient.register(server, responder);
    }

    @AfterEach
    void stop() {
        server.close();
        responder.close();
    }

    @Test
    void badNoncesAreTriedAgainByAGoodClient() throws Exception {
        server.inject(AcmeFault.badNonce().on(AcmeResource.NEW_ORDER).times(3));

        assertThat(client.order("app.example.com").getStatus()).isEqualTo(Status.PENDING);

        assertThat(server.pendingFaults()).isZero();
        assertThat(server.orders()).hasSize(1);
    }

    @Test
    void rateLimitsTellWhenToComeBack() {
        Instant later = Instant.now().plus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS);
        server.inject(AcmeFault.rateLimited(Duration.ofMinutes(5)).on(AcmeResource.NEW_ORDER));
        server.inject(AcmeFault.rateLimitedUntil(later).on(AcmeResource.NEW_ORDER));

        assertThatThrownBy(() -> client.order("app.example.com"))
                .isInstanceOfSatisfying(
                        AcmeRateLimitedException.class,
                        limited -> assertThat(limited.getRetryAfter().orElseThrow())
                                .isBetween(
                                        Instant.now().plusSeconds(290),
                                        Instant.now().plusSeconds(310)));
        assertThatThrownBy(() -> client.order("app.example.com"))
                .isInstanceOfSatisfying(
                        AcmeRateLimitedException.class,
                        limited -> assertThat(limited.getRetryAfter()).hasValue(later));
    }

    @Test
    void anyProblemCanBeToldAndSoCanNonsense() {
        server.inject(AcmeFault.problem(403, "caa", "CAA record for app.example.com prevents issuance")
                .on(AcmeResource.NEW_ORDER));
        server.inject(AcmeFault.unavailable(Duration.ofSeconds(7)).on(AcmeResource.NEW_ORDER));
        server.inject(AcmeFault.serverError().on(AcmeResource.NEW_ORDER));
        server.inject(AcmeFault.answer(201, "application/json", "{\"status\":").on(AcmeResource.NEW_ORDER));

        assertThatThrownBy(() -> client.order("app.example.com"))
                .isInstanceOfSatisfying(
                        AcmeServerException.class,
                        refusal -> assertThat(refusal.getType()).hasToString("urn:ietf:params:acme:error:caa"));
        assertThatThrownBy(() -> client.order("app.example.com")).isInstanceOf(AcmeException.class);
        assertThatThrownBy(() -> client.order("app.example.com")).isInstanceOf(AcmeServerException.class);
        assertThatThrownBy(() -> client.order("app.example.com")).isInstanceOf(RuntimeException.class);
        assertThat(server.orders()).isEmpty();
    }

    @Test
    void aLostRequestHasNoEffectAndALostResponseHas() throws Exception {
        server.inject(AcmeFault.disconnect().on(AcmeResource.NEW_ORDER));
        assertThatThrownBy(() -> client.order("app.example.com")).isInstanceOf(AcmeNetworkException.class);
        assertThat(server.orders()).isEmpty();

        Order order = client.prove(client.order("app.example.com"));
        server.inject(AcmeFault.loseResponse().on(AcmeResource.FINALIZE));
        assertThatThrownBy(() -> order.execute(KeyAlgorithm.EC_P256.generateKeyPair()))
                .isInstanceOf(AcmeNetworkException.class);

        order.fetch();
        assertThat(order.getStatus()).isEqualTo(Status.VALID);
        assertThat(server.issuedCertificates()).hasSize(1);
    }

    @Test
    void holdsAResponseUntilTheTestLetsItGo() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        server.inject(AcmeFault.heldUntil(release).on(AcmeResource.NEW_ORDER));
        CompletableFuture<Order> order = CompletableFuture.supplyAsync(() -> {
            try {
                return client.order("app.example.com");
            } catch (AcmeException e) {
                throw new IllegalStateException(e);
            }
        });
        org.awaitility.Awaitility.await().until(() -> server.pendingFaults() == 0);
        assertThat(order).isNotDone();

        release.complete(null);

        assertThat(order.get(20, TimeUnit.SECONDS).getStatus()).isEqualTo(Status.PENDING);
    }

    @Test
    void delaysAResponse() throws Exception {
        server.inject(AcmeFault.delayedBy(Duration.ofMillis(150)).on(AcmeResource.DIRECTORY));
        RawAcmeClient raw = RawAcmeClient.es256(server);
        long before = System.nanoTime();

        HttpResponse<String> directory = raw.send("GET", "/directory");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        assertThat(directory.statusCode()).isEqualTo(200);
    }

    @Test
    void faultsMeetOnlyTheResourcesTheyAreFor() throws Exception {
        server.inject(AcmeFault.serverError().on(AcmeResource.FINALIZE).always());

        Order order = client.prove(client.order("app.example.com"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> order.execute(KeyAlgorithm.EC_P256.generateKeyPair()))
                    .isInstanceOf(AcmeServerException.class);
        }
        assertThat(server.pendingFaults()).isEqualTo(1);

        server.clearFaults();
        order.execute(KeyAlgorithm.EC_P256.generateKeyPair());
        assertThat(order.getCertificate()).isNotNull();
    }

    @Test
    void withoutAResourceTheNextRequestIsMet() throws Exception {
        RawAcmeClient raw = RawAcmeClient.es256(server);
        server.inject(AcmeFault.serverError());

        assertThat(raw.send("GET", "/directory").statusCode()).isEqualTo(500);
        assertThat(raw.send("GET", "/directory").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesFaultsThatMakeNoSense() {
        assertThatThrownBy(() -> AcmeFault.badNonce().times(0)).hasMessage("occasions: 0 (expected: >= 1)");
        assertThatThrownBy(() -> AcmeFault.problem(200, "caa", "fine"))
                .hasMessage("status: 200 (expected: 400 to 599)");
        assertThatThrownBy(() -> AcmeFault.delayedBy(Duration.ZERO)).hasMessage("delay: PT0S (expected: > 0)");
    }
}
