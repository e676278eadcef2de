package dev.gatehouse.tls.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as OpenSSL writes them. */
@Timeout(60)
class KeyFormatsTest {

    @ParameterizedTest
    @CsvSource({
        "ec.pem, ec-pkcs8.key, ec.example.com",
        "ec.pem, ec-sec1.key, ec.example.com",
        "ec-trusted.pem, ec-pkcs8.key, ec.example.com",
        "ec-with-text.pem, ec-pkcs8.key, ec.example.com",
        "ec-with-parameters.pem, ec-sec1-with-parameters.key, parameters.example.com",
        "ec-p384.pem, ec-p384-sec1.key, p384.example.com",
        "rsa.pem, rsa-pkcs1.key, rsa.example.com",
        "rsa.pem, rsa-pkcs8.key, rsa.example.com",
        "ed25519.pem, ed25519.key, ed25519.example.com",
    })
    void plainKeysAreRead(String certificate, String key, String name) {
        List<Credential> loaded =
                CertificateSource.pemFiles(fixture(certificate), fixture(key)).load();

        assertThat(loaded)
                .singleElement()
                .satisfies(credential ->
                        assertThat(credential.coverage().exactNames()).hasToString("[" + name + "]"));
        assertThat(loaded.get(0).privateKey()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.pem, rsa-pkcs1-encrypted.key",
        "rsa.pem, rsa-pkcs8-encrypted.key",
        "rsa.pem, rsa-pkcs8-scrypt.key",
        "rsa.pem, rsa-pkcs8-pbes1.key",
        "ec.pem, ec-sec1-encrypted.key",
    })
    void encryptedKeysNeedTheirPassword(String certificate, String key) {
        CertificateSource source = CertificateSource.pemFiles(fixture(certificate), fixture(key));

        assertThat(source.password("correct horse"::toCharArray).load()).hasSize(1);
        assertThatThrownBy(source.password("wrong"::toCharArray)::load)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("Check the password")
                .hasMessageNotContaining("wrong");
        assertThatThrownBy(source::load)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("is encrypted. Give its password");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-pss.key, RSASSA-PSS",
        "x25519.key, X25519",
        "ec-secp256k1.key, curve",
        "ec-explicit.key, curve",
    })
    void keysThatServersCannotUseAreNamed(String key, String word) {
        assertThatThrownBy(CertificateSource.pemFiles(fixture("ec.pem"), fixture(key))::load)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(word)
                .hasMessageContaining("openssl genpkey -algorithm EC");
    }

    @Test
    void allFixturesInOneDirectoryFindTheirPairs() {
        List<Credential> loaded = CertificateSource.directory(fixture("ec.pem").getParent())
                .password("correct horse"::toCharArray)
                .load();

        assertThat(loaded)
                .extracting(credential -> credential.coverage().toString())
                .containsExactlyInAnyOrder(
                        "ec.example.com",
                        "parameters.example.com",
                        "p384.example.com",
                        "rsa.example.com",
                        "ed25519.example.com");
    }

    private static Path fixture(String name) {
        try {
            return Path.of(Objects.requireNonNull(KeyFormatsTest.class.getResource("/pem/" + name), name)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
