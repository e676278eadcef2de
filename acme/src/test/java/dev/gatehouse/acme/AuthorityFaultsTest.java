package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.join;
import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A certificate authority on its bad days. */
@Timeout(120)
class AuthorityFaultsTest {

    private static final String NAME = "app.example.com";

    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private AcmeFixture authority;
    private CertificateManager manager;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        authority = new AcmeFixture();
        manager = authority.answering(CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(authority.issuer())
                .onDemand(ManagerFixture.unlimited(OnDemand.permittedBy(name -> true))
                        .burst(1_000, Duration.ofSeconds(1)))
                .listener(events::add)
                .build());
    }

    @AfterEach
    void close() {
        manager.close();
        authority.close();
    }

    @Test
    void refusedNoncesAreTriedAgain() {
        authority.acme.inject(AcmeFault.badNonce()
                .on(AcmeResource.NEW_ACCOUNT, AcmeResource.NEW_ORDER, AcmeResource.CHALLENGE, AcmeResource.FINALIZE)
                .times(4));

        assertThat(resolve(manager, NAME)).isPresent();
        assertThat(authority.acme.orders()).hasSize(1);
    }

    @Test
    void aRateLimitIsToldInTheAuthoritysWordsAndItsPauseIsKept() {
        authority.acme.inject(AcmeFault.rateLimited(Duration.ofMinutes(30)).on(AcmeResource.NEW_ORDER));
        Instant before = Instant.now();

        assertThat(refusal(manager, NAME)).contains("the certificate authority says rateLimited");

        CertificateEvent.Failed failed = failed();
        assertThat(failed.step()).isEqualTo(CertificateEvent.Step.ORDER);
        assertThat(failed.nextTry()).isAfter(before.plus(Duration.ofMinutes(29)));
        assertThat(refusal(manager, NAME)).contains("rateLimited");
    }

    @Test
    void anAnswerThatIsLostAfterFinalizingCostsNoSecondOrder() {
        authority.acme.inject(AcmeFault.loseResponse().on(AcmeResource.FINALIZE));

        assertThat(resolve(manager, NAME)).isPresent();
        assertThat(authority.acme.orders()).hasSize(1);
        assertThat(authority.acme.issuedCertificates()).hasSize(1);
    }

    @Test
    void anAnswerThatIsLostWhilePollingIsAskedForAgain() {
        authority.acme.inject(AcmeFault.disconnect().on(AcmeResource.AUTHORIZATION));

        assertThat(resolve(manager, NAME)).isPresent();
        assertThat(authority.acme.orders()).hasSize(1);
    }

    @Test
    void aCertificateForAnotherNameIsNotServed() {
        authority.acme.inject(AcmeFault.wrongName("other.example.com"));

        assertThat(refusal(manager, NAME)).contains("The certificate that came is for other.example.com");
        assertThat(manager.statuses(10))
                .extracting(CertificateStatus::state)
                .containsExactly(CertificateStatus.State.FAILING);
    }

    @Test
    void aCertificateThatHasExpiredIsNotServed() {
        authority.acme.inject(AcmeFault.expiredCertificate());

        assertThat(refusal(manager, NAME)).contains("Check the clock of this machine");
    }

    @Test
    void aCertificateOfAnotherKeyIsNotServed() {
        authority.acme.inject(AcmeFault.wrongKey());

        assertThat(resolve(manager, NAME)).isEmpty();
        assertThat(failed().step()).isEqualTo(CertificateEvent.Step.ORDER);
    }

    @Test
    void aPageOfALoadBalancerIsNamedAsWhatItIs() {
        authority.acme.inject(AcmeFault.unavailable(Duration.ofSeconds(60)).on(AcmeResource.NEW_ORDER));

        assertThat(refusal(manager, NAME)).contains("the certificate authority does not answer as one (HTTP 503");
    }

    @Test
    void oneRequestThatHangsHoldsUpNoOtherName() {
        CompletableFuture<Void> released = new CompletableFuture<>();
        authority.acme.inject(AcmeFault.heldUntil(released).on(AcmeResource.NEW_ORDER));
        CompletableFuture<Optional<Credential>> hanging = start(manager, "hanging.example.com");
        await().until(() -> authority.acme.pendingFaults() == 0);

        for (int i = 0; i < 5; i++) {
            assertThat(resolve(manager, "tenant-" + i + ".example.com")).isPresent();
        }

        assertThat(hanging).isNotDone();
        released.complete(null);
        assertThat(join(hanging)).isPresent();
    }

    @Test
    void anAuthorityThatIsGoneIsAFailureOfAll() {
        authority.acme.inject(AcmeFault.disconnect().always());

        assertThat(refusal(manager, NAME)).contains("cannot be reached").contains("Check its directory URL");
        assertThat(failed().nextTry()).isAfter(Instant.now());
    }

    private CertificateEvent.Failed failed() {
        await().until(() -> events.stream().anyMatch(CertificateEvent.Failed.class::isInstance));
        return (CertificateEvent.Failed) events.stream()
                .filter(CertificateEvent.Failed.class::isInstance)
                .findFirst()
                .orElseThrow();
    }
}
