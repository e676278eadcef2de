package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OriginTlsTest {

    private static final TestCa CA = TestCa.create();

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void settingsAreEqualIfTheyWereMadeOfTheSame() throws IOException {
        CertificateMaterial client = CA.issueClient("router");
        Path ca = file("ca.pem", "the CA of the company\n" + CA.rootPem());
        OriginTls one = OriginTls.builder()
                .trustedCertificates(ca)
                .serverName("App.internal")
                .clientCertificate(client.privateKey(), client.chain())
                .build();
        OriginTls same = OriginTls.builder()
                .trustedCertificates(List.of(CA.rootCertificate()))
                .serverName("app.internal.")
                .clientCertificate(file("chain.pem", client.certificatePem()), file("key.pem", client.privateKeyPem()))
                .build();

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(one).hasToString("OriginTls[verifying, server name app.internal]");
        assertThat(OriginTls.builder().build()).isEqualTo(OriginTls.systemTrust());
        assertThat(OriginTls.builder().insecureWithoutVerification().build())
                .isNotEqualTo(OriginTls.systemTrust())
                .returns(true, OriginTls::isInsecure);
        assertThat(OriginTls.builder().trustedCertificates(CA.rootPem()).build())
                .isNotEqualTo(OriginTls.systemTrust());
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void keysOfAllKindsAreRead(KeyAlgorithm algorithm) throws IOException {
        CertificateMaterial client = CA.client("router").keyAlgorithm(algorithm).material();

        assertThat(OriginTls.builder()
                        .clientCertificate(
                                file("chain.pem", client.certificatePem()), file("key.pem", client.privateKeyPem()))
                        .build())
                .isNotEqualTo(OriginTls.systemTrust());
    }

    @ParameterizedTest
    @CsvSource({"app, app", "my_app.internal, ''", "10.0.0.5, ''", "[::1], ''"})
    void aNameIsAskedForAndAnAddressIsNot(String host, String asked) {
        SSLEngine engine = OriginTls.systemTrust().newEngine(host, 443, "h2", "http/1.1");

        assertThat(engine.getUseClientMode()).isTrue();
        assertThat(engine.getPeerHost()).isEqualTo(host);
        assertThat(engine.getSSLParameters().getApplicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(engine.getSSLParameters().getServerNames())
                .extracting(name -> ((SNIHostName) name).getAsciiName())
                .isEqualTo(asked.isEmpty() ? List.of() : List.of(asked));
    }

    @Test
    void aSettingMadeTwiceIsRefused() {
        assertThatThrownBy(() ->
                        OriginTls.builder().trustedCertificates(CA.rootPem()).trustedCertificates(CA.rootPem()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("trustedCertificates: set twice (give all of them at once)");
        assertThatThrownBy(() -> OriginTls.builder().serverName("a").serverName("b"))
                .hasMessage("serverName: set twice, to a and to b (set it once)");
        CertificateMaterial client = CA.issueClient("router");
        assertThatThrownBy(() -> OriginTls.builder()
                        .clientCertificate(client.privateKey(), client.chain())
                        .clientKeys(anyKeys()))
                .hasMessageStartingWith("clientCertificate: set twice");
        assertThatThrownBy(
                        () -> OriginTls.builder().insecureWithoutVerification().insecureWithoutVerification())
                .isInstanceOf(IllegalStateException.class);
    }

    private static X509KeyManager anyKeys() throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(null, null);
        return (X509KeyManager) factory.getKeyManagers()[0];
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> OriginTls.builder()
                        .trustedCertificates(CA.rootPem())
                        .insecureWithoutVerification()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stands beside trustedCertificates");
        assertThatThrownBy(() -> OriginTls.builder()
                        .trustedCertificates(CA.rootPem())
                        .sslContext(CA.sslContext())
                        .build())
                .hasMessageStartingWith("sslContext: stands beside trust or keys");
    }

    @Test
    void whatCannotBeReadIsRefusedWithARemedy() throws IOException {
        OriginTls.Builder builder = OriginTls.builder();
        Path none = folder.resolve("none.pem");
        Path key = file("key.pem", CA.issueClient("router").privateKeyPem());
        Path pkcs1 = file("pkcs1.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n");
        Path broken = file("broken.pem", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> builder.trustedCertificates(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("trustedCertificates: " + none + " cannot be read")
                .hasMessageContaining("check the path");
        assertThatThrownBy(() -> builder.trustedCertificates(key))
                .hasMessage("trustedCertificates: " + key
                        + ": no certificate (expected: PEM text with -----BEGIN CERTIFICATE-----)");
        assertThatThrownBy(() ->
                        builder.trustedCertificates("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----"))
                .hasMessageContaining("a certificate is malformed");
        assertThatThrownBy(() -> builder.trustedCertificates(List.of())).hasMessageContaining("none");
        assertThatThrownBy(() -> builder.clientCertificate(none, pkcs1))
                .hasMessageContaining("RSA PRIVATE KEY")
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
        assertThatThrownBy(() -> builder.clientCertificate(none, broken)).hasMessageContaining("is malformed");
        assertThatThrownBy(() -> builder.serverName("not a name"))
                .hasMessage("serverName not a name: not a host name (write app.example.com)");
    }
}
