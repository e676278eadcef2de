package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {

    private static final char[] PASSWORD = "correct horse".toCharArray();

    private final HeldCertificate ec =
            Certificates.builder("app.example.com").ecdsa256().build();
    private final HeldCertificate rsa =
            Certificates.builder("app.example.com").rsa2048().build();

    @Test
    void sec1AndPkcs1KeysAreRead() throws Exception {
        String sec1 = sec1((ECPrivateKey) ec.keyPair().getPrivate());
        String pkcs1 = write(rsa.keyPair().getPrivate());

        assertThat(sec1).startsWith("-----BEGIN EC PRIVATE KEY-----");
        assertThat(pkcs1).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertFits(ec, Pem.privateKey(sec1));
        assertFits(rsa, Pem.privateKey(pkcs1));
    }

    @Test
    void pkcs8RoundTrips() {
        assertThat(Pem.encode(ec.keyPair().getPrivate())).startsWith("-----BEGIN PRIVATE KEY-----");
        assertFits(ec, Pem.privateKey(Pem.encode(ec.keyPair().getPrivate())));
        assertFits(rsa, Pem.privateKey(Pem.encode(rsa.keyPair().getPrivate())));
    }

    @Test
    void encryptedPkcs8NeedsItsPassword() throws Exception {
        String encrypted = encrypt(ec.keyPair().getPrivate());

        assertThat(encrypted).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        assertFits(ec, Pem.privateKey(encrypted, PASSWORD));
        assertThatThrownBy(() -> Pem.privateKey(encrypted, "wrong".toCharArray()))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("Check the password");
        assertThatThrownBy(() -> Pem.privateKey(encrypted))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("is encrypted. Give its password");
    }

    @Test
    void chainAndKeyMayShareOneFileInAnyOrder(@TempDir Path folder) throws IOException {
        Path bundle = Files.writeString(
                folder.resolve("bundle.pem"),
                "a note\n" + Pem.encode(List.of(Certificates.INTERMEDIATE.certificate())) + "\nBag Attributes: x\n"
                        + Pem.encode(ec.keyPair().getPrivate()) + Pem.encode(List.of(ec.certificate())));

        Credential credential = Pem.credential(bundle, bundle);

        assertThat(credential.chain()).containsExactly(ec.certificate(), Certificates.INTERMEDIATE.certificate());
    }

    @Test
    void windowsLineEndsAreRead() {
        String text = Pem.encode(List.of(ec.certificate())).replace("\n", "\r\n");

        assertThat(Pem.certificates(text)).containsExactly(ec.certificate());
    }

    @Test
    void messagesNameTheFileAndTheRemedy(@TempDir Path folder) throws IOException {
        Path absent = folder.resolve("absent.pem");
        Path chain = Files.writeString(folder.resolve("chain.pem"), Pem.encode(List.of(ec.certificate())));
        Path otherKey = Files.writeString(
                folder.resolve("other.key"), Pem.encode(rsa.keyPair().getPrivate()));

        assertThatThrownBy(() -> Pem.credential(absent, absent))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("absent.pem: cannot be read")
                .hasMessageContaining("Check the path");
        assertThatThrownBy(() -> Pem.credential(chain, chain))
                .hasMessageContaining("chain.pem")
                .hasMessageContaining("no private key section");
        assertThatThrownBy(() -> Pem.credential(otherKey, otherKey)).hasMessageContaining("no CERTIFICATE section");
        assertThatThrownBy(() -> Pem.credential(chain, otherKey))
                .hasMessageContaining("other.key")
                .hasMessageContaining("does not belong");
    }

    @Test
    void malformedTextIsAnErrorNotAnException() {
        String truncated = Pem.encode(List.of(ec.certificate())).substring(0, 200);

        assertThatThrownBy(() -> Pem.certificates(truncated + "\n-----END CERTIFICATE-----\n"))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("malformed");
    }

    private static void assertFits(HeldCertificate held, PrivateKey key) {
        assertThat(Credential.of(key, List.of(held.certificate())).leaf()).isEqualTo(held.certificate());
    }

    private static String write(Object key) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(key);
        }
        return text.toString();
    }

    /** As OpenSSL writes it, with the curve inside. */
    private static String sec1(ECPrivateKey key) throws IOException {
        return write(new PemObject(
                "EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1)
                        .getEncoded()));
    }

    private static String encrypt(PrivateKey key) throws Exception {
        return write(new JcaPKCS8Generator(
                key,
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword(PASSWORD)
                        .build()));
    }
}
