package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that people have damaged, and files that somebody made to do harm. */
@Timeout(60)
class PemHostileInputTest {

    private final String certificate = Pem.encode(List.of(Certificates.root()));

    @Test
    void byteOrderMarksAndTextBetweenSectionsDoNotMatter(@TempDir Path folder) throws Exception {
        Credential credential = Certificates.ec("app.example.com");
        String text = "note: this is ours\n" + Pem.encode(credential.chain()) + "subject=CN = app\n-----BEGIN NOTHING\n"
                + Pem.encode(credential.privateKey());
        Path utf8 = Files.writeString(folder.resolve("utf8.pem"), '\ufeff' + text.replace("\n", "\r\n"));
        Path utf16 = Files.write(folder.resolve("utf16.pem"), ('\ufeff' + text).getBytes(StandardCharsets.UTF_16LE));

        assertThat(Pem.credential(utf8, utf8).chain()).isEqualTo(credential.chain());
        assertThat(Pem.credential(utf16, utf16).chain()).isEqualTo(credential.chain());
    }

    @Test
    void aWholeSectionMayStandInOneLine() {
        String oneLine = certificate.replace('\n', ' ');

        assertThat(Pem.certificates(oneLine)).containsExactly(Certificates.root());
    }

    @Test
    void aSectionWithoutEndIsCutShort() {
        String cut = "first line\n" + certificate.substring(0, certificate.length() / 2);

        assertThatThrownBy(() -> Pem.certificates(cut))
                .isInstanceOf(CredentialException.class)
                .hasMessage("Line 2: -----BEGIN CERTIFICATE----- has no -----END CERTIFICATE----- of its own."
                        + " Is the file complete? Write it under another name and rename it.");
        assertThatThrownBy(() -> Pem.certificates(cut + "\n" + certificate)).hasMessageContaining("Line 2: ");
        assertThatThrownBy(() -> Pem.certificates(certificate.replace("END CERT", "END PERT")))
                .hasMessageContaining("has no -----END CERTIFICATE-----");
    }

    @Test
    void damagedBase64IsToldWithItsLine() {
        assertThatThrownBy(() -> Pem.certificates(certificate.replaceFirst("MII", "M\u00e9\u20ac")))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("Line 1: the base64 of section CERTIFICATE is damaged");
        assertThatThrownBy(() -> Pem.certificates("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
                .hasMessageContaining("Line 1: section CERTIFICATE is empty");
    }

    @Test
    void filesThatAreTooLargeAreNotRead(@TempDir Path folder) throws Exception {
        Path huge = Files.write(folder.resolve("huge.pem"), new byte[(1 << 20) + 1]);

        assertThatThrownBy(() -> Pem.credential(huge, huge))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("huge.pem: too large (more than 1 MiB)");
    }

    @Test
    void manyBeginningsAreReadInLinearTime() {
        String begins = "-----BEGIN CERTIFICATE-----\n".repeat(30_000);
        String empties = "-----BEGIN X-----\nA: b\n-----END X-----\n".repeat(25_000);

        assertThatThrownBy(() -> Pem.certificates(begins)).isInstanceOf(CredentialException.class);
        assertThatThrownBy(() -> Pem.certificates(empties)).hasMessageContaining("no CERTIFICATE section");
    }

    @Test
    void openSshKeysAreToldHowToBeConverted() {
        assertThatThrownBy(() ->
                        Pem.privateKey("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("ssh-keygen -p -m PKCS8");
    }

    @Test
    void randomDamageNeverEscapesAsAnotherException() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Credential credential = Certificates.rsa("app.example.com");
        byte[] whole = (Pem.encode(credential.chain()) + Pem.encode(credential.privateKey()))
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length);
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            String text = new String(damaged, StandardCharsets.ISO_8859_1);
            try {
                Pem.credential(text, text);
            } catch (CredentialException expected) {
                assertThat(expected)
                        .as("seed %d round %d", seed, round)
                        .message()
                        .isNotBlank();
            }
        }
    }
}
