package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a manager does with what it finds in storage, and with a storage that it cannot read or write. */
@Timeout(60)
class StoredCertificateTest {

    private static final String NAME = "app.example.com";

    @TempDir
    private Path folder;

    private ManagerFixture fixture;
    private StorageDouble storage;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
        storage = new StorageDouble(FileStorage.at(folder));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aValidOneIsServedBeforeAnyoneIsAskedAndThePermissionIsRefreshedBehindIt() {
        Credential issued = issueAndClose();

        CompletableFuture<PermissionDecision> answer = new CompletableFuture<>();
        CertificateManager restarted = manager(ManagerFixture.unlimited(OnDemand.asking(request -> answer)));
        Credential stored = resolve(restarted, NAME).orElseThrow();

        assertThat(stored.leaf()).isEqualTo(issued.leaf());
        fixture.awaitEvent(CertificateEvent.Loaded.class);
        answer.complete(PermissionDecision.allowed("still a customer"));
        assertThat(fixture.awaitEvent(CertificateEvent.Permitted.class).reason())
                .isEqualTo("still a customer");
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void aPermissionThatIsDownTakesAwayNothing() {
        issueAndClose();

        CertificateManager restarted = manager(ManagerFixture.unlimited(OnDemand.permittedBy(name -> {
            throw new IllegalStateException("no database");
        })));

        assertThat(resolve(restarted, NAME)).isPresent();
        fixture.awaitEvent(CertificateEvent.Permitted.class);
        assertThat(resolve(restarted, NAME)).isPresent();
    }

    @Test
    void aDenialLeavesAValidOneUntilItExpiresAndThenDropsIt() {
        Credential issued = issueAndClose();

        CertificateManager restarted = manager(fixture.policy(false));

        assertThat(resolve(restarted, NAME)).isPresent();
        CertificateEvent.Denied denied = fixture.awaitEvent(CertificateEvent.Denied.class);
        assertThat(denied.servedUntil()).contains(issued.notAfter());
        assertThat(resolve(restarted, NAME)).isPresent();

        expire(issued);
        assertThat(resolve(restarted, NAME)).isEmpty();
        assertThat(fixture.awaitEvent(CertificateEvent.Dropped.class).notAfter())
                .isEqualTo(issued.notAfter());
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void anExpiredOneIsShownForWantOfAnother() {
        Credential issued = issueAndClose();
        CertificateManager restarted = manager(fixture.policy(true));
        assertThat(resolve(restarted, NAME)).isPresent();
        fixture.issuer.fail(name -> true);

        expire(issued);

        assertThat(resolve(restarted, NAME))
                .get()
                .satisfies(stale -> assertThat(stale.notAfter()).isBefore(fixture.time.instant()));
        assertThat(fixture.awaitEvent(CertificateEvent.ServedStale.class).reason())
                .startsWith("The challenge failed.");
    }

    @Test
    void anExpiredOneIsIssuedAnew() {
        Credential issued = issueAndClose();
        expire(issued);

        Credential next = resolve(manager(fixture.policy(true)), NAME).orElseThrow();

        assertThat(next.notAfter()).isAfter(fixture.time.instant());
        assertThat(fixture.awaitEvent(CertificateEvent.Renewing.class).previousNotAfter())
                .isEqualTo(issued.notAfter());
        assertThat(fixture.issuer.orders()).isEqualTo(2);
    }

    @Test
    void aDamagedOneIsToldAndIssuedAnew() throws Exception {
        issueAndClose();
        damage();
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(manager(fixture.policy(true)), NAME)).isPresent();

            assertThat(fixture.awaitEvent(CertificateEvent.DamagedRecord.class).reason())
                    .contains("damaged")
                    .contains("set aside");
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN app.example.com: ") && line.contains("damaged"));
        }
        assertThat(fixture.issuer.orders()).isEqualTo(2);
        fixture.closeManagers();
        assertThat(resolve(manager(fixture.policy(false)), NAME)).isPresent();
    }

    @Test
    void aRecordThatHoldsSomethingElseIsToldAndIssuedAnew() throws Exception {
        byte[] foreign = "issuer: x\n\nnothing".getBytes(StandardCharsets.UTF_8);
        storage.write(RecordKey.certificate(ServerName.of(NAME)), foreign, CertificateStorage.ABSENT);

        assertThat(resolve(manager(fixture.policy(true)), NAME)).isPresent();

        fixture.awaitEvent(CertificateEvent.DamagedRecord.class);
        fixture.closeManagers();
        assertThat(resolve(manager(fixture.policy(false)), NAME)).isPresent();
    }

    @Test
    void aStorageThatIsDownAtTheStartIsNotFatal() {
        issueAndClose();
        storage.down(true);
        CertificateManager restarted = manager(fixture.policy(true));
        try (LogCapture log = new LogCapture()) {
            assertThat(refusal(restarted, NAME)).startsWith("The disk is gone. Mend the storage. Next try from ");
            assertThat(refusal(restarted, NAME)).startsWith("The disk is gone.");
            assertThat(log.lines())
                    .containsExactly("WARN app.example.com: STORAGE failed. The disk is gone. Mend the storage."
                            + " Next try from 2026-06-01T12:00:10Z on.");
        }

        storage.down(false);
        fixture.time.advance(Duration.ofSeconds(10));

        assertThat(resolve(restarted, NAME)).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void oneThatCannotBeStoredIsServedAndStoredLater() {
        CertificateManager manager = manager(fixture.policy(true));
        storage.readOnly(true);

        Credential issued = resolve(manager, NAME).orElseThrow();

        CertificateEvent.Failed failed = fixture.awaitEvent(CertificateEvent.Failed.class);
        assertThat(failed.step()).isEqualTo(CertificateEvent.Step.STORE);
        assertThat(failed.reason())
                .isEqualTo("It was issued and is served, but kept in memory only: The disk is full.");
        assertThat(manager.health().summary()).contains("kept in memory only");
        fixture.time.advance(Duration.ofSeconds(31));
        storage.readOnly(false);
        await().until(() -> {
            fixture.time.advance(Duration.ofSeconds(31));
            return manager.health().isGood();
        });
        fixture.closeManagers();

        assertThat(resolve(manager(fixture.policy(false)), NAME))
                .get()
                .satisfies(stored -> assertThat(stored.leaf()).isEqualTo(issued.leaf()));
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void oneThatCannotBeStoredIsStoredAtTheLatestWhenTheManagerIsClosed() {
        CertificateManager manager = manager(fixture.policy(true));
        storage.readOnly(true);
        resolve(manager, NAME);
        storage.readOnly(false);

        fixture.closeManagers();

        assertThat(resolve(manager(fixture.policy(false)), NAME)).isPresent();
    }

    private CertificateManager manager(OnDemand policy) {
        return fixture.keep(fixture.builder(policy, storage).build());
    }

    private Credential issueAndClose() {
        Credential issued = resolve(manager(fixture.policy(true)), NAME).orElseThrow();
        fixture.closeManagers();
        fixture.events.clear();
        return issued;
    }

    private void expire(Credential credential) {
        Duration life = Duration.between(fixture.time.instant(), credential.notAfter());
        fixture.time.advance(life.plusSeconds(1));
    }

    private void damage() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Optional<Path> record = files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("certificate")
                            && file.getFileName().toString().contains(NAME))
                    .findFirst();
            Files.writeString(record.orElseThrow(), "damaged");
        }
    }
}
