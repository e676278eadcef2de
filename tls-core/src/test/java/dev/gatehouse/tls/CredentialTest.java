package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

class CredentialTest {

    private final HeldCertificate leaf =
            Certificates.builder("app.example.com", "*.Example.com").build();
    private final X509Certificate intermediate = Certificates.INTERMEDIATE.certificate();

    @Test
    void chainIsPutInOrderAndTheRootLeftOut() {
        Credential credential = Credential.of(
                leaf.keyPair().getPrivate(), List.of(Certificates.root(), intermediate, leaf.certificate()));

        assertThat(credential.chain()).containsExactly(leaf.certificate(), intermediate);
        assertThat(credential.leaf()).isEqualTo(leaf.certificate());
    }

    @Test
    void strangersAreLeftOutOfTheChain() {
        X509Certificate stranger = new HeldCertificate.Builder().build().certificate();

        Credential credential =
                Credential.of(leaf.keyPair().getPrivate(), List.of(leaf.certificate(), stranger, intermediate));

        assertThat(credential.chain()).containsExactly(leaf.certificate(), intermediate);
    }

    @Test
    void namesAreThoseOfTheLeaf() {
        Credential credential = Certificates.credential(leaf);

        assertThat(credential.coverage()).isEqualTo(Coverage.of(List.of("app.example.com", "*.example.com")));
        assertThat(credential.keyType()).isEqualTo(KeyType.EC);
        assertThat(credential.isValidAt(credential.notBefore())).isTrue();
        assertThat(credential.isValidAt(credential.notAfter())).isTrue();
        assertThat(credential.isValidAt(credential.notAfter().plusSeconds(1))).isFalse();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        assertThatThrownBy(() ->
                        Credential.of(Certificates.keyPair().getPrivate(), List.of(leaf.certificate(), intermediate)))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("does not belong to certificate")
                .hasMessageContaining("Give the key that the certificate was requested with");
    }

    @Test
    void aCertificateWithoutNamesIsRefused() {
        HeldCertificate nameless =
                new HeldCertificate.Builder().commonName("example.com").build();

        assertThatThrownBy(() -> Credential.of(nameless.keyPair().getPrivate(), List.of(nameless.certificate())))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("no DNS name or IP address in its subject alternative names");
    }

    @Test
    void eachCredentialIsAGenerationOfItsOwn() {
        Credential first = Certificates.credential(leaf);
        Credential second = Certificates.credential(leaf);

        assertThat(first.id()).startsWith("app.example.com#").isNotEqualTo(second.id());
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void nothingSecretIsInTheText() {
        assertThat(Certificates.credential(leaf).toString())
                .startsWith("app.example.com, *.example.com (EC, until ")
                .doesNotContain("PRIVATE");
    }
}
