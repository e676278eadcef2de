package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.AcmeOrder;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Renewal information (RFC 9773) between a whole manager and an ACME server, from the window to the order. */
@Timeout(60)
class SuggestedRenewalTest {

    private static final ServerName NAME = ServerName.of("app.example.com");

    private final ManualTime time = new ManualTime();
    private AcmeFixture fixture;
    private CertificateManager manager;

    @BeforeEach
    void start() throws Exception {
        fixture = new AcmeFixture(builder -> builder.clock(time));
        manager = fixture.answering(CertificateManager.builder()
                .storage(new SharedMemoryStorage(time))
                .issuer(fixture.issuer())
                .clock(time)
                .workers(new DirectWorkers(time))
                .manage(NAME.value())
                .build());
    }

    @AfterEach
    void stop() {
        manager.close();
        fixture.close();
    }

    @Test
    void aCertificateThatTheAuthorityWantsReplacedIsReplacedAndTheOrderSaysWhich() {
        Credential first = passUntilServedOtherThan(Optional.empty(), Duration.ofSeconds(1));
        Instant now = time.instant();
        fixture.acme.suggestRenewal(first.leaf(), now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)));

        Credential second = passUntilServedOtherThan(Optional.of(first), Duration.ofMinutes(1));

        assertThat(Duration.between(now, time.instant())).isLessThan(Duration.ofHours(2));
        AcmeOrder last = fixture.acme.orders().get(fixture.acme.orders().size() - 1);
        assertThat(last.replaces()).isEqualTo(first.ariCertificateId().orElseThrow());
        assertThat(second.serialNumber()).isNotEqualTo(first.serialNumber());
        assertThat(fixture.acme.orders()).hasSize(2);
    }

    @Test
    void theWindowOfTheAuthorityIsInTheStatus() {
        Credential first = passUntilServedOtherThan(Optional.empty(), Duration.ofSeconds(1));
        Instant start = time.instant().plus(Duration.ofDays(20));
        fixture.acme.suggestRenewal(first.leaf(), start, start.plus(Duration.ofDays(1)));

        time.advance(Duration.ofMinutes(5));

        CertificateStatus.Renewal renewal =
                manager.status(NAME).orElseThrow().renewal().orElseThrow();
        assertThat(renewal.at()).isBetween(start, start.plus(Duration.ofDays(1)));
        assertThat(renewal.reason()).contains("authority");
    }

    /** Real requests go to and fro while the time stands still, so it is moved until they are through. */
    private Credential passUntilServedOtherThan(Optional<Credential> earlier, Duration step) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            time.advance(step);
            return served().filter(present -> !earlier.equals(Optional.of(present)))
                    .isPresent();
        });
        return served().orElseThrow();
    }

    private Optional<Credential> served() {
        return manager.resolve(ClientHello.of(NAME)).toCompletableFuture().getNow(Optional.empty());
    }
}
