package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What failed is tried again, never as a storm. */
@Timeout(60)
class RetryTest {

    private static final String NAME = "app.example.com";

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
    void aFailingNameIsTriedAgainWithoutAVisitorAndLaterEachTime() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.fail(name -> true);
        resolve(manager, NAME);

        Duration first = awaitFailure(1);
        fixture.time.advance(first);
        Duration second = awaitFailure(2);
        fixture.issuer.fail(name -> false);
        fixture.time.advance(second);
        fixture.awaitEvent(CertificateEvent.Issued.class);

        assertThat(first).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
        assertThat(second).isBetween(Duration.ofSeconds(96), Duration.ofSeconds(144));
        assertThat(resolve(manager, NAME)).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(3);
        assertThat(manager.statistics().waitingRetries()).isZero();
    }

    @Test
    void visitorsDoNotHastenIt() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.fail(name -> true);
        resolve(manager, NAME);
        awaitFailure(1);

        for (int i = 0; i < 45; i++) {
            fixture.time.advance(Duration.ofSeconds(1));
            assertThat(refusal(manager, NAME)).startsWith("The challenge failed.");
        }

        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void theBackOffOutlivesARestart() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.fail(name -> true);
        resolve(manager, NAME);
        Duration pause = awaitFailure(1);
        fixture.closeManagers();

        CertificateManager restarted = fixture.permitting();
        assertThat(refusal(restarted, NAME)).startsWith("The challenge failed. Mend it. Next try from ");
        assertThat(fixture.issuer.orders()).isEqualTo(1);
        fixture.issuer.fail(name -> false);
        fixture.time.advance(pause);

        await().until(() -> fixture.issuer.orders() == 2);
        assertThat(resolve(restarted, NAME)).isPresent();
    }

    @Test
    void aNameThatNobodyAsksForAnyMoreIsLeftAlone() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.fail(name -> true);
        resolve(manager, NAME);

        int failures = 1;
        Instant lastAsked = fixture.time.instant();
        while (Duration.between(lastAsked, fixture.time.instant()).compareTo(Duration.ofHours(24)) < 0) {
            Duration pause = awaitFailure(failures);
            fixture.time.advance(pause);
            failures++;
        }
        awaitFailure(failures);
        await().until(() -> manager.statistics().waitingRetries() == 0);

        assertThat(failures).isBetween(9, 16);
        int orders = fixture.issuer.orders();
        fixture.time.advance(Duration.ofDays(3));
        assertThat(fixture.issuer.orders()).isEqualTo(orders);
        fixture.issuer.fail(name -> false);
        assertThat(resolve(manager, NAME)).isPresent();
    }

    @Test
    void thePauseThatTheAuthorityAsksForIsKept() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.failNext(new IssuanceException(
                Kind.RATE_LIMITED, "The authority says rateLimited: too many orders.", null, Duration.ofHours(3)));

        resolve(manager, NAME);
        fixture.time.advance(Duration.ofMinutes(179));
        assertThat(resolve(manager, NAME)).isEmpty();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
        fixture.time.advance(Duration.ofMinutes(2));

        await().until(() -> fixture.issuer.orders() == 2);
        assertThat(resolve(manager, NAME)).isPresent();
    }

    @Test
    void ordersThatTheAuthorityWouldRefuseAreNotPlacedUntilItHasRoom() {
        fixture.issuer.limit(CaLimits.none().certificatesPerRegisteredDomain(RateLimit.of(2, Duration.ofHours(2))));
        CertificateManager manager = fixture.permitting();
        assertThat(resolve(manager, "a.example.com")).isPresent();
        assertThat(resolve(manager, "b.example.com")).isPresent();

        assertThat(refusal(manager, "c.example.com")).startsWith("refused by LIMITS: all of 2 per 2 h certificates");
        assertThat(manager.forecast(ServerName.of("c.example.com"))
                        .toCompletableFuture()
                        .join())
                .contains("2 of 2 certificates for example.com used");
        assertThat(fixture.awaitEvent(CertificateEvent.Limited.class).limit())
                .isEqualTo("certificatesPerRegisteredDomain");
        assertThat(fixture.issuer.orders()).isEqualTo(2);

        fixture.time.advance(Duration.ofHours(2));
        await().until(() -> fixture.issuer.orders() == 3);
        assertThat(resolve(manager, "c.example.com")).isPresent();
    }

    @Test
    void anAuthorityThatDoesNotWorkIsLeftAloneForAWhile() {
        CertificateManager manager = fixture.permitting();
        for (int i = 0; i < 5; i++) {
            fixture.issuer.failNext(new IssuanceException(Kind.AUTHORITY_FAILED, "It is on fire.", null, null));
            resolve(manager, "tenant-" + i + ".example.com");
        }

        assertThat(refusal(manager, "one-more.example.com")).startsWith("refused by LIMITS: ");
        assertThat(fixture.issuer.orders()).isEqualTo(5);
        assertThat(manager.health().problems())
                .anyMatch(problem -> problem.startsWith("fake does not work: It is on fire."));

        fixture.time.advance(Duration.ofMinutes(1));
        await().until(() -> fixture.issuer.orders() > 5);
        await().until(() -> !fixture.events(CertificateEvent.Issued.class).isEmpty());
        fixture.time.advance(Duration.ofMinutes(1));
        assertThat(resolve(manager, "last.example.com")).isPresent();
    }

    @Test
    void aDeniedNameIsNotTriedAgain() {
        CertificateManager manager = fixture.manager(fixture.policy(false));
        resolve(manager, "stranger.test");

        assertThat(manager.statistics().waitingRetries()).isZero();
        fixture.time.advance(Duration.ofDays(1));
        assertThat(fixture.questions).hasValue(1);
    }

    @Test
    void aNameThatLosesItsPermissionIsTriedNoMore() {
        AtomicBoolean permitted = new AtomicBoolean(true);
        CertificateManager manager =
                fixture.manager(ManagerFixture.unlimited(OnDemand.permittedBy(name -> permitted.get())));
        fixture.issuer.fail(name -> true);
        resolve(manager, NAME);
        awaitFailure(1);
        permitted.set(false);
        for (int failures = 2; fixture.events(CertificateEvent.Denied.class).isEmpty(); failures++) {
            fixture.time.advance(Duration.ofMinutes(11));
            int seen = failures;
            await().until(() -> fixture.events(CertificateEvent.Failed.class).size() == seen
                    || !fixture.events(CertificateEvent.Denied.class).isEmpty());
        }

        await().until(() -> manager.statistics().waitingRetries() == 0);
        assertThat(manager.status(ServerName.of(NAME)).orElseThrow().state())
                .isEqualTo(CertificateStatus.State.REFUSED);
        int orders = fixture.issuer.orders();
        fixture.time.advance(Duration.ofDays(1));
        assertThat(fixture.issuer.orders()).isEqualTo(orders);
    }

    @Test
    void anIssuerThatThrowsIsAFailureWithItsStackInTheLog() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.failNext(new IllegalStateException("a bug"));
        try (LogCapture log = new LogCapture()) {
            assertThat(refusal(manager, NAME))
                    .startsWith("The issuer failed in an unexpected way (java.lang.IllegalStateException: a bug).");
            assertThat(log.lines()).contains("ERROR app.example.com: the issuer fake failed in an unexpected way.");
        }
    }

    /** The pause after the n-th failure, once it is on the agenda. */
    private Duration awaitFailure(int number) {
        await().until(() -> fixture.events(CertificateEvent.Failed.class).size() == number);
        CertificateEvent.Failed failed =
                fixture.events(CertificateEvent.Failed.class).get(number - 1);
        return Duration.between(fixture.time.instant(), failed.nextTry());
    }
}
