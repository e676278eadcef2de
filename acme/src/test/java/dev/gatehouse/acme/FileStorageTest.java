package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest {

    private static final RecordKey KEY = RecordKey.certificate(ServerName.of("app.example.com"));

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsReadAfterReopening() throws IOException {
        FileStorage.at(folder).write(KEY, bytes("first"), CertificateStorage.ABSENT);

        StoredRecord record = FileStorage.at(folder).read(KEY).orElseThrow();

        assertThat(record.content()).isEqualTo(bytes("first"));
        assertThat(record.version()).isEqualTo(1);
    }

    @Test
    void recordsOfDifferentKindsAndNamesDoNotMeet() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        storage.write(KEY, bytes("certificate"), CertificateStorage.ABSENT);

        assertThat(storage.read(RecordKey.account("app.example.com"))).isEmpty();
        assertThat(storage.read(RecordKey.certificate(ServerName.of("example.com"))))
                .isEmpty();
    }

    @Test
    void aStaleWriterIsRefusedAndChangesNothing() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        storage.write(KEY, bytes("first"), CertificateStorage.ABSENT);
        storage.write(KEY, bytes("second"), 1);

        assertThatThrownBy(() -> storage.write(KEY, bytes("late"), 1))
                .isInstanceOf(StaleRecordException.class)
                .hasMessage("CERTIFICATE app.example.com: has version 2, not 1."
                        + " Somebody else has written it; read it again.");
        assertThatThrownBy(() -> storage.write(KEY, bytes("new"), CertificateStorage.ABSENT))
                .isInstanceOf(StaleRecordException.class);
        assertThatThrownBy(() -> storage.delete(KEY, 1)).isInstanceOf(StaleRecordException.class);

        assertThat(storage.read(KEY).orElseThrow().content()).isEqualTo(bytes("second"));
    }

    @Test
    void ofManyConcurrentWritersOneWins() throws Exception {
        FileStorage storage = FileStorage.at(folder);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<StoredRecord>> writes = IntStream.range(0, 32)
                    .mapToObj(i ->
                            threads.submit(() -> storage.write(KEY, bytes("writer " + i), CertificateStorage.ABSENT)))
                    .toList();
            int winners = 0;
            for (Future<StoredRecord> write : writes) {
                winners += succeeded(write) ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aDeletedRecordIsAbsent() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        storage.write(KEY, bytes("first"), CertificateStorage.ABSENT);
        storage.delete(KEY, 1);

        assertThat(storage.read(KEY)).isEmpty();
        assertThat(storage.write(KEY, bytes("again"), CertificateStorage.ABSENT).version())
                .isEqualTo(1);
    }

    @Test
    void filesAndFoldersAreForTheirOwnerOnly() throws IOException {
        Path fresh = folder.resolve("fresh");
        FileStorage.at(fresh).write(KEY, bytes("secret"), CertificateStorage.ABSENT);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile(fresh))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh.resolve("certificates"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aDamagedRecordIsAnErrorThatNamesTheFile() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        storage.write(KEY, bytes("content"), CertificateStorage.ABSENT);
        Path file = onlyFile(folder);
        String intact = Files.readString(file);

        for (String damaged : List.of(
                intact.replace("content", "c0ntent"),
                intact.substring(0, intact.length() - 1),
                intact.replace("version: 1", "version: x"),
                "",
                "-----BEGIN CERTIFICATE-----\n\n")) {
            Files.writeString(file, damaged);

            assertThatThrownBy(() -> storage.read(KEY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("Restore it from a backup, or delete it");
        }
    }

    @Test
    void noTemporaryFileIsLeftBehind() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        for (int i = 0; i < 10; i++) {
            storage.write(KEY, bytes("version " + i), i);
        }

        assertThat(onlyFile(folder)).hasFileName("app.example.com.pem");
    }

    @Test
    void namesCannotLeaveTheFolder() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        RecordKey account = RecordKey.account("https://ca.example/../../etc:8080/Directory");

        storage.write(account, bytes("account"), CertificateStorage.ABSENT);

        assertThat(onlyFile(folder).getParent()).isEqualTo(folder.resolve("accounts"));
        assertThat(storage.read(account)).isPresent();
        assertThat(storage.read(RecordKey.account("https://ca.example/../../etc:8080/directory")))
                .isEmpty();
    }

    @Test
    void veryLongNamesHaveFilesOfTheirOwn() throws IOException {
        FileStorage storage = FileStorage.at(folder);
        String common = "https://ca.example/" + "x".repeat(400);
        storage.write(RecordKey.account(common + "1"), bytes("1"), CertificateStorage.ABSENT);
        storage.write(RecordKey.account(common + "2"), bytes("2"), CertificateStorage.ABSENT);

        assertThat(storage.read(RecordKey.account(common + "1")).orElseThrow().content())
                .isEqualTo(bytes("1"));
    }

    @Test
    void aFolderThatCannotBeUsedIsRefusedWithARemedy() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatThrownBy(() -> FileStorage.at(file.resolve("below")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot be used as certificate storage")
                .hasMessageContaining("Choose a folder that this process may write");
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            assertThat(regular).hasSize(1);
            return regular.get(0);
        }
    }

    private static boolean succeeded(Future<?> write) throws InterruptedException {
        try {
            write.get();
            return true;
        } catch (ExecutionException refused) {
            assertThat(refused).hasCauseInstanceOf(StaleRecordException.class);
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
