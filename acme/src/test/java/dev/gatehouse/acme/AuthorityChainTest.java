package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real authorities, of which the second one helps, or rehearses. */
@Timeout(60)
class AuthorityChainTest {

    private static final String NAME = "app.example.com";

    private final ManualTime time = new ManualTime();
    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private final List<CertificateManager> managers = new ArrayList<>();
    private AcmeFixture first;
    private AcmeFixture second;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        first = new AcmeFixture(acme -> acme.clock(time));
        second = new AcmeFixture(acme -> acme.clock(time));
    }

    @AfterEach
    void close() {
        managers.forEach(CertificateManager::close);
        first.close();
        second.close();
    }

    @Test
    void aNameThatOneAuthorityRejectsIsIssuedByTheNextWithAnAccountOfItsOwn() {
        CertificateManager manager = manager(first.issuer(), second.issuer());
        first.acme.inject(AcmeFault.problem(400, "rejectedIdentifier", "This name is on our list.")
                .on(AcmeResource.NEW_ORDER));

        Credential credential = resolve(manager).orElseThrow();

        assertThat(second.acme.issuedCertificates()).contains(credential.leaf());
        assertThat(first.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(1);
        assertThat(second.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(1);
        await().untilAsserted(() -> assertThat(events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                CertificateEvent.FellBack.class,
                                fallen -> assertThat(fallen.reason()).contains("This name is on our list"))));
    }

    @Test
    void aCaaRecordThatForbidsOneAuthorityMayAllowTheNext() {
        CertificateManager manager = manager(first.issuer(), second.issuer());
        first.acme.inject(AcmeFault.refusedChallenge("caa", "CAA forbids it."));

        assertThat(resolve(manager)).isPresent();
        assertThat(second.acme.issuedCertificates()).hasSize(1);
    }

    @Test
    void aNameThatDoesNotLeadHereSpendsNothingAtTheNextAuthority() {
        CertificateManager manager = manager(first.issuer(), second.issuer());
        first.answeringNothing();

        assertThat(resolve(manager)).isEmpty();

        assertThat(first.acme.orders()).hasSize(1);
        assertThat(second.acme.exchanges()).isEmpty();
    }

    @Test
    void anAuthorityThatIsDownIsReplacedByTheNext() {
        CertificateManager manager = manager(first.issuer(), second.issuer());
        first.acme.close();

        assertThat(resolve(manager)).isPresent();
        assertThat(second.acme.issuedCertificates()).hasSize(1);
    }

    @Test
    void aRehearsalIsValidatedThroughAnotherNode() {
        CertificateManager ordering = manager(first.issuer().rehearsingAt(second.issuer()));
        first.acme.inject(AcmeFault.refusedChallenge("connection", "Connection refused"));
        assertThat(resolve(ordering)).isEmpty();
        CertificateManager answering = manager(first.issuer().rehearsingAt(second.issuer()));
        first.answering(answering);
        second.answering(answering);

        time.advance(Duration.ofMinutes(2));
        assertThat(resolve(ordering)).isPresent();

        assertThat(second.acme.issuedCertificates()).hasSize(1);
        assertThat(first.acme.issuedCertificates()).hasSize(1);
        assertThat(first.acme.orders()).hasSize(2);
        assertThat(events).anyMatch(CertificateEvent.Rehearsed.class::isInstance);
    }

    @Test
    void accountsThatExistGetNewKeys() {
        CertificateManager manager = manager(first.issuer(), second.issuer());
        resolve(manager);

        CompletableFuture<Void> rolledOver = manager.rollOverAccountKeys().toCompletableFuture();

        await().untilAsserted(() -> assertThat(rolledOver).isCompleted());
        assertThat(first.acme.exchanges(AcmeResource.KEY_CHANGE)).hasSize(1);
        assertThat(second.acme.exchanges()).isEmpty();
        time.advance(Duration.ofDays(100));
        assertThat(resolve(manager)).isPresent();
        assertThat(first.acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(1);
    }

    private CertificateManager manager(Issuer issuer, Issuer... next) {
        CertificateManager manager = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuers(issuer, next)
                .onDemand(ManagerFixture.unlimited(OnDemand.permittedBy(name -> true)))
                .listener(events::add)
                .clock(time)
                .alarms(time)
                .build();
        managers.add(manager);
        first.answering(manager);
        second.answering(manager);
        return manager;
    }

    /** Lets time pass, by which orders are polled. */
    private Optional<Credential> resolve(CertificateManager manager) {
        CompletableFuture<Optional<Credential>> handshake = start(manager, NAME);
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    time.advance(Duration.ofMillis(50));
                    return handshake.isDone();
                });
        return handshake.exceptionally(refused -> Optional.empty()).join();
    }
}
