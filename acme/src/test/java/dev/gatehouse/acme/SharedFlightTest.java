package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.join;
import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.Credential;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many handshakes at once: one way to the certificate for each name, and its outcome for all. */
@Timeout(60)
class SharedFlightTest {

    @TempDir
    private Path folder;

    private ManagerFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void handshakesForOneNewNameShareOneQuestionAndOneOrder() {
        CertificateManager manager = fixture.permitting();
        CompletableFuture<Void> gate = fixture.issuer.hold();

        List<CompletableFuture<Optional<Credential>>> handshakes = handshakes(manager, "app.example.com", 500);
        await().until(() -> fixture.issuer.orders() == 1);
        gate.complete(null);

        Credential issued = join(handshakes.get(0)).orElseThrow();
        assertThat(handshakes)
                .allSatisfy(handshake -> assertThat(join(handshake)).containsSame(issued));
        assertThat(fixture.issuer.orders()).isEqualTo(1);
        assertThat(fixture.questions).hasValue(1);
    }

    @Test
    void handshakesForOneFailingNameShareTheReason() {
        CertificateManager manager = fixture.permitting();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        fixture.issuer.fail(name -> true);

        List<CompletableFuture<Optional<Credential>>> handshakes = handshakes(manager, "app.example.com", 250);
        await().until(() -> fixture.issuer.orders() == 1);
        handshakes.addAll(handshakes(manager, "app.example.com", 250));
        gate.complete(null);

        String reason = refusal(handshakes.get(0));
        assertThat(reason).startsWith("The challenge failed. Mend it. Next try from 2026-06-01T12:");
        assertThat(handshakes)
                .hasSize(500)
                .allSatisfy(handshake -> assertThat(refusal(handshake)).isEqualTo(reason));
        assertThat(refusal(manager, "app.example.com")).isEqualTo(reason);
        assertThat(fixture.issuer.orders()).isEqualTo(1);
        assertThat(fixture.questions).hasValue(1);
    }

    @Test
    void handshakesForOneDeniedNameAskOnce() {
        CertificateManager manager = fixture.manager(fixture.policy(false));

        List<CompletableFuture<Optional<Credential>>> handshakes = handshakes(manager, "stranger.test", 500);

        assertThat(handshakes)
                .allSatisfy(handshake -> assertThat(refusal(handshake))
                        .isEqualTo("refused by PERMISSION: the application does not permit it."
                                + " Asked again from 2026-06-01T12:01:00Z on."));
        assertThat(fixture.questions).hasValue(1);
    }

    @Test
    void aThousandNamesThatFailForEverDoNotDelayAGoodOne() {
        CertificateManager manager = fixture.manager(
                fixture.policy(true).burst(1_000_000, Duration.ofSeconds(1)).maximumWaiters(10_000));
        fixture.issuer.fail(name -> name.value().startsWith("bad-"));
        List<CompletableFuture<Optional<Credential>>> bad = IntStream.range(0, 1_000)
                .mapToObj(i -> start(manager, "bad-" + i + ".example.com"))
                .toList();
        await().until(() -> {
            fixture.time.advance(Duration.ofMillis(100));
            return bad.stream().allMatch(CompletableFuture::isDone);
        });
        assertThat(bad).allSatisfy(handshake -> assertThat(join(handshake)).isEmpty());
        await().until(() -> manager.statistics().waitingRetries() == 1_000);

        CompletableFuture<Void> never = fixture.issuer.hold(name -> name.value().startsWith("bad-"));
        fixture.time.advance(Duration.ofMinutes(5));
        await().until(() -> fixture.issuer.orders() == 1_008);

        for (int i = 0; i < 20; i++) {
            assertThat(resolve(manager, "good-" + i + ".example.com")).isPresent();
        }
        assertThat(fixture.issuer.orders()).isEqualTo(1_028);
        assertThat(manager.statistics().flights()).isEqualTo(8);
        assertThat(never).isNotDone();
        never.complete(null);
    }

    @Test
    void aHandshakeWaitsNoLongerThanTheBoundAndTheNextOneIsServed() {
        CertificateManager manager = fixture.permitting();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> early = start(manager, "app.example.com");
        await().until(() -> fixture.issuer.orders() == 1);

        fixture.time.advance(Duration.ofSeconds(24));
        CompletableFuture<Optional<Credential>> late = start(manager, "app.example.com");
        assertThat(early).isNotDone();
        fixture.time.advance(Duration.ofSeconds(1));

        assertThat(refusal(early)).startsWith("no certificate within 25 s; the work on it goes on.");
        assertThat(late).isNotDone();
        gate.complete(null);
        assertThat(join(late)).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
        await().until(() -> manager.statistics().waitingHandshakes() == 0);
    }

    @Test
    void handshakesBeyondTheBoundAreRefusedAtOnce() {
        CertificateManager manager = fixture.manager(fixture.policy(true).maximumWaiters(3));
        CompletableFuture<Void> gate = fixture.issuer.hold();
        List<CompletableFuture<Optional<Credential>>> waiting = handshakes(manager, "app.example.com", 3);

        assertThat(refusal(manager, "app.example.com")).contains("3 handshakes wait for certificates already");
        assertThat(refusal(manager, "other.example.com")).contains("3 handshakes wait for certificates already");

        gate.complete(null);
        assertThat(waiting).allSatisfy(handshake -> assertThat(join(handshake)).isPresent());
        assertThat(resolve(manager, "other.example.com")).isPresent();
    }

    @Test
    void issuanceGoesOnWhenAllVisitorsHaveLeft() {
        CertificateManager manager = fixture.permitting();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> impatient = start(manager, "app.example.com");
        await().until(() -> fixture.issuer.orders() == 1);
        impatient.cancel(true);

        gate.complete(null);

        fixture.awaitEvent(CertificateEvent.Issued.class);
        assertThat(resolve(manager, "app.example.com")).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void aVisitorWhoLeavesChangesNothingForTheOthers() {
        CertificateManager manager = fixture.permitting();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        List<CompletableFuture<Optional<Credential>>> handshakes = handshakes(manager, "app.example.com", 3);
        await().until(() -> fixture.issuer.orders() == 1);

        handshakes.get(0).cancel(true);
        handshakes.get(1).completeExceptionally(new IllegalStateException("connection reset"));
        gate.complete(null);

        assertThat(join(handshakes.get(2))).isPresent();
    }

    private static List<CompletableFuture<Optional<Credential>>> handshakes(
            CertificateManager manager, String name, int count) {
        List<CompletableFuture<Optional<Credential>>> handshakes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            handshakes.add(start(manager, name));
        }
        return handshakes;
    }
}
