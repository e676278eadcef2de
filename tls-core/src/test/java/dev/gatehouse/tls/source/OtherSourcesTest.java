package dev.gatehouse.tls.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Key stores, text and the environment. */
@Timeout(60)
class OtherSourcesTest {

    private static final String STORE = "of the store";
    private static final String KEYS = "of the keys";

    @TempDir
    private Path folder;

    private final HeldCertificate app = Pairs.of("app.example.com");
    private final HeldCertificate other = Pairs.of("other.example.com");

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS", "JCEKS"})
    void keyStoresOfEveryTypeAreReadByContent(String type) throws Exception {
        Path file = store(type, STORE, Map.of("a", app, "b", other));

        assertThat(CertificateSource.keyStore(file, STORE::toCharArray).load())
                .extracting(credential -> credential.coverage().toString())
                .containsExactlyInAnyOrder("app.example.com", "other.example.com");
        assertThat(CertificateSource.keyStore(file, STORE::toCharArray)
                        .load()
                        .get(0)
                        .chain())
                .hasSize(2);
    }

    @Test
    void keysMayHaveAPasswordOfTheirOwn() throws Exception {
        Path file = store("JKS", KEYS, Map.of("a", app));

        assertThat(CertificateSource.keyStore(file, STORE::toCharArray, KEYS::toCharArray)
                        .load())
                .hasSize(1);
        assertThatThrownBy(CertificateSource.keyStore(file, STORE::toCharArray)::load)
                .isInstanceOf(CredentialException.class)
                .hasMessage(file + ": The password of a key does not open it."
                        + " Check it; it may differ from that of the store.");
    }

    @Test
    void keyStoresThatCannotBeUsedSayWhy() throws Exception {
        Path file = store("PKCS12", STORE, Map.of("a", app));
        Path rubbish = Files.writeString(folder.resolve("rubbish.p12"), "not a key store");
        Path empty = store("PKCS12", STORE, Map.of());

        assertThatThrownBy(CertificateSource.keyStore(rubbish, STORE::toCharArray)::load)
                .hasMessageStartingWith(rubbish + ": The key store cannot be read");
        assertThatThrownBy(CertificateSource.keyStore(folder.resolve("absent"), STORE::toCharArray)::load)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(CertificateSource.keyStore(empty, STORE::toCharArray)::load)
                .hasMessageContaining("no private key");
        Path full = store("PKCS12", STORE, Map.of("a", app));
        assertThatThrownBy(CertificateSource.keyStore(full, "wrong"::toCharArray)::load)
                .hasMessage(file + ": The password does not open the key store. Check the password.");
    }

    @Test
    void entriesOfAKeyStoreComeAndGo() throws Exception {
        Path file = store("PKCS12", STORE, Map.of("a", app));
        try (WatchHarness watch = new WatchHarness(folder, CertificateSource.keyStore(file, STORE::toCharArray))) {
            Credential kept = watch.covering("app.example.com").get(0);
            store("PKCS12", STORE, Map.of("a", app, "b", other));
            watch.look();
            assertThat(watch.covering("other.example.com")).hasSize(1);
            Files.writeString(file, "half-written");
            watch.settle();
            assertThat(watch.credentials()).hasSize(2);
            assertThat(watch.log.warnings()).singleElement().asString().contains("its 2 certificates are served on");
            store("PKCS12", STORE, Map.of("a", app));
            watch.settle();

            assertThat(watch.covering("other.example.com")).isEmpty();
            assertThat(watch.covering("app.example.com")).containsExactly(kept);
        }
    }

    @Test
    void textHasBothInOnePieceOrInTwo() {
        assertThat(CertificateSource.pem(Pairs.key(app) + Pairs.chain(app)).load())
                .hasSize(1);
        assertThat(CertificateSource.pem(Pairs.chain(app), Pairs.key(app)).load())
                .hasSize(1);
        assertThatThrownBy(CertificateSource.pem(Pairs.chain(app))::load)
                .hasMessage("PEM text: There is no private key section. Give the key of the certificate as PEM.");
        assertThatThrownBy(CertificateSource.pem(Pairs.key(app))::load).hasMessageContaining("no CERTIFICATE section");
        assertThatThrownBy(CertificateSource.pem("")::load).isInstanceOf(CredentialException.class);
    }

    @Test
    void variablesMayHaveTheTextInAllWaysThatPeopleUse() {
        String both = Pairs.chain(app) + Pairs.key(app);
        String base64 = Base64.getMimeEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
        Map<String, String> environment = Map.of(
                "PLAIN", both,
                "ESCAPED", both.replace("\n", "\\n"),
                "ONE_LINE", both.replace('\n', ' '),
                "BASE64", base64,
                "CHAIN", Pairs.chain(app),
                "KEY", Pairs.key(app).replace("\n", "\\n"),
                "EMPTY", " ");

        for (String variable : List.of("PLAIN", "ESCAPED", "ONE_LINE", "BASE64")) {
            assertThat(of(environment, variable).load()).as(variable).hasSize(1);
        }
        assertThat(of(environment, "CHAIN", "KEY").load()).hasSize(1);
        assertThatThrownBy(of(environment, "CHAIN", "EMPTY")::load)
                .isInstanceOf(CredentialException.class)
                .hasMessage("environment CHAIN with EMPTY: Variable EMPTY is not set."
                        + " Set it to the PEM text, or to its base64.");
        assertThatThrownBy(CertificateSource.environment("GATEHOUSE_TEST_IS_NOT_SET")::load)
                .hasMessageContaining("Variable GATEHOUSE_TEST_IS_NOT_SET is not set");
    }

    private static CertificateSource of(Map<String, String> environment, String variable, String... more) {
        return CertificateSource.environment(EnvironmentText.of(environment::get, variable, more));
    }

    private Path store(String type, String keyPassword, Map<String, HeldCertificate> entries) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        for (Map.Entry<String, HeldCertificate> entry : entries.entrySet()) {
            X509Certificate[] chain = {entry.getValue().certificate(), Pairs.INTERMEDIATE.certificate()};
            store.setKeyEntry(
                    entry.getKey(), entry.getValue().keyPair().getPrivate(), keyPassword.toCharArray(), chain);
        }
        Path file = folder.resolve("store");
        try (OutputStream stream = Files.newOutputStream(file)) {
            store.store(stream, STORE.toCharArray());
        }
        return file;
    }
}
