package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused when an issuer is configured, before anything is asked of an authority. */
class AcmeSettingsTest {

    private static final String MAC_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    @Test
    void presetsLeadToTheDirectoriesOfTheirAuthorities() {
        assertThat(List.of(
                        AcmeIssuer.letsEncrypt(),
                        AcmeIssuer.letsEncryptStaging(),
                        AcmeIssuer.zeroSsl(),
                        AcmeIssuer.google(),
                        AcmeIssuer.googleStaging(),
                        AcmeIssuer.sslComEcc(),
                        AcmeIssuer.sslComRsa(),
                        AcmeIssuer.actalis()))
                .extracting(AcmeIssuer::identity)
                .containsExactly(
                        "https://acme-v02.api.letsencrypt.org/directory",
                        "https://acme-staging-v02.api.letsencrypt.org/directory",
                        "https://acme.zerossl.com/v2/DV90",
                        "https://dv.acme-v02.api.pki.goog/directory",
                        "https://dv.acme-v02.test-api.pki.goog/directory",
                        "https://acme.ssl.com/sslcom-dv-ecc",
                        "https://acme.ssl.com/sslcom-dv-rsa",
                        "https://acme-api.actalis.com/acme/directory");
    }

    @Test
    void limitsAreKnownByDirectoryAndCanBeReplaced() {
        URI letsEncrypt = URI.create("https://acme-v02.api.letsencrypt.org/directory");

        assertThat(AcmeIssuer.directory(letsEncrypt).limits().ordersPerAccount())
                .isPresent();
        assertThat(AcmeIssuer.letsEncrypt().limits(CaLimits.none()).limits().ordersPerAccount())
                .isEmpty();
        assertThat(AcmeIssuer.letsEncryptStaging().limits().ordersPerAccount()).isEmpty();
    }

    @Test
    void aMacKeyThatIsNotBase64UrlIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> AcmeIssuer.zeroSsl().externalAccountBinding("kid", "not/base64+url=" + MAC_KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not base64url")
                .hasMessageContaining("as the certificate authority gave it")
                .hasMessageNotContaining(MAC_KEY);
        assertThatThrownBy(() -> AcmeIssuer.zeroSsl().externalAccountBinding("kid", "YWJj"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 bytes")
                .hasMessageContaining("Copy the whole MAC key");
        assertThatThrownBy(() -> AcmeIssuer.zeroSsl().externalAccountBinding(" ", MAC_KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyId");
    }

    @Test
    void noSettingCanBeMadeTwice() {
        assertThatThrownBy(() -> AcmeIssuer.zeroSsl()
                        .externalAccountBinding("first", MAC_KEY)
                        .externalAccountBinding("second", MAC_KEY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("externalAccountBinding was already set")
                .hasMessageNotContaining(MAC_KEY);
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().profile("shortlived").profile("tlsserver"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("profile was already set to shortlived");
        assertThatThrownBy(() ->
                        AcmeIssuer.letsEncrypt().preferredChain("ISRG Root X1").preferredChain("ISRG Root X2"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        AcmeIssuer.letsEncrypt().key(CertificateKey.EC_P256).key(CertificateKey.EC_P384))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () -> AcmeIssuer.letsEncrypt().limits(CaLimits.none()).limits(CaLimits.none()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        AcmeIssuer.letsEncrypt().contact("ops@example.com").contact("ops@example.com"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aKeyThatTheAuthorityIsKnownNotToTakeIsRefused() {
        assertThatThrownBy(() -> AcmeIssuer.sslComEcc().key(CertificateKey.RSA_2048))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RSA_2048")
                .hasMessageContaining("[EC_P256, EC_P384]")
                .hasMessageContaining("SSL.com");
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().key(CertificateKey.ED25519))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Let's Encrypt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ops",
                "@example.com",
                "mailto:ops@example.com",
                "a@example.com,b@example.com",
                "o ps@example.com"
            })
    void contactsThatAreNoAddressesAreRefused(String contact) {
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().contact(contact))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Write it as ops@example.com");
    }

    @Test
    void emptyNamesAreRefused() {
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().profile(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as shortlived");
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().preferredChain(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as ISRG Root X1");
    }

    @Test
    void anIssuerIsImmutable() {
        AcmeIssuer plain = AcmeIssuer.letsEncrypt();

        AcmeIssuer limited = plain.limits(CaLimits.none());

        assertThat(plain.limits().ordersPerAccount()).isPresent();
        assertThat(limited).isNotSameAs(plain);
    }
}
