package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.ExpiringRecord;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.internal.order.StoredAccount;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What becomes of what was found, by what the storage has. */
@Timeout(60)
class ImportPlanTest {

    private static final String DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";
    private static final String STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";

    private final ManualClock clock = new ManualClock();
    private final TestCa ca = TestCa.builder().clock(clock).build();

    @TempDir
    private Path temp;

    private WrittenFolder folder;
    private FileStorage storage;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(temp.resolve("etc"));
        folder = new WrittenFolder(temp.resolve("etc"));
        storage = FileStorage.at(temp.resolve("storage"));
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void aPlanSaysWhatWouldBeDoneAndDoesNothing() throws IOException {
        folder.certbot("app", ca.issue("app.example.com", "*.shop.example.com"), DIRECTORY, "1");

        ImportPlan plan = anImport().plan(storage);

        assertThat(plan.layout()).isEqualTo(ImportLayout.CERTBOT);
        assertThat(plan.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.outcome()).isEqualTo(ImportOutcome.IMPORTED);
            assertThat(entry.toString())
                    .isEqualTo("app.example.com, *.shop.example.com: new, EC until 2026-08-30T12:00:00Z, of "
                            + DIRECTORY + ", from " + temp.resolve("etc/live/app/fullchain.pem") + ".");
        });
        assertThat(plan.toString()).startsWith("certbot\nIMPORTED  app.example.com, *.shop.example.com: new, ");
        assertThat(storage.read(key("app.example.com"))).isEmpty();
    }

    @Test
    void everyNameOfACertificateHasARecordThatSaysWhereItIsFrom() throws IOException {
        Credential credential = ca.issue("app.example.com", "www.example.com", "*.shop.example.com");
        folder.certbot("app", credential, DIRECTORY, "1");

        anImport().plan(storage).apply();

        for (String name : List.of("app.example.com", "www.example.com", "*.shop.example.com")) {
            StoredRecord record = storage.read(new RecordKey(RecordKey.Kind.CERTIFICATE, name))
                    .orElseThrow();
            assertThat(StoredCertificate.decode(record.content()).credential().fingerprint())
                    .isEqualTo(credential.fingerprint());
            assertThat(new String(record.content(), StandardCharsets.UTF_8))
                    .startsWith("issuer: " + DIRECTORY + "\nissued-at: " + credential.notBefore() + "\n");
        }
        assertThat(storage.expiring(
                                RecordKey.Kind.CERTIFICATE,
                                credential.notAfter().plusSeconds(1),
                                10)
                        .records())
                .extracting(record -> record.key().name(), ExpiringRecord::expiresAt)
                .containsExactlyInAnyOrder(
                        tuple("app.example.com", credential.notAfter()),
                        tuple("www.example.com", credential.notAfter()),
                        tuple("*.shop.example.com", credential.notAfter()));
    }

    @Test
    void importingTwiceChangesNothing() throws IOException {
        folder.certbot("app", ca.issue("app.example.com"), DIRECTORY, "1")
                .certbotAccount(
                        "acme-v02.api.letsencrypt.org/directory",
                        "1",
                        ecKey(),
                        "https://acme-v02.api.letsencrypt.org/acme/acct/1");
        anImport().plan(storage).apply();

        ImportReport second = anImport().plan(storage).apply();

        assertThat(second.entries())
                .extracting(ImportEntry::outcome)
                .containsExactly(ImportOutcome.UNCHANGED, ImportOutcome.UNCHANGED);
        assertThat(storage.read(key("app.example.com")).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void aLongerLivedCertificateIsKeptUnlessOverwritingIsAskedFor() throws IOException {
        Credential there =
                ca.leaf("app.example.com").lifetime(Duration.ofDays(80)).issue();
        store("app.example.com", there);
        Credential shorter = ca.leaf("app.example.com", "www.example.com")
                .lifetime(Duration.ofDays(40))
                .issue();
        folder.certbot("app", shorter, DIRECTORY, "1");

        assertThat(anImport().plan(storage).apply().entries())
                .extracting(ImportEntry::subject, ImportEntry::outcome)
                .containsExactly(
                        tuple("app.example.com", ImportOutcome.KEPT_EXISTING),
                        tuple("www.example.com", ImportOutcome.IMPORTED));
        assertThat(stored("app.example.com").fingerprint()).isEqualTo(there.fingerprint());

        anImport().overwriting().plan(storage).apply();

        assertThat(stored("app.example.com").fingerprint()).isEqualTo(shorter.fingerprint());
    }

    @Test
    void aShorterLivedOrExpiredCertificateIsReplaced() throws IOException {
        store(
                "app.example.com",
                ca.leaf("app.example.com").lifetime(Duration.ofDays(10)).issue());
        Credential longer = ca.issue("app.example.com");
        folder.certbot("app", longer, DIRECTORY, "1");

        assertThat(anImport().plan(storage).apply().entries())
                .extracting(ImportEntry::toString)
                .containsExactly("app.example.com: in place of one until 2026-06-11T12:00:00Z, EC until"
                        + " 2026-08-30T12:00:00Z, of " + DIRECTORY + ", from "
                        + temp.resolve("etc/live/app/fullchain.pem") + ".");
        assertThat(stored("app.example.com").fingerprint()).isEqualTo(longer.fingerprint());
    }

    @Test
    void whatSomebodyWritesBetweenPlanAndApplyIsNotOverwritten() throws IOException {
        folder.certbot(
                "app", ca.leaf("app.example.com").lifetime(Duration.ofDays(40)).issue(), DIRECTORY, "1");
        ImportPlan plan = anImport().plan(storage);
        Credential renewed =
                ca.leaf("app.example.com").lifetime(Duration.ofDays(89)).issue();
        store("app.example.com", renewed);

        assertThat(plan.apply().entries())
                .extracting(ImportEntry::outcome)
                .containsExactly(ImportOutcome.KEPT_EXISTING);
        assertThat(stored("app.example.com").fingerprint()).isEqualTo(renewed.fingerprint());
    }

    @Test
    void aShorterLivedOneThatSomebodyWritesInBetweenIsReplaced() throws IOException {
        Credential found = ca.issue("app.example.com");
        folder.certbot("app", found, DIRECTORY, "1");
        ImportPlan plan = anImport().plan(storage);
        store(
                "app.example.com",
                ca.leaf("app.example.com").lifetime(Duration.ofDays(7)).issue());

        assertThat(plan.apply().entries()).extracting(ImportEntry::outcome).containsExactly(ImportOutcome.REPLACED);
        assertThat(stored("app.example.com").fingerprint()).isEqualTo(found.fingerprint());
    }

    @Test
    void aRecordThatCannotBeUsedIsReplaced() throws IOException {
        storage.write(key("app.example.com"), "nonsense".getBytes(StandardCharsets.UTF_8), CertificateStorage.ABSENT);
        Credential found = ca.issue("app.example.com");
        folder.certbot("app", found, DIRECTORY, "1");

        anImport().plan(storage).apply();

        assertThat(stored("app.example.com").fingerprint()).isEqualTo(found.fingerprint());
    }

    @Test
    void certificatesThatNobodyCouldUseAreLeftOut() throws IOException {
        folder.certbot(
                        "old",
                        ca.leaf("old.example.com")
                                .validity(
                                        clock.instant().minus(Duration.ofDays(90)),
                                        clock.instant().minusSeconds(1))
                                .issue(),
                        DIRECTORY,
                        "1")
                .certbot(
                        "early",
                        ca.leaf("early.example.com")
                                .validity(
                                        clock.instant().plusSeconds(60),
                                        clock.instant().plus(Duration.ofDays(90)))
                                .issue(),
                        DIRECTORY,
                        "1")
                .certbot("test", ca.issue("test.example.com"), STAGING, "1");

        ImportReport report = anImport().plan(storage).apply();

        assertThat(report.entries())
                .extracting(ImportEntry::subject, ImportEntry::outcome)
                .containsExactly(
                        tuple("early.example.com", ImportOutcome.NOT_YET_VALID),
                        tuple("old.example.com", ImportOutcome.EXPIRED),
                        tuple("test.example.com", ImportOutcome.STAGING));
        assertThat(report.problems())
                .extracting(ImportEntry::subject)
                .containsExactly("early.example.com", "test.example.com");
        assertThat(storage.read(key("old.example.com"))).isEmpty();
        assertThat(storage.read(key("test.example.com"))).isEmpty();
    }

    @Test
    void certificatesOfStagingAreTakenWhenItsDirectoryIsNamed() throws IOException {
        folder.certbot("test", ca.issue("test.example.com"), STAGING, "1");

        anImport().directory(URI.create(STAGING)).plan(storage).apply();

        assertThat(storage.read(key("test.example.com"))).isPresent();
    }

    @Test
    void oneOfSeveralCertificatesForANameIsTaken() throws IOException {
        Credential rsa =
                ca.leaf("app.example.com").keyAlgorithm(KeyAlgorithm.RSA_2048).issue();
        Credential ec = ca.issue("app.example.com");
        Credential shorter = ca.leaf("app.example.com", "only.example.com")
                .lifetime(Duration.ofDays(9))
                .issue();
        folder.certbot("a", rsa, DIRECTORY, "1")
                .certbot("b", ec, DIRECTORY, "1")
                .certbot("c", shorter, DIRECTORY, "1");

        ImportReport report = anImport().plan(storage).apply();

        assertThat(report.entries())
                .extracting(ImportEntry::subject, ImportEntry::outcome)
                .containsExactly(
                        tuple("app.example.com", ImportOutcome.SUPERSEDED),
                        tuple("app.example.com", ImportOutcome.IMPORTED),
                        tuple("app.example.com", ImportOutcome.SUPERSEDED),
                        tuple("only.example.com", ImportOutcome.IMPORTED));
        assertThat(stored("app.example.com").fingerprint()).isEqualTo(ec.fingerprint());
        assertThat(stored("only.example.com").fingerprint()).isEqualTo(shorter.fingerprint());
    }

    @Test
    void oneAccountOfAnAuthorityIsTakenAndNoneReplacesAnother() throws IOException {
        KeyPair used = ecKey();
        String server = "acme-v02.api.letsencrypt.org/directory";
        folder.certbot("app", ca.issue("app.example.com"), DIRECTORY, "used")
                .certbotAccount(server, "used", used, "https://acme-v02.api.letsencrypt.org/acme/acct/1")
                .certbotAccount(server, "spare", ecKey(), "https://acme-v02.api.letsencrypt.org/acme/acct/2");

        assertThat(accountEntries(anImport().plan(storage).apply()))
                .extracting(ImportEntry::outcome)
                .containsExactly(ImportOutcome.IMPORTED, ImportOutcome.SUPERSEDED);
        assertThat(storedAccount()).isEqualTo(used.getPublic());

        KeyPair other = ecKey();
        folder.certbotAccount(server, "used", other, "https://acme-v02.api.letsencrypt.org/acme/acct/3");
        assertThat(accountEntries(anImport().plan(storage).apply()).get(0)).satisfies(entry -> {
            assertThat(entry.outcome()).isEqualTo(ImportOutcome.KEPT_EXISTING);
            assertThat(entry.toString())
                    .startsWith("account https://acme-v02.api.letsencrypt.org/acme/acct/3 at " + DIRECTORY
                            + ": kept the other account that is in the storage;");
        });
        assertThat(storedAccount()).isEqualTo(used.getPublic());

        anImport().overwriting().plan(storage).apply();
        assertThat(storedAccount()).isEqualTo(other.getPublic());
    }

    @Test
    void aStorageThatFailsFailsOneRecordAndNotTheOthers() throws IOException {
        folder.certbot("a", ca.issue("a.example.com"), DIRECTORY, "1")
                .certbot("b", ca.issue("b.example.com"), DIRECTORY, "1");
        ImportPlan plan = anImport().plan(storage);
        storage.close();

        List<ImportEntry> entries = plan.apply().entries();

        assertThat(entries).extracting(ImportEntry::outcome).containsOnly(ImportOutcome.FAILED);
        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).toString())
                .startsWith("a.example.com: not imported, the storage failed (")
                .endsWith("Mend it and import again.");
    }

    @Test
    void everyEntryIsLoggedAndNoKeyIs() throws IOException {
        folder.certbot("app", ca.issue("app.example.com"), DIRECTORY, "1")
                .file("live/broken/fullchain.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
                .file("live/broken/privkey.pem", Pem.encode(ecKey().getPrivate()));
        Logger logger = (Logger) LoggerFactory.getLogger(ImportPlan.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);

        ImportReport report = anImport().plan(storage).apply();

        logger.detachAppender(lines);
        assertThat(report.entries()).hasSize(2);
        assertThat(lines.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "INFO " + report.entries().get(0),
                        "WARN " + report.entries().get(1))
                .noneMatch(line -> line.contains("PRIVATE"));
    }

    @Test
    void whatIsWrittenIsReadableByTheOwnerOnly() throws IOException {
        folder.certbot("app", ca.issue("app.example.com"), DIRECTORY, "1")
                .certbotAccount(
                        "acme-v02.api.letsencrypt.org/directory",
                        "1",
                        ecKey(),
                        "https://acme-v02.api.letsencrypt.org/acme/acct/1");

        anImport().plan(storage).apply();

        try (Stream<Path> files = Files.walk(temp.resolve("storage"))) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .endsWith("------"));
        }
    }

    @Test
    void aFolderThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> CertificateImport.from(temp.resolve("nowhere")).plan(storage))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(
                        "nowhere: there is no such folder. Name the folder that the certificates are in.");
    }

    @Test
    void contradictorySettingsAreRefused() {
        assertThatThrownBy(() -> anImport().layout(ImportLayout.PEM).layout(ImportLayout.CERTBOT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("layout was already set to PEM files");
        assertThatThrownBy(() -> anImport().directory(URI.create("acme.example.com/directory")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Write it as https://host/directory");
    }

    private CertificateImport anImport() {
        return CertificateImport.from(folder.root()).clock(clock);
    }

    private static List<ImportEntry> accountEntries(ImportReport report) {
        return report.entries().stream()
                .filter(entry -> entry.subject().startsWith("account"))
                .toList();
    }

    private void store(String name, Credential credential) throws IOException {
        storage.write(
                key(name), StoredCertificate.encode(credential, DIRECTORY, clock.instant()), CertificateStorage.ABSENT);
    }

    private Credential stored(String name) throws IOException {
        return StoredCertificate.decode(storage.read(key(name)).orElseThrow().content())
                .credential();
    }

    private Object storedAccount() throws IOException {
        return StoredAccount.decodeKey(
                        storage.read(RecordKey.account(DIRECTORY)).orElseThrow().content())
                .getPublic();
    }

    private static RecordKey key(String name) {
        return RecordKey.certificate(ServerName.of(name));
    }

    private static KeyPair ecKey() {
        return KeyAlgorithm.EC_P256.generateKeyPair();
    }
}
