package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile folders: each fault is one line, and keeps nothing else from being imported. */
@Timeout(60)
class HostileFolderTest {

    private static final String DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";

    private final TestCa ca = TestCa.create();

    @TempDir
    private Path temp;

    private WrittenFolder folder;

    @BeforeEach
    void writeOneThatIsWell() {
        folder = new WrittenFolder(temp.resolve("letsencrypt"));
        folder.certbot("well", ca.issue("well.example.com"), DIRECTORY, "1");
    }

    @Test
    void eachFaultIsToldAndTheRestIsTaken() throws IOException {
        Credential credential = ca.issue("app.example.com");
        folder.certbot("mismatch", credential, DIRECTORY, "1")
                .file(
                        "archive/mismatch/privkey2.pem",
                        Pem.encode(KeyAlgorithm.EC_P256.generateKeyPair().getPrivate()))
                .certbot("torn", credential, DIRECTORY, "1")
                .file(
                        "archive/torn/fullchain2.pem",
                        Pem.encode(credential.chain()).substring(0, 300))
                .certbot("empty", credential, DIRECTORY, "1")
                .file("archive/empty/privkey2.pem", "")
                .certbot("keyless", credential, DIRECTORY, "1")
                .certbot("huge", credential, DIRECTORY, "1")
                .file("archive/huge/fullchain2.pem", "x".repeat(SourceFolder.MAX_FILE_BYTES + 1));
        Files.delete(folder.root().resolve("live/keyless/privkey.pem"));

        assertThat(read().problems())
                .extracting(problem -> lineage(problem.source()), ImportProblem::outcome)
                .containsExactlyInAnyOrder(
                        tuple("mismatch", ImportOutcome.KEY_MISMATCH),
                        tuple("torn", ImportOutcome.DAMAGED),
                        tuple("empty", ImportOutcome.DAMAGED),
                        tuple("keyless", ImportOutcome.INCOMPLETE),
                        tuple("huge", ImportOutcome.UNREADABLE));
        assertThat(read().certificates())
                .extracting(found -> lineage(found.source()))
                .contains("well");
    }

    @Test
    void aMismatchSaysWhichFilesAndWhatToDo() throws IOException {
        folder.certbot("mismatch", ca.issue("app.example.com"), DIRECTORY, "1")
                .file(
                        "archive/mismatch/privkey2.pem",
                        Pem.encode(KeyAlgorithm.EC_P256.generateKeyPair().getPrivate()));

        Path live = folder.root().resolve("live/mismatch");
        assertThat(read().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith(live.resolve("fullchain.pem") + ": With " + live.resolve("privkey.pem")
                                + ": The private key (EC) does not belong to certificate ")
                        .endsWith("Give the key that the certificate was requested with."));
    }

    @Test
    void linksThatLeadOutOfTheFolderAreNotFollowed() throws IOException {
        WrittenFolder elsewhere = new WrittenFolder(temp.resolve("elsewhere"));
        elsewhere.autocert("both.pem", ca.issue("secret.example.com"));
        elsewhere.certbot("whole", ca.issue("whole.example.com"), DIRECTORY, "1");
        folder.link(
                        "live/out/fullchain.pem",
                        elsewhere.root().resolve("both.pem").toString())
                .link("live/out/privkey.pem", "../../../elsewhere/both.pem")
                .link("live/whole", elsewhere.root().resolve("live/whole").toString())
                .link("live/dangling/fullchain.pem", "../../archive/dangling/fullchain9.pem")
                .link("live/dangling/privkey.pem", "../../archive/dangling/privkey9.pem")
                .link("live/loop/fullchain.pem", "fullchain.pem")
                .link("live/loop/privkey.pem", "fullchain.pem");

        ImportContents contents = read();

        assertThat(contents.certificates())
                .extracting(found -> lineage(found.source()))
                .containsExactly("well");
        assertThat(contents.problems())
                .extracting(ImportProblem::outcome)
                .containsOnly(ImportOutcome.UNREADABLE)
                .hasSize(4);
        assertThat(contents.problems())
                .anySatisfy(problem -> assertThat(problem.toString())
                        .isEqualTo(folder.root().resolve("live/out/fullchain.pem") + ": The link leads out of "
                                + folder.root() + ". Import the folder that it leads to, or a copy without links."))
                .anySatisfy(problem -> assertThat(problem.toString())
                        .isEqualTo(folder.root().resolve("live/dangling/fullchain.pem")
                                + ": The link leads to nothing. Import the folder as its program left it."));
    }

    @Test
    void layoutsWithoutLinksHaveNone() throws IOException {
        WrittenFolder cache = new WrittenFolder(temp.resolve("cache"))
                .autocert("app.example.com", ca.issue("app.example.com"))
                .file(
                        "acme_account+key",
                        WrittenFolder.traditional(
                                KeyAlgorithm.EC_P256.generateKeyPair().getPrivate()))
                .link("www.example.com", "app.example.com");

        ImportContents contents = CertificateImport.from(cache.root()).read();

        assertThat(contents.certificates()).hasSize(1);
        assertThat(contents.problems())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.toString())
                                .endsWith(
                                        "www.example.com: This is a link, which the layout does not have. Put the file itself there."));
    }

    @Test
    void aFolderWhereAFileShouldBeIsPassedOver() throws IOException {
        Files.createDirectories(folder.root().resolve("live/odd/fullchain.pem"));
        folder.file(
                "live/odd/privkey.pem",
                Pem.encode(KeyAlgorithm.EC_P256.generateKeyPair().getPrivate()));

        assertThat(read().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("This is not a regular file."));
    }

    @Test
    void theNumberOfFilesIsBounded() throws IOException {
        for (int i = 0; i < 20; i++) {
            folder.certbot("app-" + i, ca.issue("app-" + i + ".example.com"), DIRECTORY, "1");
        }
        Findings findings = new Findings(Optional.empty());

        new CertbotReader().read(new SourceFolder(folder.root(), true, findings, 10), findings);

        ImportContents contents = findings.contents(ImportLayout.CERTBOT);
        assertThat(contents.certificates()).hasSizeBetween(5, 10);
        assertThat(contents.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("There are more than 10 files; what follows was not read."));
    }

    @Test
    void filesOfOthersAreToldWithARemedy() throws IOException {
        Path key = folder.root().resolve("archive/well/privkey2.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(key), "this user may read everything, as root does");

        assertThat(read().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .endsWith("This process may not read it. Run the import as the user who owns it."));
    }

    @Test
    void accountsThatCannotBeUsedAreTold() throws IOException {
        String server = "acme-v02.api.letsencrypt.org/directory";
        String half = WrittenFolder.jwk(KeyAlgorithm.EC_P256.generateKeyPair());
        String other = WrittenFolder.jwk(KeyAlgorithm.EC_P256.generateKeyPair());
        folder.file("accounts/" + server + "/a/private_key.json", "{\"kty\": \"RSA\", \"n\": 7}")
                .file("accounts/" + server + "/b/private_key.json", "[".repeat(10_000))
                .file(
                        "accounts/" + server + "/c/private_key.json",
                        half.replaceAll("\"d\":\"[^\"]*\"", member(other, "d")));

        ImportContents contents = read();

        assertThat(contents.accounts()).isEmpty();
        assertThat(contents.problems())
                .extracting(ImportProblem::outcome)
                .containsExactly(ImportOutcome.DAMAGED, ImportOutcome.DAMAGED, ImportOutcome.DAMAGED);
        assertThat(contents.problems())
                .allSatisfy(problem -> assertThat(problem.toString())
                        .endsWith("Take the file from the client again. Without it, a new account will be made."));
    }

    @Test
    void flippedBytesNeverAbortAnImport() throws IOException {
        folder.certbotAccount(
                "acme-v02.api.letsencrypt.org/directory", "1", KeyAlgorithm.EC_P256.generateKeyPair(), DIRECTORY);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path[] files = {
            folder.root().resolve("archive/well/fullchain2.pem"),
            folder.root().resolve("archive/well/privkey2.pem"),
            folder.root().resolve("renewal/well.conf"),
            folder.root().resolve("accounts/acme-v02.api.letsencrypt.org/directory/1/private_key.json"),
            folder.root().resolve("accounts/acme-v02.api.letsencrypt.org/directory/1/regr.json")
        };
        for (int round = 0; round < 300; round++) {
            Path file = files[random.nextInt(files.length)];
            byte[] before = Files.readAllBytes(file);
            byte[] flipped = before.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, flipped);
            ImportContents contents = read();
            assertThat(contents.certificates().size()
                            + contents.accounts().size()
                            + contents.problems().size())
                    .as("seed %d, round %d", seed, round)
                    .isBetween(2, 3);
            Files.write(file, before);
        }
    }

    private ImportContents read() throws IOException {
        return CertificateImport.from(folder.root()).read();
    }

    private String lineage(Path source) {
        return folder.root().resolve("live").relativize(source).getName(0).toString();
    }

    private static String member(String json, String name) {
        int from = json.indexOf("\"" + name + "\":");
        return json.substring(from, json.indexOf('"', from + name.length() + 4) + 1);
    }
}
