package dev.gatehouse.tls.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectorySourceTest {

    @TempDir
    private Path folder;

    private final HeldCertificate app = Pairs.of("app.example.com");
    private final HeldCertificate other = Pairs.of("other.example.com");

    @Test
    void pairsAreRecognisedByContentWhateverTheFilesAreCalled() {
        write("one.txt", Pairs.key(other) + Pairs.chain(app));
        write("two.txt", Pairs.key(app));
        write("three", Pairs.chain(other));
        write("README", "These are ours.");

        assertThat(names(load())).containsExactlyInAnyOrder("app.example.com", "other.example.com");
    }

    @Test
    void aFileMayHaveSeveralPairs() {
        write("all.pem", Pairs.chain(app) + Pairs.chain(other) + Pairs.key(other) + Pairs.key(app));

        assertThat(names(load())).containsExactlyInAnyOrder("app.example.com", "other.example.com");
    }

    @Test
    void theLongestChainIsTakenAndLoneIntermediatesCompleteOthers() {
        write("live/app/cert.pem", Pairs.leaf(app));
        write("live/app/fullchain.pem", Pairs.chain(app));
        write("live/app/privkey.pem", Pairs.key(app));
        write("live/other/cert.pem", Pairs.leaf(other));
        write("live/other/chain.pem", Pem.encode(List.of(Pairs.INTERMEDIATE.certificate())));
        write("live/other/privkey.pem", Pairs.key(other));

        assertThat(load())
                .hasSize(2)
                .allSatisfy(credential ->
                        assertThat(credential.chain()).hasSize(2).endsWith(Pairs.INTERMEDIATE.certificate()));
    }

    @Test
    void hiddenFilesAndLevelsBelowTheDepthAreNotRead() {
        write(".hidden.pem", Pairs.chain(other) + Pairs.key(other));
        write("..2026_01_01/tls.pem", Pairs.chain(other) + Pairs.key(other));
        write("a/b/deep.pem", Pairs.chain(other) + Pairs.key(other));
        write("a/near.pem", Pairs.chain(app) + Pairs.key(app));

        assertThat(names(CertificateSource.directory(folder, 1).load())).containsExactly("app.example.com");
        assertThat(names(load())).contains("other.example.com");
    }

    @Test
    void linksThatGoInCirclesEnd() throws Exception {
        write("app.pem", Pairs.chain(app) + Pairs.key(app));
        Files.createSymbolicLink(folder.resolve("again"), folder);
        Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("absent"));

        assertThat(load()).hasSize(1);
    }

    @Test
    void whatIsLeftOverIsSaidAndTheRestIsServed() {
        write("app.pem", Pairs.chain(app) + Pairs.key(app));
        write("lone.key", Pairs.key(other));
        write("lone.pem", Pairs.chain(Pairs.of("third.example.com")));
        write("cut.pem", Pairs.chain(other).substring(0, 300));
        try (LogCapture log = new LogCapture(folder)) {
            assertThat(load()).hasSize(1);
            assertThat(log.warnings())
                    .containsExactlyInAnyOrder(
                            "WARN lone.key: not usable. The private key belongs to no certificate in " + folder
                                    + ". Put its certificate there.",
                            "WARN lone.pem: not usable. The certificate 'CN=third.example.com' has no private key in "
                                    + folder + ". Put its key there.",
                            "WARN cut.pem: not usable. Line 1: -----BEGIN CERTIFICATE----- has no"
                                    + " -----END CERTIFICATE----- of its own."
                                    + " Is the file complete? Write it under another name and rename it.");
        }
    }

    @Test
    void aDirectoryWithoutPairsOrThatIsNoneIsAnError() {
        Path absent = folder.resolve("absent");
        Path file = write("lone.key", Pairs.key(app));

        assertThatThrownBy(CertificateSource.directory(absent)::load)
                .isInstanceOf(CredentialException.class)
                .hasMessage(absent + ": The directory does not exist. Check the path, and that it is mounted.");
        assertThatThrownBy(CertificateSource.directory(file)::load).hasMessageContaining("not a directory");
        assertThatThrownBy(this::load).hasMessageContaining(file + ": The private key belongs to no certificate");
    }

    @Test
    void manyPairsAreLoadedByNamedThreadsAndMatched() {
        for (int i = 0; i < 100; i++) {
            HeldCertificate pair = Pairs.of("t" + i + ".example.com");
            write("t" + i + ".crt", Pairs.chain(pair));
            write((i % 2 == 0 ? "t" : "key") + i + ".key", Pairs.key(pair));
        }

        assertThat(Set.copyOf(names(load()))).hasSize(100);
    }

    @Test
    void onlyWhatChangedGetsANewCredential() {
        write("app.pem", Pairs.chain(app) + Pairs.key(app));
        write("other.pem", Pairs.chain(other) + Pairs.key(other));
        try (WatchHarness watch = watch()) {
            Credential before = watch.covering("other.example.com").get(0);
            HeldCertificate renewed = Pairs.of("app.example.com");
            write("app.pem", Pairs.chain(renewed) + Pairs.key(renewed));
            watch.look();

            assertThat(watch.covering("app.example.com"))
                    .singleElement()
                    .satisfies(credential -> assertThat(credential.leaf()).isEqualTo(renewed.certificate()));
            assertThat(watch.covering("other.example.com")).containsExactly(before);
            assertThat(watch.events).singleElement().isInstanceOf(SourceEvent.Replaced.class);
            watch.reload();
            assertThat(watch.covering("other.example.com")).containsExactly(before);
            assertThat(watch.events).hasSize(1);
        }
    }

    @Test
    void newPairsAreAddedAndDeletedOnesRemoved() throws Exception {
        write("app.pem", Pairs.chain(app) + Pairs.key(app));
        try (WatchHarness watch = watch()) {
            write("sub/other.crt", Pairs.chain(other));
            write("sub/other.key", Pairs.key(other));
            watch.look();
            assertThat(watch.covering("other.example.com")).hasSize(1);

            Files.delete(folder.resolve("sub/other.crt"));
            watch.settle();
            assertThat(watch.covering("other.example.com")).as("half deleted").hasSize(1);
            assertThat(watch.log.warnings())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith(
                                    "WARN sub/other.crt: not taken; the previous certificate, other.example.com (EC, until")
                            .contains("served on. ")
                            .contains("sub/other.key: The private key belongs to no certificate"));
            Files.delete(folder.resolve("sub/other.key"));
            watch.settle();

            assertThat(watch.covering("other.example.com")).isEmpty();
            assertThat(watch.log.lines())
                    .last()
                    .satisfies(line -> assertThat(line)
                            .startsWith("INFO sub/other.crt: certificate removed with its files, other.example.com"));
            assertThat(watch.events)
                    .extracting(event -> event.getClass().getSimpleName())
                    .containsExactly("Loaded", "Refused", "Removed");
        }
    }

    @Test
    void aFileThatIsDeletedAndWrittenAgainWasNeverGone() throws Exception {
        Path both = write("app.pem", Pairs.chain(app) + Pairs.key(app));
        write("other.pem", Pairs.chain(other) + Pairs.key(other));
        try (WatchHarness watch = watch()) {
            Files.delete(both);
            watch.look();
            assertThat(watch.covering("app.example.com")).hasSize(1);
            write("app.pem", Pairs.chain(app) + Pairs.key(app));
            watch.settle();

            assertThat(watch.events).isEmpty();
        }
    }

    @Test
    void aDirectoryThatVanishesKeepsEverything() throws Exception {
        write("app.pem", Pairs.chain(app) + Pairs.key(app));
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        try (WatchHarness watch = watch()) {
            Files.move(folder, away);
            watch.settle();
            assertThat(watch.covering("app.example.com")).hasSize(1);
            Files.createDirectory(folder);
            watch.settle();
            assertThat(watch.covering("app.example.com"))
                    .as("empty, as a lost mount is")
                    .hasSize(1);
            Files.delete(folder);
            Files.move(away, folder);
            watch.settle();

            assertThat(watch.log.warnings()).hasSize(2);
            assertThat(watch.log.warnings().get(0))
                    .contains("not taken; the previous certificate, app.example.com")
                    .endsWith("The directory does not exist. Check the path, and that it is mounted.");
            assertThat(watch.log.warnings().get(1)).contains("All its certificates have gone. Is it mounted?");
            assertThat(watch.log.lines()).last().asString().endsWith(": in order again");
            assertThat(watch.refusals()).isEmpty();
            assertThat(watch.events).noneMatch(event -> event instanceof SourceEvent.Removed);
        }
    }

    @Test
    void aTruncatedFileKeepsItsCertificate() {
        Path both = write("app.pem", Pairs.chain(app) + Pairs.key(app));
        write("other.pem", Pairs.chain(other) + Pairs.key(other));
        try (WatchHarness watch = watch()) {
            Pairs.write(both, "");
            watch.settle();

            assertThat(watch.covering("app.example.com")).hasSize(1);
            assertThat(watch.log.warnings())
                    .singleElement()
                    .asString()
                    .contains("has no certificate with its private key");
        }
    }

    private WatchHarness watch() {
        return new WatchHarness(folder, CertificateSource.directory(folder));
    }

    private List<Credential> load() {
        return CertificateSource.directory(folder).load();
    }

    private Path write(String file, String text) {
        return Pairs.write(folder.resolve(file), text);
    }

    private static List<String> names(List<Credential> credentials) {
        return credentials.stream()
                .map(credential -> credential.coverage().toString())
                .toList();
    }
}
