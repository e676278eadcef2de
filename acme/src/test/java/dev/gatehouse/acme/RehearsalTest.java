package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rehearsals at a staging service, so that hopeless names use up nothing of the real one. */
@Timeout(60)
class RehearsalTest {

    private static final String NAME = "app.example.com";

    @TempDir
    private Path folder;

    private ManagerFixture fixture;
    private FakeIssuer production;
    private FakeIssuer staging;
    private TestCa stagingCa;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
        stagingCa = TestCa.builder().clock(fixture.time).name("Staging").build();
        production = new FakeIssuer(fixture.ca, "https://production.example/directory");
        staging = new FakeIssuer(stagingCa, "https://staging.example/directory");
        production.rehearseAt(staging);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aFirstOrderIsNotRehearsed() {
        assertThat(resolve(fixture.chain(production), NAME)).isPresent();

        assertThat(production.orders()).isEqualTo(1);
        assertThat(staging.orders()).isZero();
    }

    @Test
    void aNameThatIsHopelessUsesUpOneOrderOfProduction() {
        CertificateManager manager = fixture.chain(production);
        production.fail(name -> true);
        staging.fail(name -> true);
        resolve(manager, NAME);

        for (int failures = 1; failures < 6; failures++) {
            fixture.time.advance(awaitFailure(failures));
        }
        awaitFailure(6);

        assertThat(production.orders()).isEqualTo(1);
        assertThat(staging.orders()).isEqualTo(5);
        assertThat(refusal(manager, NAME))
                .startsWith(
                        "The rehearsal at https://staging.example/directory failed: The challenge failed. Mend it.");
    }

    @Test
    void afterARehearsalThatSucceedsTheOrderIsPlacedAtOnce() {
        CertificateManager manager = fixture.chain(production);
        production.fail(name -> true);
        resolve(manager, NAME);
        Duration pause = awaitFailure(1);
        production.fail(name -> false);
        try (LogCapture log = new LogCapture()) {
            fixture.time.advance(pause);
            CertificateEvent.Issued issued = fixture.awaitEvent(CertificateEvent.Issued.class);

            assertThat(issued.issuer()).isEqualTo(production.identity());
            assertThat(staging.orders()).isEqualTo(1);
            assertThat(production.orders()).isEqualTo(2);
            assertThat(fixture.events(CertificateEvent.Rehearsing.class)).hasSize(1);
            assertThat(fixture.events(CertificateEvent.Rehearsed.class)).hasSize(1);
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("rehearsing at https://staging.example/directory"))
                    .anyMatch(line -> line.contains("its certificate is thrown away")));
        }
    }

    @Test
    void aCertificateFromARehearsalIsNeitherServedNorStored() throws Exception {
        CertificateManager manager = fixture.chain(production);
        production.fail(name -> true);
        resolve(manager, NAME);
        fixture.time.advance(awaitFailure(1));
        awaitFailure(2);

        assertThat(staging.orders()).isEqualTo(1);
        assertThat(resolve(manager, NAME)).isEmpty();
        fixture.closeManagers();
        try (FileStorage storage = FileStorage.at(folder)) {
            assertThat(storage.read(RecordKey.certificate(ServerName.of(NAME)))).isEmpty();
        }
    }

    @Test
    void whenProductionFailsAfterARehearsalItIsRehearsedAgain() {
        CertificateManager manager = fixture.chain(production);
        production.fail(name -> true);
        resolve(manager, NAME);

        fixture.time.advance(awaitFailure(1));
        fixture.time.advance(awaitFailure(2));
        awaitFailure(3);

        assertThat(staging.orders()).isEqualTo(2);
        assertThat(production.orders()).isEqualTo(3);
    }

    @Test
    void aRestartKeepsTheRehearsal() {
        CertificateManager manager = fixture.chain(production);
        production.fail(name -> true);
        staging.fail(name -> true);
        resolve(manager, NAME);
        Duration pause = awaitFailure(1);
        fixture.closeManagers();

        CertificateManager restarted = fixture.chain(production);
        fixture.time.advance(pause);
        assertThat(resolve(restarted, NAME)).isEmpty();

        assertThat(staging.orders()).isEqualTo(1);
        assertThat(production.orders()).isEqualTo(1);
    }

    @Test
    void aStagingServiceThatIsDownKeepsNobodyFromACertificate() {
        CertificateManager manager = fixture.chain(production);
        production.fail(name -> true);
        resolve(manager, NAME);
        Duration pause = awaitFailure(1);
        production.fail(name -> false);
        staging.down(new IssuanceException(Kind.AUTHORITY_FAILED, "It is down.", null, null));
        try (LogCapture log = new LogCapture()) {
            fixture.time.advance(pause);
            fixture.awaitEvent(CertificateEvent.Issued.class);

            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN app.example.com: the rehearsal at"
                            + " https://staging.example/directory says nothing about it"));
        }
    }

    @Test
    void onlyAFailedValidationIsRehearsed() {
        CertificateManager manager = fixture.chain(production);
        production.failNext(new IssuanceException("The policy forbids it.", null));
        resolve(manager, NAME);
        fixture.time.advance(awaitFailure(1));
        fixture.awaitEvent(CertificateEvent.Issued.class);

        assertThat(staging.orders()).isZero();
    }

    @Test
    void rehearsalsAreConfiguredOnceAndElsewhere() {
        AcmeIssuer staging = AcmeIssuer.letsEncryptStaging();

        assertThat(AcmeIssuer.letsEncrypt()
                        .contact("ops@example.com")
                        .agreeToTermsOfService()
                        .rehearsingAtStaging()
                        .rehearsal())
                .hasValueSatisfying(partner -> assertThat(partner.identity()).isEqualTo(staging.identity()));
        assertThat(AcmeIssuer.letsEncrypt().rehearsal()).isEmpty();
        assertThatThrownBy(() -> staging.rehearsingAt(AcmeIssuer.letsEncryptStaging()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another directory");
        assertThatThrownBy(() -> AcmeIssuer.google()
                        .rehearsingAt(AcmeIssuer.letsEncrypt().rehearsingAt(staging)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an issuer without a rehearsal");
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().rehearsingAt(staging).rehearsingAt(staging))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> AcmeIssuer.google().rehearsingAtStaging())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rehearsingAt(issuer)");
    }

    /** Until when the failure with this number says to wait. */
    private Duration awaitFailure(int number) {
        await().until(() -> fixture.events(CertificateEvent.Failed.class).size() == number);
        List<CertificateEvent.Failed> failures = fixture.events(CertificateEvent.Failed.class);
        return Duration.between(fixture.time.instant(), failures.get(number - 1).nextTry());
    }
}
