package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What each layout tells, and what it does not. */
@Timeout(60)
class LayoutReadersTest {

    private static final URI LETS_ENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");
    private static final String KAMAL_STAGING = "67f2750652314251daad76f012141d33c9f7290f4f8ebb0a006a7f02d394a904";

    private final TestCa ca = TestCa.create();

    @TempDir
    private Path temp;

    @Test
    void certMagicTellsTheDirectoryOfWellKnownAuthoritiesByTheirFolder() throws IOException {
        folder().certMagic("acme-v02.api.letsencrypt.org-directory", ca.issue("a.example.com"), "{}")
                .certMagic("acme.zerossl.com-v2-dv90", ca.issue("b.example.com"), "{}")
                .certMagic("local", ca.issue("c.example.com"), "null");

        assertThat(read().certificates())
                .extracting(found -> WrittenFolder.firstName(found.credential()), ImportedCertificate::directory)
                .containsExactly(
                        tuple("a.example.com", Optional.of(LETS_ENCRYPT)),
                        tuple("b.example.com", Optional.of(URI.create("https://acme.zerossl.com/v2/DV90"))),
                        tuple("c.example.com", Optional.empty()));
    }

    @Test
    void certMagicTellsOtherDirectoriesWhereTheyAreCertain() throws IOException {
        KeyPair pair = ecKey();
        folder().certMagic(
                        "ca.internal-9000-directory",
                        ca.issue("a.example.com"),
                        "{\"url\": \"https://ca.internal:9000/certs/1\"}")
                .certMagic(
                        "ca.internal-acme-one-directory",
                        ca.issue("b.example.com"),
                        "{\"url\": \"https://ca.internal/certs/1\"}")
                .certMagic(
                        "newer-caddy",
                        ca.issue("c.example.com"),
                        "{\"ca\": \"https://ca.internal/acme/two/directory\"}")
                .certMagicAccount(
                        "ca.internal-acme-one-directory", "ops@example.com", pair, "https://ca.internal/acct/1");

        ImportContents contents = read();

        assertThat(contents.certificates())
                .extracting(found -> found.directory().map(URI::toString).orElse("unknown"))
                .containsExactly(
                        "https://ca.internal:9000/directory", "unknown", "https://ca.internal/acme/two/directory");
        assertThat(contents.accounts()).singleElement().satisfies(account -> {
            assertThat(account.directory()).isEmpty();
            assertThat(account.location()).contains(URI.create("https://ca.internal/acct/1"));
            assertThat(account.contacts()).containsExactly("mailto:ops@example.com");
            assertThat(account.keyPair().getPublic()).isEqualTo(pair.getPublic());
        });
        URI given = URI.create("https://ca.internal/acme/one/directory");
        assertThat(CertificateImport.from(temp).directory(given).read().accounts())
                .extracting(ImportedAccount::directory)
                .containsExactly(Optional.of(given));
    }

    @Test
    void ofSeveralAccountsOfCaddyTheLastOneUsedIsPreferred() throws IOException {
        String issuer = "acme-v02.api.letsencrypt.org-directory";
        folder().certMagicAccount(
                        issuer, "old@example.com", ecKey(), "https://acme-v02.api.letsencrypt.org/acme/acct/1")
                .certMagicAccount(
                        issuer, "ops@example.com", ecKey(), "https://acme-v02.api.letsencrypt.org/acme/acct/2");
        Files.setLastModifiedTime(
                temp.resolve("acme/" + issuer + "/users/old@example.com"),
                FileTime.from(Instant.parse("2025-01-01T00:00:00Z")));

        assertThat(read().accounts())
                .extracting(ImportedAccount::contacts)
                .containsExactly(List.of("mailto:ops@example.com"), List.of("mailto:old@example.com"));
    }

    @Test
    void aKeyThatCaddySetAsideIsNotImported() throws IOException {
        folder().certMagic("local", ca.issue("a.example.com"), "null");
        Path site = temp.resolve("certificates/local/a.example.com");
        Files.move(site.resolve("a.example.com.key"), site.resolve("a.example.com.key.compromised"));

        ImportContents contents = read();

        assertThat(contents.certificates()).isEmpty();
        assertThat(contents.problems())
                .extracting(ImportProblem::outcome, ImportProblem::toString)
                .containsExactly(tuple(
                        ImportOutcome.INCOMPLETE,
                        site.resolve("a.example.com.key.compromised")
                                + ": Caddy set this key aside as compromised. It is not imported; the certificate will"
                                + " be issued anew."));
    }

    @Test
    void caddyIsFoundBelowTheVolumeOrHomeThatItIsIn() throws IOException {
        new WrittenFolder(temp.resolve("data/caddy")).certMagic("local", ca.issue("a.example.com"), "null");
        new WrittenFolder(temp.resolve("home/.local/share/caddy"))
                .certMagic("local", ca.issue("b.example.com"), "null");

        assertThat(CertificateImport.from(temp.resolve("data")).read().certificates())
                .hasSize(1);
        assertThat(CertificateImport.from(temp.resolve("home")).read().certificates())
                .hasSize(1);
    }

    @Test
    void certbotIsReadFromItsFolderAndFromLive() throws IOException {
        Credential credential = ca.issue("app.example.com");
        folder().certbot("app.example.com", credential, LETS_ENCRYPT.toString(), "1");

        for (Path named : List.of(temp, temp.resolve("live"))) {
            ImportContents contents = CertificateImport.from(named).read();
            assertThat(contents.layout()).isEqualTo(ImportLayout.CERTBOT);
            assertThat(contents.certificates()).singleElement().satisfies(found -> {
                assertThat(found.credential().fingerprint()).isEqualTo(credential.fingerprint());
                assertThat(found.directory()).contains(LETS_ENCRYPT);
            });
            assertThat(contents.problems()).isEmpty();
        }
    }

    @Test
    void accountsOfCertbotKeepKeyAndUrl() throws IOException {
        KeyPair rsa = KeyAlgorithm.RSA_2048.generateKeyPair();
        KeyPair ec = ecKey();
        folder().certbot("app", ca.issue("app.example.com"), "https://ca.internal:9000/acme/directory", "b")
                .certbotAccount(
                        "acme-v02.api.letsencrypt.org/directory",
                        "a",
                        rsa,
                        "https://acme-v02.api.letsencrypt.org/acme/acct/1")
                .certbotAccount("ca.internal:9000/acme/directory", "b", ec, "https://ca.internal:9000/acct/7");

        assertThat(read().accounts())
                .extracting(
                        account -> account.directory().orElseThrow().toString(),
                        account -> account.location().orElseThrow().toString(),
                        account -> account.keyPair().getPublic())
                .containsExactly(
                        tuple(
                                "https://ca.internal:9000/acme/directory",
                                "https://ca.internal:9000/acct/7",
                                ec.getPublic()),
                        tuple(
                                LETS_ENCRYPT.toString(),
                                "https://acme-v02.api.letsencrypt.org/acme/acct/1",
                                rsa.getPublic()));
    }

    @Test
    void anAccountThatCertbotTookOverFromTheFirstVersionOfTheServiceIsReadOnceAndWithoutItsOldUrl() throws IOException {
        folder().certbot("app", ca.issue("app.example.com"), LETS_ENCRYPT.toString(), "1")
                .certbotAccount(
                        "acme-v01.api.letsencrypt.org/directory",
                        "1",
                        ecKey(),
                        "https://acme-v01.api.letsencrypt.org/acme/reg/1")
                .link("accounts/acme-v02.api.letsencrypt.org/directory", "../acme-v01.api.letsencrypt.org/directory");

        assertThat(read().accounts())
                .extracting(ImportedAccount::directory, ImportedAccount::location)
                .containsExactly(tuple(Optional.of(LETS_ENCRYPT), Optional.empty()));
    }

    @Test
    void acmeShTellsItsDirectoriesAndKeepsBothKeyTypesApart() throws IOException {
        KeyPair pair = ecKey();
        folder().acmeSh(
                        "app.example.com",
                        ca.leaf("app.example.com")
                                .keyAlgorithm(KeyAlgorithm.RSA_2048)
                                .issue(),
                        LETS_ENCRYPT.toString())
                .acmeSh("app.example.com_ecc", ca.issue("app.example.com"), "https://acme.zerossl.com/v2/DV90")
                .acmeSh(
                        "*.wild.example.com_ecc",
                        ca.issue("*.wild.example.com"),
                        "https://ca.internal:9000/acme/acme/directory")
                .acmeShAccount(
                        "acme.zerossl.com/v2/DV90",
                        "ops@example.com",
                        pair,
                        "https://acme.zerossl.com/v2/DV90/account/1")
                .acmeShAccount(
                        "ca.internal/acme/acme/directory",
                        "ops@example.com",
                        ecKey(),
                        "https://ca.internal:9000/acct/1")
                .acmeShAccount("other.internal/directory", "ops@example.com", ecKey(), "https://other.internal/acct/1");

        ImportContents contents = read();

        assertThat(contents.layout()).isEqualTo(ImportLayout.ACME_SH);
        assertThat(contents.certificates())
                .extracting(
                        found -> found.credential().coverage() + " "
                                + found.credential().keyType(),
                        found -> found.directory().orElseThrow().toString())
                .containsExactly(
                        tuple("*.wild.example.com EC", "https://ca.internal:9000/acme/acme/directory"),
                        tuple("app.example.com RSA", LETS_ENCRYPT.toString()),
                        tuple("app.example.com EC", "https://acme.zerossl.com/v2/DV90"));
        assertThat(contents.accounts())
                .extracting(account -> account.directory().orElseThrow().toString())
                .containsExactly(
                        "https://acme.zerossl.com/v2/DV90",
                        "https://ca.internal:9000/acme/acme/directory",
                        "https://other.internal/directory");
        assertThat(contents.accounts().get(0)).satisfies(account -> {
            assertThat(account.keyPair().getPublic()).isEqualTo(pair.getPublic());
            assertThat(account.location()).contains(URI.create("https://acme.zerossl.com/v2/DV90/account/1"));
            assertThat(account.contacts()).containsExactly("mailto:ops@example.com");
        });
    }

    @Test
    void aNameThatAcmeShNeverGotACertificateForIsTold() throws IOException {
        folder().acmeSh("app.example.com_ecc", ca.issue("app.example.com"), LETS_ENCRYPT.toString())
                .file("account.conf", "UPGRADE_HASH='abc'\n");
        Files.delete(temp.resolve("app.example.com_ecc/fullchain.cer"));

        assertThat(read().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.outcome()).isEqualTo(ImportOutcome.INCOMPLETE);
            assertThat(problem.toString()).contains("fullchain.cer is missing. It was never issued, or is lost.");
        });
    }

    @Test
    void kamalProxyTellsTheDirectoryByTheNameOfItsCache() throws IOException {
        URI internal = URI.create("https://ca.internal/directory");
        KeyPair pair = ecKey();
        folder().autocert(AcmeDirectories.kamalCache(LETS_ENCRYPT) + "/a.example.com", ca.issue("a.example.com"))
                .file(KAMAL_STAGING + "/acme_account+key", WrittenFolder.traditional(pair.getPrivate()))
                .file(
                        AcmeDirectories.kamalCache(internal) + "/acme_account+key",
                        WrittenFolder.traditional(ecKey().getPrivate()));

        assertThat(read().layout()).isEqualTo(ImportLayout.AUTOCERT);
        assertThat(read().certificates())
                .extracting(ImportedCertificate::directory)
                .containsExactly(Optional.of(LETS_ENCRYPT));
        assertThat(read().accounts())
                .extracting(ImportedAccount::directory)
                .containsExactlyInAnyOrder(Optional.of(AcmeDirectories.LETS_ENCRYPT_STAGING), Optional.empty());
        assertThat(CertificateImport.from(temp).directory(internal).read().accounts())
                .extracting(ImportedAccount::directory)
                .containsExactlyInAnyOrder(Optional.of(AcmeDirectories.LETS_ENCRYPT_STAGING), Optional.of(internal));
        assertThat(CertificateImport.from(temp.resolve(KAMAL_STAGING)).read().accounts())
                .singleElement()
                .satisfies(account -> {
                    assertThat(account.directory()).contains(AcmeDirectories.LETS_ENCRYPT_STAGING);
                    assertThat(account.keyPair().getPublic()).isEqualTo(pair.getPublic());
                });
    }

    @Test
    void tokensInACacheAreNoCertificates() throws IOException {
        folder().autocert("app.example.com", ca.issue("app.example.com"))
                .autocert("app.example.com+token", ca.issue("app.example.com"))
                .file("abc+http-01", "abc.thumbprint")
                .file("acme_account.key", WrittenFolder.traditional(ecKey().getPrivate()));

        ImportContents contents = read();

        assertThat(contents.certificates())
                .extracting(found -> found.source().getFileName().toString())
                .containsExactly("app.example.com");
        assertThat(contents.accounts()).hasSize(1);
        assertThat(contents.problems()).isEmpty();
    }

    @Test
    void aCacheWithCertificatesOfLetsEncryptIsThatOfLetsEncrypt() throws Exception {
        folder().autocert("app.example.com", issuedBy("C=US, O=Let's Encrypt, CN=E5"))
                .file("acme_account+key", WrittenFolder.traditional(ecKey().getPrivate()));

        assertThat(read().certificates())
                .extracting(ImportedCertificate::directory)
                .containsExactly(Optional.of(LETS_ENCRYPT));
        assertThat(read().accounts()).extracting(ImportedAccount::directory).containsExactly(Optional.of(LETS_ENCRYPT));

        folder().autocert("www.example.com", issuedBy("C=US, O=(STAGING) Let's Encrypt, CN=(STAGING) Baloney E1"));

        assertThat(read().accounts()).extracting(ImportedAccount::directory).containsExactly(Optional.empty());
    }

    private static Credential issuedBy(String issuer) throws Exception {
        KeyPair pair = ecKey();
        X509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.TWO,
                Date.from(Instant.parse("2026-01-01T00:00:00Z")),
                Date.from(Instant.parse("2036-01-01T00:00:00Z")),
                new X500Name("CN=app"),
                pair.getPublic());
        certificate.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "app.example.com")));
        return Credential.of(
                pair.getPrivate(),
                List.of(new JcaX509CertificateConverter()
                        .getCertificate(certificate.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())))));
    }

    @Test
    void pemFilesArePairedByTheirKeysWhateverTheirNames() throws IOException {
        Credential first = ca.issue("a.example.com");
        Credential second = ca.issue("b.example.com");
        folder().file("one/x.txt", Pem.encode(first.privateKey()))
                .file("two/y.txt", Pem.encode(first.chain()))
                .file(
                        "z.pem",
                        WrittenFolder.traditional(second.privateKey())
                                + Pem.encode(second.chain().subList(0, 1)))
                .file("ca-bundle.crt", Pem.encode(second.chain().subList(1, 2)))
                .file("README.md", "Nothing to see here.");

        ImportContents contents = read();

        assertThat(contents.layout()).isEqualTo(ImportLayout.PEM);
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.certificates())
                .extracting(
                        found -> found.credential().coverage().toString(),
                        found -> found.credential().chain())
                .containsExactly(tuple("a.example.com", first.chain()), tuple("b.example.com", second.chain()));
    }

    @Test
    void aFolderWithoutAnythingSaysSo() throws IOException {
        folder().file("README", "nothing");

        assertThat(read().problems())
                .extracting(ImportProblem::toString)
                .containsExactly(
                        temp + ": Nothing was found; it was read as a folder of PEM files. Name the folder that has"
                                + " the certificates and their keys, or its layout.");
    }

    @Test
    void theLayoutCanBeSaid() throws IOException {
        folder().autocert("app.example.com", ca.issue("app.example.com"));

        assertThat(ImportLayout.of(temp)).isEqualTo(ImportLayout.PEM);
        assertThat(CertificateImport.from(temp)
                        .layout(ImportLayout.AUTOCERT)
                        .read()
                        .layout())
                .isEqualTo(ImportLayout.AUTOCERT);
    }

    @Test
    void foldersThatOnlyLookLikeThoseOfAProgramAreReadAsPem() throws IOException {
        Credential credential = ca.issue("app.example.com");
        folder().autocert("certificates/production/app/both.pem", credential)
                .file("nginx/nginx.conf", "server {}")
                .file("nginx/nginx.key", "no key");

        assertThat(read().certificates()).hasSize(1);
    }

    @Test
    void onePemFileCanBeNamedItself() throws IOException {
        folder().file("a.pem", Pem.encode(ca.issue("a.example.com").chain()))
                .autocert("both.pem", ca.issue("b.example.com"));

        assertThat(CertificateImport.from(temp.resolve("both.pem")).read().certificates())
                .hasSize(1);
    }

    @Test
    void pemFilesThatDoNotFitAreTold() throws IOException {
        folder().file("mixed.crt", Pem.encode(ca.issue("a.example.com").chain()))
                .file("mixed.key", Pem.encode(ecKey().getPrivate()))
                .file("lonely.crt", Pem.encode(ca.issue("b.example.com").chain()))
                .file("other.key", Pem.encode(ecKey().getPrivate()))
                .file("torn.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n")
                .file(
                        "sealed.key",
                        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n");

        assertThat(read().problems())
                .extracting(problem -> temp.relativize(problem.source()).toString(), ImportProblem::outcome)
                .containsExactlyInAnyOrder(
                        tuple("mixed.crt", ImportOutcome.KEY_MISMATCH),
                        tuple("lonely.crt", ImportOutcome.INCOMPLETE),
                        tuple("other.key", ImportOutcome.INCOMPLETE),
                        tuple("torn.crt", ImportOutcome.DAMAGED),
                        tuple("sealed.key", ImportOutcome.DAMAGED));
    }

    @Test
    void ed25519CertificatesAreTaken() throws IOException {
        Credential credential =
                ca.leaf("a.example.com").keyAlgorithm(KeyAlgorithm.ED25519).issue();
        folder().file("a.crt", Pem.encode(credential.chain())).file("a.key", Pem.encode(credential.privateKey()));

        assertThat(read().certificates())
                .extracting(found -> found.credential().fingerprint())
                .containsExactly(credential.fingerprint());
    }

    private WrittenFolder folder() {
        return new WrittenFolder(temp);
    }

    private ImportContents read() throws IOException {
        return CertificateImport.from(temp).read();
    }

    private static KeyPair ecKey() {
        return KeyAlgorithm.EC_P256.generateKeyPair();
    }
}
