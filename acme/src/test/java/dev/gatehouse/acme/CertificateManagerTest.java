package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.join;
import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way of a name through the manager, with an issuer that the test holds in its hand. */
@Timeout(60)
class CertificateManagerTest {

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
    void aNameIsIssuedOnceAndThenServedFromMemory() {
        CertificateManager manager = fixture.permitting();

        Credential first = resolve(manager, "app.example.com").orElseThrow();
        Credential second = resolve(manager, "APP.example.com").orElseThrow();

        assertThat(second).isSameAs(first);
        assertThat(fixture.issuer.orders()).isEqualTo(1);
        assertThat(fixture.questions).hasValue(1);
        fixture.awaitEvent(CertificateEvent.Issued.class);
        assertThat(fixture.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Asked", "Permitted", "Ordering", "Issued");
    }

    @Test
    void aStrangerIsAskedForOnceAMinuteAndNeverOrdered() {
        CertificateManager manager = fixture.manager(fixture.policy(false));
        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 20; i++) {
                assertThat(resolve(manager, "stranger.test")).isEmpty();
            }
            assertThat(fixture.questions).hasValue(1);
            assertThat(log.lines())
                    .containsExactly("WARN stranger.test: refused by PERMISSION: the application does not permit it."
                            + " Asked again from 2026-06-01T12:01:00Z on.");
        }

        fixture.time.advance(Duration.ofSeconds(61));
        resolve(manager, "stranger.test");

        assertThat(fixture.questions).hasValue(2);
        assertThat(fixture.issuer.orders()).isZero();
        await().until(() -> fixture.events(CertificateEvent.Denied.class).size() == 2);
        assertThat(fixture.events).hasOnlyElementsOfTypes(CertificateEvent.Asked.class, CertificateEvent.Denied.class);
    }

    @Test
    void aPermissionThatFailsIsAskedAgainAfterTenSeconds() {
        AtomicInteger calls = new AtomicInteger();
        CertificateManager manager = fixture.manager(ManagerFixture.unlimited(OnDemand.permittedBy(name -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("no database");
            }
            return true;
        })));

        assertThat(resolve(manager, "app.example.com")).isEmpty();
        CertificateEvent.Denied denied = fixture.awaitEvent(CertificateEvent.Denied.class);
        assertThat(denied.verdict()).isEqualTo(PermissionDecision.Verdict.UNKNOWN);
        assertThat(denied.reason()).isEqualTo("the permission failed (java.lang.IllegalStateException: no database)");
        assertThat(resolve(manager, "app.example.com")).isEmpty();
        assertThat(calls).hasValue(1);

        fixture.time.advance(Duration.ofSeconds(11));
        assertThat(resolve(manager, "app.example.com")).isPresent();
    }

    @Test
    void withoutAPolicyNothingIsIssued() {
        CertificateManager manager = fixture.keep(CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(fixture.issuer)
                .clock(fixture.time)
                .build());

        assertThat(resolve(manager, "app.example.com")).isEmpty();
        assertThat(fixture.issuer.orders()).isZero();
    }

    @Test
    void anExpiredCertificateIsIssuedAgain() {
        CertificateManager manager = fixture.permitting();
        Credential first = resolve(manager, "app.example.com").orElseThrow();

        fixture.time.advance(
                Duration.between(fixture.time.instant(), first.notAfter()).plusSeconds(1));
        Credential second = resolve(manager, "app.example.com").orElseThrow();

        assertThat(second).isNotSameAs(first);
        assertThat(second.notAfter()).isAfter(first.notAfter());
        assertThat(fixture.issuer.orders()).isEqualTo(2);
        CertificateEvent.Renewed renewed = fixture.awaitEvent(CertificateEvent.Renewed.class);
        assertThat(renewed.credential()).isSameAs(second);
        assertThat(fixture.events(CertificateEvent.Expired.class))
                .extracting(CertificateEvent.Expired::notAfter)
                .containsExactly(first.notAfter());
    }

    @Test
    void ordersBeyondTheBurstAreRefusedUntilTheIntervalGivesMore() {
        CertificateManager manager = fixture.manager(fixture.policy(true).burst(2, Duration.ofSeconds(10)));

        assertThat(resolve(manager, "a.example.com")).isPresent();
        assertThat(resolve(manager, "b.example.com")).isPresent();
        assertThat(refusal(manager, "c.example.com")).startsWith("refused by LIMITS: ");
        CertificateEvent.Limited limited = fixture.awaitEvent(CertificateEvent.Limited.class);
        assertThat(limited.limit()).isEqualTo("burst");
        assertThat(limited.freesAt()).isEqualTo(fixture.time.instant().plusSeconds(5));

        fixture.time.advance(Duration.ofSeconds(5));
        assertThat(resolve(manager, "c.example.com")).isPresent();
        assertThat(resolve(manager, "a.example.com")).isPresent();
    }

    @Test
    void aGivenCredentialIsServedBesideTheIssuedOnes() {
        Credential origin = fixture.ca.issue("*.example.com");
        CertificateManager manager = fixture.keep(
                fixture.builder(fixture.policy(true)).credential(origin).build());

        assertThat(resolve(manager, "app.example.com")).containsSame(origin);
        assertThat(resolve(manager, "example.com")).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void aMissingNameAndAnAddressAreNotIssued() {
        CertificateManager manager = fixture.permitting();

        assertThat(join(manager.resolve(ClientHello.builder().build()).toCompletableFuture()))
                .isEmpty();
        assertThat(resolve(manager, "192.0.2.1")).isEmpty();
        assertThat(fixture.questions).hasValue(0);
    }

    @Test
    void settingsThatAreMissingOrDoubleAreRefused() {
        assertThatThrownBy(() ->
                        CertificateManager.builder().issuer(fixture.issuer).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("storage is not set. Set it, for example to FileStorage.at(folder).");
        assertThatThrownBy(() ->
                        CertificateManager.builder().issuer(fixture.issuer).issuer(fixture.issuer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("issuer was already set");
    }
}
