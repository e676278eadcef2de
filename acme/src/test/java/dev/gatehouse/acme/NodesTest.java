package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.join;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several managers over one storage. */
@Timeout(60)
class NodesTest {

    private static final String NAME = "app.example.com";
    private static final String LEASE = "certificate " + NAME;

    @TempDir
    private Path folder;

    private ManagerFixture fixture;
    private StorageDouble storage;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
        storage = new StorageDouble(
                FileStorage.builder(folder).clock(fixture.time).open());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void twoNodesPlaceOneOrderAndServeTheSameCertificate() {
        CertificateManager one = node();
        CertificateManager other = node();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> atOne = start(one, NAME);
        await().until(() -> fixture.issuer.orders() == 1);
        CompletableFuture<Optional<Credential>> atOther = start(other, NAME);
        fixture.awaitEvent(CertificateEvent.OrderedElsewhere.class);

        gate.complete(null);
        Credential issued = join(atOne).orElseThrow();
        advanceUntilDone(atOther);

        assertThat(join(atOther))
                .get()
                .satisfies(shared -> assertThat(shared.leaf()).isEqualTo(issued.leaf()));
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void aNodeThatGivesUpIsFollowedByTheNext() throws IOException {
        Lease lease = storage.acquire(LEASE, Duration.ofMinutes(10)).orElseThrow();
        CertificateManager node = node();
        CompletableFuture<Optional<Credential>> waiting = start(node, NAME);
        fixture.awaitEvent(CertificateEvent.OrderedElsewhere.class);
        fixture.time.advance(Duration.ofSeconds(5));
        assertThat(waiting).isNotDone();

        storage.release(lease);
        advanceUntilDone(waiting);

        assertThat(join(waiting)).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsKilledIsFollowedWhenItsLeaseEnds() throws IOException {
        storage.acquire(LEASE, Duration.ofSeconds(15)).orElseThrow();
        CompletableFuture<Optional<Credential>> waiting = start(node(), NAME);
        fixture.awaitEvent(CertificateEvent.OrderedElsewhere.class);

        advanceUntilDone(waiting);

        assertThat(join(waiting)).isPresent();
    }

    @Test
    void aNodeThatWasFrozenWritesNothingAndServesWhatTheOtherHasStored() throws IOException {
        CertificateManager frozen = fixture.keep(fixture.builder(fixture.policy(true), storage)
                .alarms((delay, call) -> () -> {})
                .build());
        CompletableFuture<Void> gate = fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> atFrozen = start(frozen, NAME);
        await().until(() -> fixture.issuer.orders() == 1);
        fixture.time.advance(Duration.ofSeconds(30));
        fixture.issuer.hold(name -> false);
        Credential byOther = resolve(node(), NAME).orElseThrow();
        long version = storedVersion();
        try (LogCapture log = new LogCapture()) {
            gate.complete(null);

            assertThat(join(atFrozen))
                    .get()
                    .satisfies(served -> assertThat(served.leaf()).isEqualTo(byOther.leaf()));
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN app.example.com: another node has ordered it meanwhile;"));
        }
        assertThat(storedVersion()).isEqualTo(version);
        assertThat(fixture.issuer.orders()).isEqualTo(2);
    }

    @Test
    void anOrderThatTakesLongKeepsItsLease() throws IOException {
        CertificateManager node = node();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> waiting = start(node, NAME);
        await().until(() -> fixture.issuer.orders() == 1);

        for (int i = 0; i < 24; i++) {
            await().until(() -> fixture.time.untilNextAlarm().compareTo(Duration.ofSeconds(5)) <= 0);
            fixture.time.advance(fixture.time.untilNextAlarm());
        }

        assertThat(storage.acquire(LEASE, Duration.ofSeconds(1))).isEmpty();
        gate.complete(null);
        fixture.awaitEvent(CertificateEvent.Issued.class);
        await().until(() -> storage.acquire(LEASE, Duration.ofSeconds(1)).isPresent());
        assertThat(waiting).isDone();
    }

    @Test
    void whatAnotherNodeStoresIsServedThoughThisOneIsBackingOff() throws IOException {
        CertificateManager node = node();
        fixture.issuer.fail(name -> true);
        resolve(node, NAME);
        await().until(() -> node.statistics().waitingRetries() == 1);
        fixture.time.advance(Duration.ofSeconds(72));
        await().until(() -> fixture.events(CertificateEvent.Failed.class).size() == 2);
        byte[] byOther = StoredCertificate.encode(fixture.ca.issue(NAME), "another", fixture.time.instant());
        storage.write(RecordKey.certificate(ServerName.of(NAME)), byOther, CertificateStorage.ABSENT);

        assertThat(resolve(node, NAME)).isEmpty();
        fixture.time.advance(Duration.ofSeconds(61));

        assertThat(resolve(node, NAME)).isPresent();
        assertThat(node.status(ServerName.of(NAME)).orElseThrow().issuer()).contains("another");
        assertThat(fixture.issuer.orders()).isEqualTo(2);
    }

    @Test
    void theChallengeOfOneNodeIsAnsweredByTheOther() {
        String token = "DGyRejmCefe7v4NfDGDKfA-DGyRejmCefe7v4NfDGDK";
        CertificateManager one = node();
        CertificateManager other = node();
        Http01Challenges.Publication publication = one.http01().publish(token, token + ".thumbprint");

        assertThat(other.http01().keyAuthorization(token)).isEmpty();
        assertThat(other.http01().find(token).toCompletableFuture().join()).contains(token + ".thumbprint");
        publication.close();
        assertThat(other.http01().find(token).toCompletableFuture().join()).isEmpty();
        assertThat(one.http01().keyAuthorization(token)).isEmpty();
    }

    @Test
    void whatDoesNotLookLikeATokenIsNotLookedForInStorage() {
        CertificateManager node = node();
        int calls = storage.calls();

        for (String token : new String[] {"short", "../../etc/passwd-and-some-more-letters", "x".repeat(300), ""}) {
            assertThat(node.http01().find(token).toCompletableFuture()).isCompletedWithValue(Optional.empty());
        }

        assertThat(storage.calls()).isEqualTo(calls);
    }

    private CertificateManager node() {
        return fixture.keep(fixture.builder(fixture.policy(true), storage).build());
    }

    private long storedVersion() throws IOException {
        return storage.read(RecordKey.certificate(ServerName.of(NAME)))
                .orElseThrow()
                .version();
    }

    /** Lets the waiting node poll: the next alarm is set when the look before has ended. */
    private void advanceUntilDone(CompletableFuture<Optional<Credential>> waiting) {
        while (!waiting.isDone()) {
            await().until(() ->
                    waiting.isDone() || fixture.time.untilNextAlarm().compareTo(Duration.ofSeconds(1)) <= 0);
            if (!waiting.isDone()) {
                fixture.time.advance(fixture.time.untilNextAlarm());
            }
        }
    }
}
