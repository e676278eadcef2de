package dev.gatehouse.tls.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchedCertificatesTest {

    private static final String NAME = "app.example.com";

    @TempDir
    private Path folder;

    private Path certificate;
    private Path key;
    private final HeldCertificate first = Pairs.of(NAME);

    @BeforeEach
    void writeFirst() {
        certificate = folder.resolve("app.crt");
        key = folder.resolve("app.key");
        write(first);
    }

    @Test
    void aRefusedChangeIsToldOnceUntilTheContentChanges() {
        try (WatchHarness watch = watch(files())) {
            Pairs.write(key, Pairs.key(Pairs.of(NAME)));
            watch.look();
            assertThat(watch.log.warnings()).as("it may be whole in a moment").isEmpty();
            watch.settle();
            watch.settle();
            assertThat(watch.log.warnings()).hasSize(1);
            assertThat(watch.events)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            SourceEvent.Refused.class,
                            refused -> assertThat(refused.kept())
                                    .contains(watch.credentials().get(0)));

            Pairs.write(key, Pairs.key(Pairs.of(NAME)));
            watch.settle();
            assertThat(watch.log.warnings()).hasSize(2);

            Pairs.write(key, Pairs.key(first));
            watch.settle();
            assertThat(watch.log.lines()).last().asString().isEqualTo("INFO app.crt with app.key: in order again");
            assertThat(watch.refusals()).isEmpty();
            assertThat(watch.covering(NAME))
                    .singleElement()
                    .extracting(credential -> credential.leaf())
                    .isEqualTo(first.certificate());
        }
    }

    @Test
    void aPairThatIsWholeWithinAMomentCausesNoWarning() {
        HeldCertificate second = Pairs.of(NAME);
        try (WatchHarness watch = watch(files())) {
            Pairs.write(certificate, Pairs.chain(second));
            watch.look();
            Pairs.write(key, Pairs.key(second));
            watch.settle();

            assertThat(watch.log.lines())
                    .filteredOn(line -> !line.contains("certificate loaded"))
                    .singleElement()
                    .asString()
                    .startsWith("INFO app.crt with app.key: certificate replaced, " + NAME);
        }
    }

    @Test
    void filesThatAreDeletedKeepTheirCertificate() throws Exception {
        try (WatchHarness watch = watch(files())) {
            Files.delete(certificate);
            watch.settle();
            watch.settle();

            assertThat(watch.covering(NAME)).hasSize(1);
            assertThat(watch.log.warnings())
                    .singleElement()
                    .asString()
                    .endsWith("is served on. app.crt does not exist. Check the path, and that it is mounted.");
        }
    }

    @Test
    void namesThatWereDemandedMustStayCovered() {
        HeldCertificate wildcard = Pairs.of("*.example.com", "example.com");
        try (WatchHarness watch = watch(files().covering(NAME))) {
            write(wildcard);
            watch.settle();
            assertThat(watch.covering("example.com"))
                    .as("another certificate that covers it")
                    .hasSize(1);

            write(Pairs.of("*.example.org"));
            watch.settle();

            assertThat(watch.covering("example.com")).hasSize(1);
            assertThat(watch.log.warnings())
                    .singleElement()
                    .asString()
                    .contains("served on. It does not cover what it should. ")
                    .contains("`" + NAME + "`");
        }
        assertThatThrownBy(files().covering(NAME, "*.example.net")::load)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("It does not cover what it should.");
    }

    @Test
    void anExpiredCertificateNeverTakesThePlaceOfAValidOne() {
        try (WatchHarness watch = watch(files())) {
            write(Pairs.valid(Instant.now().minus(Duration.ofDays(9)), Duration.ofDays(8), NAME));
            watch.settle();

            assertThat(watch.covering(NAME))
                    .singleElement()
                    .extracting(credential -> credential.leaf())
                    .isEqualTo(first.certificate());
            assertThat(watch.log.warnings()).singleElement().asString().contains("has expired at");
        }
    }

    @Test
    void aCertificateThatIsValidLaterIsTakenThen() {
        HeldCertificate later = Pairs.valid(watchNow().plus(Duration.ofHours(2)), Duration.ofDays(8), NAME);
        try (WatchHarness watch = watch(files())) {
            write(later);
            watch.settle();
            assertThat(watch.covering(NAME).get(0).leaf()).isEqualTo(first.certificate());
            assertThat(watch.log.warnings()).singleElement().asString().contains("It is taken then");

            watch.clock.advance(Duration.ofHours(3));
            watch.look();

            assertThat(watch.covering(NAME).get(0).leaf()).isEqualTo(later.certificate());
        }
    }

    @Test
    void whatClientsWillRefuseIsLoadedWithAWarning() {
        Path expired = folder.resolve("expired/both.pem");
        HeldCertificate old =
                Pairs.valid(Instant.now().minus(Duration.ofDays(9)), Duration.ofDays(8), "old.example.com");
        Pairs.write(expired, Pairs.leaf(old) + Pairs.key(old));
        try (WatchHarness watch = watch(CertificateSource.pemFile(expired))) {
            watch.settle();

            assertThat(watch.covering("old.example.com")).hasSize(1);
            assertThat(watch.log.warnings()).hasSize(2);
            assertThat(watch.log.warnings().get(0))
                    .contains("the certificate has expired at")
                    .endsWith("Renew it.");
            assertThat(watch.log.warnings().get(1)).contains("CN=intermediate").contains("is not in the chain");
        }
    }

    @Test
    void aStartThatFailsLeavesTheIndexAsItWas() {
        CertificateIndex index = CertificateIndex.create();
        WatchedCertificates.Builder builder = WatchedCertificates.into(index)
                .add(files())
                .add(CertificateSource.pemFile(folder.resolve("absent.pem")));

        assertThatThrownBy(builder::start)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("absent.pem does not exist. Check the path, and that it is mounted.");
        assertThat(index.covering(ServerName.of(NAME))).isEmpty();
    }

    @Test
    void aSourceMayComeLaterIfThatIsAllowed() {
        Path later = folder.resolve("later/both.pem");
        try (WatchHarness watch = WatchHarness.withoutUnusable(folder, CertificateSource.pemFile(later))) {
            watch.settle();
            assertThat(watch.log.warnings()).singleElement().asString().contains("later/both.pem does not exist");
            assertThat(watch.refusals()).hasSize(1);
            Pairs.write(later, Pairs.chain(first) + Pairs.key(first));
            watch.settle();

            assertThat(watch.covering(NAME)).hasSize(1);
            assertThat(watch.refusals()).isEmpty();
        }
    }

    @Test
    void aChangeThatTheSignatureHidesIsSeenWhileTheFileIsYoung() throws Exception {
        HeldCertificate second = Pairs.of(NAME);
        Path both = folder.resolve("both.pem");
        String one = Pairs.chain(first) + Pairs.key(first);
        String two = Pairs.chain(second) + Pairs.key(second);
        int length = Math.max(one.length(), two.length());
        Pairs.write(both, one + " ".repeat(length - one.length()));
        FileTime tick = FileTime.from(watchNow());
        Files.setLastModifiedTime(both, tick);
        try (WatchHarness watch = watch(CertificateSource.pemFile(both))) {
            Pairs.write(both, two + " ".repeat(length - two.length()));
            Files.setLastModifiedTime(both, tick);
            watch.look();

            assertThat(watch.covering(NAME))
                    .singleElement()
                    .extracting(credential -> credential.leaf())
                    .isEqualTo(second.certificate());
        }
    }

    @Test
    void reloadTellsWhatIsWrongAtOnce() {
        List<String> threads = new CopyOnWriteArrayList<>();
        AtomicReference<WatchedCertificates> self = new AtomicReference<>();
        try (WatchedCertificates watched = WatchedCertificates.into(CertificateIndex.create())
                .add(files())
                .interval(Duration.ofDays(1))
                .listener(event -> {
                    threads.add(Thread.currentThread().getName());
                    if (self.get() != null) {
                        self.get().reload();
                    }
                })
                .start()) {
            assertThat(watched.reload()).isEmpty();
            threads.clear();
            self.set(watched);
            Pairs.write(key, Pairs.key(Pairs.of(NAME)));

            assertThat(watched.reload()).singleElement().satisfies(refused -> {
                assertThat(refused.place()).isEqualTo(certificate + " with " + key);
                assertThat(refused.reason()).contains("does not belong");
            });
            assertThat(threads).as("a listener that fails is no harm").containsExactly("gatehouse-certificates-watch");
        }
    }

    @Test
    void closingEndsTheThreadAndKeepsTheIndex() {
        CertificateIndex index = CertificateIndex.create();
        WatchedCertificates watched =
                WatchedCertificates.into(index).add(files()).start();
        watched.close();
        watched.close();

        assertThat(index.covering(ServerName.of(NAME))).hasSize(1);
        assertThatThrownBy(watched::reload).isInstanceOf(CancellationException.class);
    }

    @Test
    void contradictorySettingsAreRefused() {
        WatchedCertificates.Builder builder =
                WatchedCertificates.into(CertificateIndex.create()).interval(Duration.ofSeconds(2));

        assertThatThrownBy(() -> builder.interval(Duration.ofSeconds(3))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(builder::start).hasMessage("There is no source to watch. Add one.");
        assertThatThrownBy(() ->
                        WatchedCertificates.into(CertificateIndex.create()).interval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files().covering(NAME).covering(NAME)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () -> CertificateSource.keyStore(key, "a"::toCharArray).password("b"::toCharArray))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CertificateSource.directory(folder, 33)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Instant watchNow() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    private CertificateSource files() {
        return CertificateSource.pemFiles(certificate, key);
    }

    private WatchHarness watch(CertificateSource source) {
        return new WatchHarness(folder, source);
    }

    private void write(HeldCertificate pair) {
        Pairs.write(certificate, Pairs.chain(pair));
        Pairs.write(key, Pairs.key(pair));
    }
}
