package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.TlsProbe;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The folder of each program, imported, is served in real handshakes without an order. */
@Timeout(60)
class ImportedAndServedTest {

    private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

    private final TestCa ca = TestCa.create();

    @TempDir
    private Path temp;

    /** The folders as their programs write them; real Caddy and certbot have tests of their own. */
    enum Program {
        CADDY(
                ImportLayout.CERTMAGIC,
                (folder, credential) -> folder.certMagic(
                                "acme-v02.api.letsencrypt.org-directory",
                                credential,
                                "{\"url\": \"https://acme-v02.api.letsencrypt.org/acme/cert/1\"}")
                        .certMagicAccount(
                                "acme-v02.api.letsencrypt.org-directory",
                                "ops@example.com",
                                account(),
                                "https://acme-v02.api.letsencrypt.org/acme/acct/1")
                        .file("locks/issue_cert_app.example.com.lock", "{}")),
        CERTBOT(
                ImportLayout.CERTBOT,
                (folder, credential) -> folder.certbot(
                                "app.example.com", credential, LETS_ENCRYPT, "860cee9f38fcc842294313aa27ad3f94")
                        .certbotAccount(
                                "acme-v02.api.letsencrypt.org/directory",
                                "860cee9f38fcc842294313aa27ad3f94",
                                rsaAccount(),
                                "https://acme-v02.api.letsencrypt.org/acme/acct/1")),
        ACME_SH(
                ImportLayout.ACME_SH,
                (folder, credential) -> folder.acmeSh("app.example.com_ecc", credential, LETS_ENCRYPT)
                        .acmeShAccount(
                                "acme-v02.api.letsencrypt.org/directory",
                                "ops@example.com",
                                account(),
                                "https://acme-v02.api.letsencrypt.org/acme/acct/1")
                        .file("dnsapi/dns_cf.sh", "#!/usr/bin/env sh\n")),
        KAMAL_PROXY(
                ImportLayout.AUTOCERT,
                (folder, credential) -> folder.autocert(
                                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/app.example.com",
                                credential)
                        .file(
                                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/acme_account+key",
                                WrittenFolder.traditional(account().getPrivate()))
                        .file(
                                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/token+http-01",
                                "token.thumbprint")),
        PEM_FILES(
                ImportLayout.PEM,
                (folder, credential) -> folder.file("chain.pem", Pem.encode(credential.chain()))
                        .file("secret.pem", Pem.encode(credential.privateKey())));

        private final ImportLayout layout;
        private final BiConsumer<WrittenFolder, Credential> writer;

        Program(ImportLayout layout, BiConsumer<WrittenFolder, Credential> writer) {
            this.layout = layout;
            this.writer = writer;
        }

        private static KeyPair account() {
            return KeyAlgorithm.EC_P256.generateKeyPair();
        }

        private static KeyPair rsaAccount() {
            return KeyAlgorithm.RSA_2048.generateKeyPair();
        }
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void aFolderIsImportedAndServed(Program program) throws IOException {
        Credential credential = ca.issue("app.example.com", "www.example.com");
        WrittenFolder folder = new WrittenFolder(temp.resolve("folder"));
        program.writer.accept(folder, credential);

        ImportReport report;
        try (FileStorage storage = FileStorage.at(temp.resolve("storage"))) {
            report = CertificateImport.from(folder.root()).plan(storage).apply();
        }

        assertThat(report.layout()).isEqualTo(program.layout);
        assertThat(report.problems()).isEmpty();
        assertThat(report.entries()).allMatch(entry -> entry.outcome() == ImportOutcome.IMPORTED);
        assertThat(report.entries()).hasSize(program == Program.PEM_FILES ? 1 : 2);
        try (ServedWithoutOrder server = new ServedWithoutOrder(temp.resolve("storage"))) {
            server.shows(
                    "app.example.com", credential.chain(), TlsProbe.builder().trust(ca));
            server.shows(
                    "www.example.com", credential.chain(), TlsProbe.builder().trust(ca));
        }
    }

    @Test
    void aWildcardIsServedForTheNamesThatItCovers() throws IOException {
        Credential wildcard = ca.issue("*.shop.example.com");
        WrittenFolder folder = new WrittenFolder(temp.resolve("folder")).certMagic("local", wildcard, "null");

        try (FileStorage storage = FileStorage.at(temp.resolve("storage"))) {
            CertificateImport.from(folder.root()).plan(storage).apply();
        }

        try (ServedWithoutOrder server = new ServedWithoutOrder(temp.resolve("storage"))) {
            server.shows(
                    "a.shop.example.com", wildcard.chain(), TlsProbe.builder().trust(ca));
            server.shows(
                    "b.shop.example.com", wildcard.chain(), TlsProbe.builder().trust(ca));
        }
    }

    @Test
    void theLongerLivedOfTwoKeyTypesIsServed() throws IOException {
        Credential ec = ca.leaf("app.example.com").lifetime(Duration.ofDays(20)).issue();
        Credential rsa = ca.leaf("app.example.com")
                .lifetime(Duration.ofDays(60))
                .keyAlgorithm(KeyAlgorithm.RSA_2048)
                .issue();
        WrittenFolder folder = new WrittenFolder(temp.resolve("folder"))
                .autocert("app.example.com", ec)
                .autocert("app.example.com+rsa", rsa)
                .file(
                        "acme_account+key",
                        WrittenFolder.traditional(Program.account().getPrivate()));

        try (FileStorage storage = FileStorage.at(temp.resolve("storage"))) {
            CertificateImport.from(folder.root()).plan(storage).apply();
        }

        try (ServedWithoutOrder server = new ServedWithoutOrder(temp.resolve("storage"))) {
            server.shows("app.example.com", rsa.chain(), TlsProbe.builder().trust(ca));
        }
    }
}
