package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cleaning in rounds of short steps. */
class StorageCleanerTest {

    private static final RecordKey CERTIFICATE = RecordKey.certificate(ServerName.of("app.example.com"));
    private static final Duration BETWEEN_ROUNDS = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private FileStorage storage;

    @BeforeEach
    void open() {
        storage = FileStorage.builder(folder).clock(clock).open();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void eachKindGoesWhenItsTimeHasCome() throws IOException {
        WriteTerms now = WriteTerms.none().expiringAt(clock.instant());
        storage.write(CERTIFICATE, new byte[1], 0, now);
        storage.write(RecordKey.challenge("token"), new byte[1], 0, now);
        storage.write(RecordKey.state("state"), new byte[1], 0, now);
        storage.write(RecordKey.account("account"), new byte[1], 0, now);
        storage.add(
                new CounterKey("orders", clock.instant()), 1, clock.instant().plusSeconds(1));
        StorageCleaner cleaner = StorageCleaner.of(storage, clock);

        clock.advance(Duration.ofDays(1));
        try (LogCapture log = new LogCapture()) {
            round(cleaner);
            assertThat(log.lines()).containsExactly("INFO " + folder + ": cleaned, 3 removed.");
        }
        assertThat(storage.read(RecordKey.challenge("token"))).isEmpty();
        assertThat(storage.read(RecordKey.state("state"))).isEmpty();
        assertThat(storage.read(CERTIFICATE)).isPresent();

        clock.advance(Duration.ofDays(14));
        round(cleaner);
        assertThat(storage.read(CERTIFICATE)).isEmpty();
        assertThat(storage.read(RecordKey.account("account"))).isPresent();
    }

    @Test
    void theTimeThatCertificatesAreKeptCanBeSet() throws IOException {
        storage.write(CERTIFICATE, new byte[1], 0, WriteTerms.none().expiringAt(clock.instant()));
        clock.advance(Duration.ofHours(1));
        round(StorageCleaner.of(storage, clock).keepingExpiredCertificates(Duration.ofHours(2)));
        assertThat(storage.read(CERTIFICATE)).isPresent();
        round(StorageCleaner.of(storage, clock).keepingExpiredCertificates(Duration.ZERO));
        assertThat(storage.read(CERTIFICATE)).isEmpty();
    }

    @Test
    void aStepIsBoundedAndTheNextGoesOn() throws IOException {
        for (int i = 0; i < 130; i++) {
            storage.write(
                    RecordKey.challenge("token " + i),
                    new byte[1],
                    0,
                    WriteTerms.none().expiringAt(clock.instant()));
        }
        clock.advance(Duration.ofHours(1));
        StorageCleaner cleaner = StorageCleaner.of(storage, clock);

        assertThat(cleaner.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(storage.expiring(RecordKey.Kind.CHALLENGE, clock.instant(), 1000)
                        .records())
                .hasSize(30);
        cleaner.step();
        assertThat(storage.expiring(RecordKey.Kind.CHALLENGE, clock.instant(), 1000)
                        .records())
                .isEmpty();
    }

    @Test
    void aStorageThatFailsIsLoggedAndTriedAgain() {
        storage.close();
        StorageCleaner cleaner = StorageCleaner.of(storage, clock);
        try (LogCapture log = new LogCapture()) {
            round(cleaner);
            assertThat(log.lines())
                    .hasSize(4)
                    .first()
                    .isEqualTo("WARN " + folder + ": not cleaned of CHALLENGES now. " + folder
                            + ": the certificate storage was closed");
        }
    }

    private static void round(StorageCleaner cleaner) {
        for (int steps = 0; !cleaner.step().equals(BETWEEN_ROUNDS); steps++) {
            assertThat(steps).isLessThan(100);
        }
    }
}
