package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of a name through the manager, with an issuer that the test holds in its hand. */
@Timeout(60)
class CertificateManagerTest {

    private final ManualClock clock = new ManualClock();
    private final TestCa ca = TestCa.builder().clock(clock).build();
    private final FakeIssuer issuer = new FakeIssuer(ca);
    private final AtomicInteger questions = new AtomicInteger();
    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private final List<CertificateManager> managers = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        managers.forEach(CertificateManager::close);
    }

    @Test
    void aNameIsIssuedOnceAndThenServedFromMemory() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));

        Credential first = resolve(manager, "app.example.com").orElseThrow();
        Credential second = resolve(manager, "APP.example.com").orElseThrow();

        assertThat(second).isSameAs(first);
        assertThat(issuer.orders()).isEqualTo(1);
        assertThat(questions).hasValue(1);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Asked", "Permitted", "Issued");
    }

    @Test
    void handshakesForOneNewNameShareOneQuestionAndOneOrder() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        CompletableFuture<Void> gate = issuer.hold();

        List<CompletableFuture<Optional<Credential>>> handshakes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            handshakes.add(start(manager, "app.example.com"));
        }
        await().until(() -> issuer.orders() == 1);
        gate.complete(null);

        Credential issued = join(handshakes.get(0)).orElseThrow();
        assertThat(handshakes)
                .allSatisfy(handshake -> assertThat(join(handshake)).containsSame(issued));
        assertThat(issuer.orders()).isEqualTo(1);
        assertThat(questions).hasValue(1);
    }

    @Test
    void handshakesForOneFailingNameShareTheFailure() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        issuer.failNext(new IssuanceException("the challenge failed", null));

        List<CompletableFuture<Optional<Credential>>> handshakes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            handshakes.add(start(manager, "app.example.com"));
        }

        assertThat(handshakes)
                .allSatisfy(handshake -> assertThat(join(handshake)).isEmpty());
        assertThat(issuer.orders()).isEqualTo(1);
        assertThat(questions).hasValue(1);
    }

    @Test
    void aStrangerIsAskedForOnceAMinuteAndNeverOrdered() {
        CertificateManager manager = manager(OnDemand.asking(counting(false)));
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 20; i++) {
                assertThat(resolve(manager, "stranger.test")).isEmpty();
            }
            assertThat(questions).hasValue(1);
            assertThat(log.lines())
                    .containsExactly("WARN stranger.test: refused by PERMISSION: the application does not permit it."
                            + " Asked again from 2026-06-01T12:01:00Z on.");
        }

        clock.advance(Duration.ofSeconds(61));
        resolve(manager, "stranger.test");

        assertThat(questions).hasValue(2);
        assertThat(issuer.orders()).isZero();
        assertThat(events).hasOnlyElementsOfTypes(CertificateEvent.Asked.class, CertificateEvent.Refused.class);
    }

    @Test
    void aPermissionThatFailsIsAskedAgainAfterTenSeconds() {
        AtomicInteger calls = new AtomicInteger();
        CertificateManager manager = manager(OnDemand.permittedBy(name -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("no database");
            }
            return true;
        }));

        assertThat(resolve(manager, "app.example.com")).isEmpty();
        assertThat(refusals()).singleElement().satisfies(refused -> {
            assertThat(refused.step()).isEqualTo(Step.PERMISSION);
            assertThat(refused.reason())
                    .isEqualTo("the permission failed (java.lang.IllegalStateException: no database)");
        });
        assertThat(resolve(manager, "app.example.com")).isEmpty();
        assertThat(calls).hasValue(1);

        clock.advance(Duration.ofSeconds(11));
        assertThat(resolve(manager, "app.example.com")).isPresent();
    }

    @Test
    void withoutAPolicyNothingIsIssued() {
        CertificateManager manager = keep(CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(issuer)
                .clock(clock)
                .build());

        assertThat(resolve(manager, "app.example.com")).isEmpty();
        assertThat(issuer.orders()).isZero();
    }

    @Test
    void aStoredCertificateIsServedWithoutAskingAnyone() {
        Credential issued = resolve(manager(OnDemand.asking(counting(true))), "app.example.com")
                .orElseThrow();
        managers.get(0).close();
        questions.set(0);
        events.clear();

        CertificateManager restarted = manager(OnDemand.asking(counting(false)));
        Credential stored = resolve(restarted, "app.example.com").orElseThrow();

        assertThat(stored.leaf()).isEqualTo(issued.leaf());
        assertThat(questions).hasValue(0);
        assertThat(issuer.orders()).isEqualTo(1);
        assertThat(events).singleElement().isInstanceOf(CertificateEvent.Loaded.class);
    }

    @Test
    void anExpiredCertificateIsIssuedAgain() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        Credential first = resolve(manager, "app.example.com").orElseThrow();

        clock.advance(Duration.between(clock.instant(), first.notAfter()).plusSeconds(1));
        Credential second = resolve(manager, "app.example.com").orElseThrow();

        assertThat(second).isNotSameAs(first);
        assertThat(second.notAfter()).isAfter(first.notAfter());
        assertThat(issuer.orders()).isEqualTo(2);
    }

    @Test
    void aFailingNameBacksOffLongerEachTime() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        Duration first = failAndMeasurePause(manager);
        Duration second = failAndMeasurePause(manager);

        assertThat(first).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
        assertThat(second).isBetween(Duration.ofSeconds(96), Duration.ofSeconds(144));
        assertThat(resolve(manager, "app.example.com")).isPresent();
    }

    @Test
    void thePauseThatTheAuthorityWantsIsKept() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        issuer.failNext(new IssuanceException("rate limited", null, Duration.ofHours(3)));

        resolve(manager, "app.example.com");
        clock.advance(Duration.ofMinutes(179));
        assertThat(resolve(manager, "app.example.com")).isEmpty();
        clock.advance(Duration.ofMinutes(2));

        assertThat(resolve(manager, "app.example.com")).isPresent();
    }

    @Test
    void ordersBeyondTheBurstAreRefusedUntilTheIntervalGivesMore() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)).burst(2, Duration.ofSeconds(10)));

        assertThat(resolve(manager, "a.example.com")).isPresent();
        assertThat(resolve(manager, "b.example.com")).isPresent();
        assertThat(resolve(manager, "c.example.com")).isEmpty();
        assertThat(refusals()).singleElement().satisfies(refused -> {
            assertThat(refused.step()).isEqualTo(Step.LIMITS);
            assertThat(refused.reason()).contains("2 per 10000 ms");
            assertThat(refused.nextTry()).contains(clock.instant().plusSeconds(5));
        });

        clock.advance(Duration.ofSeconds(5));
        assertThat(resolve(manager, "c.example.com")).isPresent();
        assertThat(resolve(manager, "a.example.com")).isPresent();
    }

    @Test
    void aDamagedRecordIsNamedAndIssuesNothing() throws Exception {
        resolve(manager(OnDemand.asking(counting(true))), "app.example.com");
        Path record = folder.resolve("certificates/app.example.com.pem");
        Files.writeString(record, "damaged");

        CertificateManager restarted = manager(OnDemand.asking(counting(true)));
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(restarted, "app.example.com")).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN app.example.com: STORAGE failed. " + record)
                            .contains("delete it to issue anew"));
        }
        assertThat(issuer.orders()).isEqualTo(1);
    }

    @Test
    void issuanceGoesOnWhenTheVisitorsHaveLeft() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        CompletableFuture<Void> gate = issuer.hold();
        CompletableFuture<Optional<Credential>> impatient = start(manager, "app.example.com");
        impatient.cancel(true);

        await().until(() -> issuer.orders() == 1);
        gate.complete(null);

        await().until(() -> events.stream().anyMatch(CertificateEvent.Issued.class::isInstance));
        assertThat(resolve(manager, "app.example.com")).isPresent();
        assertThat(issuer.orders()).isEqualTo(1);
    }

    @Test
    void aGivenCredentialIsServedBesideTheIssuedOnes() {
        Credential origin = ca.issue("*.example.com");
        CertificateManager manager =
                keep(builder(OnDemand.asking(counting(true))).credential(origin).build());

        assertThat(resolve(manager, "app.example.com")).containsSame(origin);
        assertThat(resolve(manager, "example.com")).isPresent();
        assertThat(issuer.orders()).isEqualTo(1);
    }

    @Test
    void aMissingNameAndAnAddressAreNotIssued() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));

        assertThat(join(manager.resolve(ClientHello.builder().build()).toCompletableFuture()))
                .isEmpty();
        assertThat(resolve(manager, "192.0.2.1")).isEmpty();
        assertThat(questions).hasValue(0);
    }

    @Test
    void closingEndsTheWaitAndServesOnFromMemory() {
        CertificateManager manager = manager(OnDemand.asking(counting(true)));
        resolve(manager, "known.example.com");
        issuer.hold();
        CompletableFuture<Optional<Credential>> waiting = start(manager, "app.example.com");

        manager.close();

        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("The certificate manager was closed");
        assertThat(resolve(manager, "known.example.com")).isPresent();
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() {
        CertificateManager manager = keep(builder(OnDemand.asking(counting(true)))
                .listener(event -> {
                    throw new IllegalStateException("listener is broken");
                })
                .build());

        assertThat(resolve(manager, "app.example.com")).isPresent();
    }

    @Test
    void settingsThatAreMissingOrDoubleAreRefused() {
        assertThatThrownBy(() -> CertificateManager.builder().issuer(issuer).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("storage is not set. Set it, for example to FileStorage.at(folder).");
        assertThatThrownBy(() -> CertificateManager.builder().issuer(issuer).issuer(issuer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("issuer was already set");
    }

    private Duration failAndMeasurePause(CertificateManager manager) {
        events.clear();
        issuer.failNext(new IssuanceException("the challenge failed", null));
        assertThat(resolve(manager, "app.example.com")).isEmpty();
        CertificateEvent.Failed failed = (CertificateEvent.Failed) events.get(events.size() - 1);
        Duration pause = Duration.between(clock.instant(), failed.nextTry());
        clock.advance(pause);
        return pause;
    }

    private List<CertificateEvent.Refused> refusals() {
        return events.stream()
                .filter(CertificateEvent.Refused.class::isInstance)
                .map(CertificateEvent.Refused.class::cast)
                .toList();
    }

    private IssuancePermission counting(boolean permitted) {
        return IssuancePermission.of(name -> {
            questions.incrementAndGet();
            return permitted;
        });
    }

    private CertificateManager manager(OnDemand policy) {
        return keep(builder(policy).build());
    }

    private CertificateManager keep(CertificateManager manager) {
        managers.add(manager);
        return manager;
    }

    private CertificateManager.Builder builder(OnDemand policy) {
        return CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(issuer)
                .onDemand(policy)
                .listener(events::add)
                .clock(clock);
    }

    private static CompletableFuture<Optional<Credential>> start(CertificateManager manager, String name) {
        return manager.resolve(ClientHello.of(ServerName.of(name))).toCompletableFuture();
    }

    private static Optional<Credential> resolve(CertificateManager manager, String name) {
        return join(start(manager, name));
    }

    private static Optional<Credential> join(CompletableFuture<Optional<Credential>> handshake) {
        return handshake.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
