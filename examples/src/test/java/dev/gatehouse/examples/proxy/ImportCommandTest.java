package dev.gatehouse.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gatehouse certificates import}: what is in the storage afterwards, and what the user reads. */
@Timeout(60)
class ImportCommandTest {

    private static final RecordKey APP = RecordKey.certificate(ServerName.of("app.example.com"));

    private final TestCa ca = TestCa.create();

    @TempDir
    private Path folder;

    private Path source;
    private Path storage;

    @BeforeEach
    void layOut() throws IOException {
        source = Files.createDirectory(folder.resolve("pem"));
        storage = folder.resolve("storage");
        write("app", ca.issue("app.example.com"));
    }

    @Test
    void aCertificateIsInTheStorageAfterwards() throws IOException {
        Invocation outcome = importFolder();

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output())
                .contains(source + ": PEM files")
                .contains("IMPORTED  app.example.com: ")
                .contains("1 of 1 imported into " + storage + ".");
        assertThat(isStored()).isTrue();
    }

    @Test
    void theStateFolderOfRunIsFoundWithoutNamingTheStorage() throws IOException {
        Path state = folder.resolve("state");

        assertThat(Invocation.of("certificates", "import", source.toString(), "--state-dir", state.toString())
                        .exitCode())
                .isZero();

        storage = state.resolve("certificates");
        assertThat(isStored()).isTrue();
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        Invocation outcome = importFolder("--dry-run");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("IMPORTED  app.example.com").contains("1 of 1 would be imported into");
        assertThat(isStored()).isFalse();
    }

    @Test
    void whatCannotBeTakenOverIsNamedAndTheRestIsImported() throws IOException {
        Files.writeString(
                source.resolve("orphan.pem"),
                Pem.encode(ca.issue("orphan.example.com").chain()));

        Invocation outcome = importFolder();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("INCOMPLETE  " + source.resolve("orphan.pem"))
                .contains("1 of 2 imported into " + storage + ", 1 to look into.");
        assertThat(isStored()).isTrue();
    }

    @Test
    void aSecondRunReplacesNothingUnlessItIsTold() throws IOException {
        importFolder();
        write("app", ca.leaf("app.example.com").lifetime(Duration.ofDays(10)).issue());

        assertThat(importFolder().output()).contains("0 of 1 imported");
        assertThat(importFolder("--overwrite").output()).contains("REPLACED  app.example.com");
    }

    @Test
    void aFolderThatIsNotThereIsOneLine() {
        Invocation outcome =
                Invocation.of("certificates", "import", folder.resolve("absent").toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors())
                .startsWith("gatehouse: ")
                .contains("absent")
                .hasLineCount(1);
    }

    @Test
    void aLayoutThatDoesNotExistIsAUsageErrorThatListsThem() {
        Invocation outcome = importFolder("--layout", "traefik");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.errors()).contains("'traefik' is no layout. Write caddy, certbot, acme.sh");
    }

    private void write(String name, Credential credential) throws IOException {
        Files.writeString(source.resolve(name + ".crt"), Pem.encode(credential.chain()));
        Files.writeString(source.resolve(name + ".key"), Pem.encode(credential.privateKey()));
    }

    private boolean isStored() throws IOException {
        try (CertificateStorage opened = FileStorage.at(storage)) {
            return opened.read(APP).isPresent();
        }
    }

    private Invocation importFolder(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("certificates", "import", source.toString(), "--storage", storage.toString()));
        arguments.addAll(List.of(options));
        return Invocation.of(arguments.toArray(String[]::new));
    }
}
