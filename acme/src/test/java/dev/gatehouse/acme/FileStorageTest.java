package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder promises beyond what every storage does; for that see the conformance suite. */
class FileStorageTest {

    private static final RecordKey KEY = RecordKey.certificate(ServerName.of("app.example.com"));

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final List<FileStorage> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(FileStorage::close);
    }

    @Test
    void filesAndFoldersAreForTheirOwnerOnly() throws IOException {
        Path fresh = folder.resolve("fresh");
        FileStorage storage = open(fresh);
        storage.write(KEY, bytes("secret"), 0, WriteTerms.none().expiringAt(clock.instant()));
        storage.acquire("work", Duration.ofMinutes(1));
        storage.add(
                new CounterKey("orders", clock.instant()), 1, clock.instant().plusSeconds(60));

        try (Stream<Path> all = Files.walk(fresh)) {
            assertThat(all)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void aFolderOfKeysThatIsOpenToOthersIsClosedAndReported() throws IOException {
        open(folder).close();
        Path certificates = folder.resolve("certificates");
        Files.setPosixFilePermissions(certificates, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (LogCapture log = new LogCapture()) {
            open(folder);

            assertThat(log.lines())
                    .containsExactly("WARN " + certificates
                            + ": was open to others (rwxr-xr-x) and holds private keys; it is closed now.");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certificates)))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderThatOthersMayWriteIsReported() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        try (LogCapture log = new LogCapture()) {
            open(folder);

            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN " + folder + ": others may write to it (rwxrwxrwx)")
                            .endsWith("Run: chmod go-w " + folder));
        }
    }

    @Test
    void theFileOfACertificateIsTextBelowAHeader() throws IOException {
        open(folder)
                .write(
                        KEY,
                        bytes("-----BEGIN CERTIFICATE-----\n"),
                        0,
                        WriteTerms.none().expiringAt(Instant.parse("2026-09-01T00:00:00Z")));

        assertThat(Files.readString(onlyCertificate()))
                .startsWith("gatehouse-record: 1\nkind: certificates\nname: app.example.com\nversion: 1\n"
                        + "expires: 2026-09-01T00:00:00Z\nsha256: ")
                .endsWith("\n\n-----BEGIN CERTIFICATE-----\n");
    }

    @Test
    void aDamagedRecordIsSetAsideOnceAndCanBeWrittenAnew() throws IOException {
        FileStorage storage = open(folder);
        StoredRecord first = storage.write(KEY, bytes("content"), 0);
        String intact = Files.readString(onlyCertificate());
        Map<String, String> damages = new LinkedHashMap<>();
        damages.put(intact.replace("content", "c0ntent"), "checksum");
        damages.put(intact.substring(0, intact.length() - 1), "checksum");
        damages.put(intact.replace("version: 1", "version: 2"), "checksum");
        damages.put("", "header");
        damages.put("-----BEGIN CERTIFICATE-----\n\n", "header");
        damages.put("\0".repeat(intact.length()), "header");
        damages.put("x".repeat(2 << 20), "too-large");

        long version = first.version();
        for (Map.Entry<String, String> damage : damages.entrySet()) {
            Path file = onlyCertificate();
            Files.writeString(file, damage.getKey());
            try (LogCapture log = new LogCapture()) {
                assertThatThrownBy(() -> storage.read(KEY))
                        .isInstanceOf(DamagedRecordException.class)
                        .hasMessageStartingWith("CERTIFICATE app.example.com: the stored record is damaged, it")
                        .hasMessageContaining("It was set aside as " + folder.resolve("damaged") + "/20260601T120000")
                        .hasMessageContaining("-certificates-app.example.com-" + damage.getValue() + "-");
                assertThat(log.lines()).hasSize(1).first().asString().startsWith("ERROR CERTIFICATE app.example.com:");
            }
            assertThat(storage.read(KEY)).isEmpty();

            StoredRecord anew = storage.write(KEY, bytes("content"), CertificateStorage.ABSENT);
            assertThat(anew.version()).isGreaterThan(version);
            version = anew.version();
        }
        assertThat(filesIn(folder.resolve("damaged"))).hasSize(damages.size());
    }

    @Test
    void aRecordUnderTheNameOfAnotherIsNotServed() throws IOException {
        FileStorage storage = open(folder);
        RecordKey other = RecordKey.certificate(ServerName.of("other.example.com"));
        storage.write(KEY, bytes("content"), 0);
        Path file = onlyCertificate();
        storage.write(other, bytes("other"), 0);
        Path ofOther = filesIn(folder.resolve("certificates")).stream()
                .filter(path -> !path.equals(file))
                .findFirst()
                .orElseThrow();
        Files.copy(file, ofOther, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> storage.read(other))
                .isInstanceOf(DamagedRecordException.class)
                .hasMessageContaining("it is a copy of another record");
        assertThat(storage.read(KEY)).isPresent();
    }

    @Test
    void onlySoManyDamagedFilesAreKept() throws IOException {
        FileStorage storage = open(folder);
        for (int i = 0; i < 103; i++) {
            storage.write(RecordKey.challenge("token"), bytes("content"), 0);
            List<Path> files = filesIn(folder.resolve("challenges"));
            Files.writeString(files.get(files.size() - 1), "damaged " + i);
            clock.advance(Duration.ofSeconds(1));
            assertThatThrownBy(() -> storage.read(RecordKey.challenge("token")))
                    .isInstanceOf(DamagedRecordException.class);
        }

        List<Path> kept = filesIn(folder.resolve("damaged"));
        assertThat(kept).hasSize(100);
        assertThat(kept).noneMatch(file -> text(file).equals("damaged 2"));
        assertThat(kept).anyMatch(file -> text(file).equals("damaged 102"));
    }

    @Test
    void aRecordOfALaterReleaseIsLeftAlone() throws IOException {
        FileStorage storage = open(folder);
        storage.write(KEY, bytes("content"), 0);
        Path file = onlyCertificate();
        String later = Files.readString(file).replace("gatehouse-record: 1", "gatehouse-record: 2");
        Files.writeString(file, later);

        assertThatThrownBy(() -> storage.read(KEY))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DamagedRecordException.class)
                .hasMessage(file + ": cannot be read, it has format 2, which this release does not know."
                        + " Use the release that wrote it, or a later one.");
        assertThatThrownBy(() -> storage.write(KEY, bytes("new"), 0)).isInstanceOf(IOException.class);
        assertThat(file).hasContent(later);
    }

    @Test
    void aFolderOfALaterReleaseIsRefused() throws IOException {
        open(folder).close();
        Files.writeString(folder.resolve("format"), "gatehouse-storage: 2\n");

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("does not say 'gatehouse-storage: 1'");
    }

    @Test
    void noTemporaryFileIsLeftBehind() throws IOException {
        FileStorage storage = open(folder);
        for (int i = 0; i < 10; i++) {
            storage.write(KEY, bytes("version " + i), i);
        }

        assertThat(filesIn(folder.resolve("temporary"))).isEmpty();
        assertThat(filesIn(folder.resolve("certificates"))).hasSize(1);
    }

    @Test
    void temporaryFilesOfCrashedWritersAreSwept() throws IOException {
        FileStorage storage = open(folder);
        Path abandoned = Files.writeString(folder.resolve("temporary/abandoned.tmp"), "key");
        Path current = Files.writeString(folder.resolve("temporary/current.tmp"), "key");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        assertThat(storage.sweep(10)).isEqualTo(new CleaningProgress(1, true));
        assertThat(abandoned).doesNotExist();
        assertThat(current).exists();
    }

    @Test
    void namesCannotLeaveTheFolder() throws IOException {
        FileStorage storage = open(folder);
        List<String> hostile = List.of(
                "https://ca.example/../../etc:8080/Directory",
                "https://ca.example/../../etc:8080/directory",
                "..",
                ".",
                "../../../tmp/x",
                "/etc/passwd",
                "C:\\windows\\system32",
                "con",
                "CON",
                "nul.txt",
                "a%2fb",
                "a/b",
                "a:b",
                "a-b",
                ".highest-deleted",
                "line\nversion: 99\n\nbreak",
                "\u00e9",
                "e\u0301",
                "*",
                "?",
                " ",
                "trailing.",
                "trailing ",
                "\u202e",
                "x".repeat(1024),
                "x".repeat(1023) + "y",
                "\u20ac".repeat(1024),
                "\ud83d\ude00".repeat(512));
        for (String name : hostile) {
            storage.write(RecordKey.account(name), bytes(name), 0);
        }
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.map(path -> String.valueOf(path.getFileName())).skip(1))
                    .allMatch(name -> name.matches("[a-z0-9%._-]{1,255}|[0-9-]+T[0-9]+"));
        }
        for (String name : hostile) {
            assertThat(storage.read(RecordKey.account(name)).orElseThrow().content())
                    .as(name)
                    .isEqualTo(bytes(name));
        }
        assertThat(filesIn(folder.resolve("accounts"))).hasSize(hostile.size());
    }

    @Test
    void aFolderThatCannotBeUsedIsRefusedWithARemedy() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatThrownBy(() -> open(file.resolve("below")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot be used as certificate storage")
                .hasMessageContaining("Choose a folder that this process may write");
    }

    @Test
    void anInterruptedThreadFinishesItsWriteAndStaysInterrupted() throws IOException {
        FileStorage storage = open(folder);
        Thread.currentThread().interrupt();
        try {
            storage.write(KEY, bytes("first"), 0);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            assertThat(storage.read(KEY).orElseThrow().content()).isEqualTo(bytes("first"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void cleaningLooksOnlyAtWhatHasExpiredAndRemovesEmptyHours() throws IOException {
        FileStorage storage = open(folder);
        for (int i = 0; i < 5; i++) {
            storage.write(
                    RecordKey.challenge("token " + i),
                    bytes("x"),
                    0,
                    WriteTerms.none().expiringAt(clock.instant().plus(Duration.ofHours(i))));
        }
        Path notYet = filesIn(folder.resolve("challenges")).stream()
                .filter(file -> text(file).contains("name: token%204"))
                .findFirst()
                .orElseThrow();
        Files.writeString(notYet, "damaged, and nobody looks");
        clock.advance(Duration.ofHours(3));

        assertThat(storage.clean(RecordKey.Kind.CHALLENGE, clock.instant(), 100))
                .isEqualTo(new CleaningProgress(3, true));
        assertThat(notYet).exists();
        try (Stream<Path> hours = Files.list(folder.resolve("expiry/challenges"))) {
            assertThat(hours.map(hour -> String.valueOf(hour.getFileName())))
                    .containsExactlyInAnyOrder("2026-06-01T15", "2026-06-01T16");
        }
    }

    @Test
    void aDamagedRecordDoesNotStopCleaning() throws IOException {
        FileStorage storage = open(folder);
        for (int i = 0; i < 3; i++) {
            storage.write(
                    RecordKey.challenge("token-" + i),
                    bytes("x"),
                    0,
                    WriteTerms.none().expiringAt(clock.instant().plusSeconds(i)));
        }
        Path first = filesIn(folder.resolve("challenges")).stream()
                .filter(file -> text(file).contains("name: token-0"))
                .findFirst()
                .orElseThrow();
        Files.writeString(first, "damaged");
        clock.advance(Duration.ofHours(1));

        assertThat(storage.clean(RecordKey.Kind.CHALLENGE, clock.instant(), 100))
                .isEqualTo(new CleaningProgress(2, true));
        assertThat(filesIn(folder.resolve("challenges"))).allMatch(file -> file.endsWith(".highest-deleted"));
        assertThat(filesIn(folder.resolve("damaged"))).hasSize(1);
    }

    @Test
    void aMarkerThatACrashHasLeftIsRemovedByCleaning() throws IOException {
        FileStorage storage = open(folder);
        storage.write(
                RecordKey.challenge("token"), bytes("x"), 0, WriteTerms.none().expiringAt(clock.instant()));
        Path hour = folder.resolve("expiry/challenges/2026-06-01T12");
        String marker = String.valueOf(filesIn(hour).get(0).getFileName());
        Files.createFile(hour.resolve(marker.replace("-token", "-vanished")));
        Files.createFile(hour.resolve(marker.replace("-token", "-" + "v".repeat(180) + "%" + "ab".repeat(16))));

        assertThat(storage.clean(RecordKey.Kind.CHALLENGE, clock.instant().plusSeconds(1), 100))
                .isEqualTo(new CleaningProgress(1, true));
        assertThat(hour).doesNotExist();
    }

    @Test
    void whatDoesNotBelongIntoTheIndexHindersNobody() throws IOException {
        FileStorage storage = open(folder);
        storage.write(
                RecordKey.challenge("token"), bytes("x"), 0, WriteTerms.none().expiringAt(clock.instant()));
        Path hour = folder.resolve("expiry/challenges/2026-06-01T12");
        String marker = String.valueOf(filesIn(hour).get(0).getFileName());
        for (String foreign : List.of("README", "x".repeat(30), marker.replace("-token", "-%zz"), "lost+found")) {
            Files.createFile(hour.resolve(foreign));
        }
        Files.createFile(folder.resolve("expiry/challenges/.DS_Store"));
        clock.advance(Duration.ofSeconds(1));

        assertThat(storage.expiring(RecordKey.Kind.CHALLENGE, Instant.MAX, 10).records())
                .hasSize(1);
        assertThat(storage.clean(RecordKey.Kind.CHALLENGE, clock.instant(), 10))
                .isEqualTo(new CleaningProgress(1, true));
        assertThat(storage.read(RecordKey.challenge("token"))).isEmpty();
    }

    @Test
    void aLostIndexIsRebuiltInSteps() throws IOException {
        FileStorage storage = open(folder);
        Instant expiry = clock.instant().plus(Duration.ofDays(90));
        for (int i = 0; i < 7; i++) {
            storage.write(
                    RecordKey.certificate(ServerName.of("host" + i + ".example.com")),
                    bytes("x"),
                    0,
                    WriteTerms.none().expiringAt(expiry));
        }
        for (Path marker : filesIn(folder.resolve("expiry/certificates"))) {
            Files.delete(marker);
        }
        assertThat(storage.expiring(RecordKey.Kind.CERTIFICATE, Instant.MAX, 100)
                        .records())
                .isEmpty();

        int steps = 1;
        while (!storage.rebuildIndex(3)) {
            steps++;
        }

        assertThat(steps).isGreaterThan(3);
        assertThat(storage.expiring(RecordKey.Kind.CERTIFICATE, Instant.MAX, 100)
                        .records())
                .hasSize(7);
    }

    @Test
    void aDamagedLeaseDoesNotBlockAndItsNumberStaysBelowTheNext() throws IOException {
        FileStorage storage = open(folder);
        Lease lease = storage.acquire("work", Duration.ofHours(1)).orElseThrow();
        Files.writeString(filesIn(folder.resolve("leases")).get(0), "");

        Lease next = storage.acquire("work", Duration.ofHours(1)).orElseThrow();

        assertThat(next.fencingNumber()).isGreaterThan(lease.fencingNumber());
        assertThatThrownBy(() -> storage.renew(lease, Duration.ofHours(1))).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void leasesOfProcessesThatAreGoneAreSwept() throws IOException {
        FileStorage storage = open(folder);
        Lease lease = storage.acquire("work", Duration.ofHours(1)).orElseThrow();
        assertThat(storage.sweep(10).removed()).isZero();

        clock.advance(Duration.ofHours(26));
        assertThat(storage.sweep(10)).isEqualTo(new CleaningProgress(1, true));

        assertThat(storage.acquire("work", Duration.ofHours(1)).orElseThrow().fencingNumber())
                .isGreaterThan(lease.fencingNumber());
    }

    private FileStorage open(Path where) {
        FileStorage storage = FileStorage.builder(where).clock(clock).open();
        opened.add(storage);
        return storage;
    }

    private Path onlyCertificate() throws IOException {
        List<Path> files = filesIn(folder.resolve("certificates")).stream()
                .filter(file -> !file.endsWith(".highest-deleted"))
                .toList();
        assertThat(files).hasSize(1);
        return files.get(0);
    }

    private static List<Path> filesIn(Path where) throws IOException {
        try (Stream<Path> files = Files.walk(where)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
