package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.testing.KeyAlgorithm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;

/** The next order after an import is placed with the account that was imported. */
@Timeout(60)
class ImportedAccountTest {

    @TempDir
    private Path temp;

    @ParameterizedTest
    @EnumSource(
            value = KeyAlgorithm.class,
            names = {"EC_P256", "EC_P384", "RSA_2048"})
    void anAccountWithItsUrlGoesOnBeingUsed(KeyAlgorithm algorithm) throws Exception {
        try (IssuingServer acme = IssuingServer.overHttp(temp.resolve("storage"))) {
            KeyPair pair = algorithm.generateKeyPair();
            URI location = register(acme.directory(), pair);
            String server = acme.directory().getAuthority() + acme.directory().getPath();
            WrittenFolder folder = new WrittenFolder(temp.resolve("letsencrypt"))
                    .certbot(
                            "app",
                            acme.ca().issue("app.example.com"),
                            acme.directory().toString(),
                            "1")
                    .certbotAccount(server, "1", pair, location.toString());

            importAll(folder);
            acme.issue("new.example.com");

            assertThat(acme.lastOrder().account()).isEqualTo(location);
        }
    }

    @Test
    void anAccountOfWhichOnlyTheKeyIsKnownIsFoundByIt() throws Exception {
        try (IssuingServer acme = IssuingServer.overHttp(temp.resolve("storage"))) {
            KeyPair pair = KeyAlgorithm.EC_P256.generateKeyPair();
            URI location = register(acme.directory(), pair);
            WrittenFolder folder = new WrittenFolder(temp.resolve("cache"))
                    .file("acme_account+key", WrittenFolder.traditional(pair.getPrivate()));
            try (FileStorage storage = FileStorage.at(temp.resolve("storage"))) {
                CertificateImport.from(folder.root())
                        .directory(acme.directory())
                        .plan(storage)
                        .apply();
            }

            acme.issue("new.example.com");

            assertThat(acme.lastOrder().account()).isEqualTo(location);
            assertThat(storedAccounts()).contains("location: " + location);
        }
    }

    private void importAll(WrittenFolder folder) throws IOException {
        try (FileStorage storage = FileStorage.at(temp.resolve("storage"))) {
            ImportReport report =
                    CertificateImport.from(folder.root()).plan(storage).apply();
            assertThat(report.problems()).isEmpty();
        }
    }

    private String storedAccounts() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(temp.resolve("storage/accounts"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    private static URI register(URI directory, KeyPair pair) throws AcmeException {
        Account account =
                new AccountBuilder().useKeyPair(pair).agreeToTermsOfService().create(new Session(directory));
        return URI.create(account.getLocation().toString());
    }
}
