package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records encrypted at rest, and their keys. */
class RecordEncryptionTest {

    private static final RecordKey KEY = RecordKey.certificate(ServerName.of("app.example.com"));
    private static final RecordKey OTHER = RecordKey.certificate(ServerName.of("other.example.com"));
    private static final byte[] SECRET = "-----BEGIN PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final List<FileStorage> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(FileStorage::close);
    }

    @Test
    void nothingOfTheContentIsInTheFolder() throws IOException {
        open(EncryptionKeys.of(key(1))).write(KEY, SECRET, 0);

        for (Path file : files(folder)) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("PRIVATE KEY");
        }
        assertThat(Files.readString(fileOf(KEY), StandardCharsets.ISO_8859_1))
                .contains("\nencrypted-with: " + EncryptionKeys.of(key(1)).ids().get(0) + "\n");
        assertThat(open(EncryptionKeys.of(key(1))).read(KEY).orElseThrow().content())
                .isEqualTo(SECRET);
    }

    @Test
    void aWrongKeyIsNamedAndLosesNothing() throws IOException {
        open(EncryptionKeys.of(key(1))).write(KEY, SECRET, 0);
        byte[] before = Files.readAllBytes(fileOf(KEY));
        String needed = EncryptionKeys.of(key(1)).ids().get(0);
        String given = EncryptionKeys.of(key(2)).ids().get(0);

        FileStorage wrong = open(EncryptionKeys.of(key(2)));
        assertThatThrownBy(() -> wrong.read(KEY))
                .isInstanceOf(EncryptionKeyMissingException.class)
                .hasMessage("CERTIFICATE app.example.com: is encrypted with key " + needed
                        + ", but the encryption keys are [" + given
                        + "]. Add that key behind the others; the record was left as it is.");
        assertThatThrownBy(() -> wrong.write(KEY, SECRET, 0)).isInstanceOf(StaleRecordException.class);
        assertThatThrownBy(() -> open(null).read(KEY))
                .isInstanceOf(EncryptionKeyMissingException.class)
                .hasMessageContaining("but there are no encryption keys");

        assertThat(Files.readAllBytes(fileOf(KEY))).isEqualTo(before);
        assertThat(files(folder.resolve("damaged"))).isEmpty();
    }

    @Test
    void aFileInThePlaceOfAnotherIsRefusedEvenWithAForgedHeader() throws Exception {
        FileStorage storage = open(EncryptionKeys.of(key(1)));
        storage.write(KEY, SECRET, 0);
        storage.write(OTHER, SECRET, 0);
        Files.copy(fileOf(KEY), fileOf(OTHER), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> storage.read(OTHER)).isInstanceOf(DamagedRecordException.class);

        RecordCipher cipher = RecordCipher.using(EncryptionKeys.of(key(1)));
        byte[] sealed = cipher.encrypt(KEY, SECRET);
        assertThat(cipher.decrypt(KEY, sealed)).isEqualTo(SECRET);
        assertThat(sealed).hasSize(SECRET.length + RecordCipher.OVERHEAD_BYTES);
        assertThatThrownBy(() -> cipher.decrypt(OTHER, sealed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> cipher.decrypt(RecordKey.account(KEY.name()), sealed))
                .isInstanceOf(GeneralSecurityException.class);
        for (int i = 9; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> cipher.decrypt(KEY, altered)).isInstanceOf(GeneralSecurityException.class);
        }
        assertThatThrownBy(() -> cipher.decrypt(KEY, Arrays.copyOf(sealed, 36)))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void encryptionIsIntroducedAndKeysAreReplacedWhileRecordsStayReadable() throws IOException {
        open(null).write(KEY, SECRET, 0);
        open(null).write(OTHER, SECRET, 0);

        FileStorage first = open(EncryptionKeys.of(key(1)));
        assertThat(first.read(KEY).orElseThrow().content()).isEqualTo(SECRET);
        first.write(KEY, SECRET, 1);
        assertThat(keyIdIn(fileOf(KEY)))
                .isEqualTo(EncryptionKeys.of(key(1)).ids().get(0));
        assertThat(keyIdIn(fileOf(OTHER))).isEmpty();

        EncryptionKeys rotated = EncryptionKeys.of(key(2), key(1));
        FileStorage second = open(rotated);
        int steps = 1;
        while (!second.reencrypt(1)) {
            steps++;
        }

        assertThat(steps).isGreaterThan(4);
        assertThat(keyIdIn(fileOf(KEY))).isEqualTo(rotated.ids().get(0));
        assertThat(keyIdIn(fileOf(OTHER))).isEqualTo(rotated.ids().get(0));
        StoredRecord read = open(EncryptionKeys.of(key(2))).read(KEY).orElseThrow();
        assertThat(read.content()).isEqualTo(SECRET);
        assertThat(read.version()).isEqualTo(2);
    }

    @Test
    void reencryptingWithoutKeysIsRefused() {
        FileStorage plain = open(null);
        assertThatThrownBy(() -> plain.reencrypt(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("There are no encryption keys. Open the storage with them.");
    }

    @Test
    void keysAreReadFromAFileInHexadecimalAndBase64() throws IOException {
        Path file = folder.resolve("keys");
        Files.writeString(
                file,
                "# new\n" + Base64.getEncoder().encodeToString(key(2)) + "\n\n# old\n"
                        + HexFormat.of().formatHex(key(1)) + "\r\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        try (LogCapture log = new LogCapture()) {
            assertThat(EncryptionKeys.fromFile(file).ids())
                    .isEqualTo(EncryptionKeys.of(key(2), key(1)).ids());
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void aKeyFileThatOthersReadIsReportedAndOneThatTheyWriteRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), HexFormat.of().formatHex(key(1)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (LogCapture log = new LogCapture()) {
            EncryptionKeys.fromFile(file);
            assertThat(log.lines())
                    .containsExactly("WARN " + file
                            + ": others can read these encryption keys (rw-r--r--). Run: chmod 600 " + file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThatThrownBy(() -> EncryptionKeys.fromFile(file))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        file + ": others may write this file of encryption keys (rw-rw----). Run: chmod 600 " + file);
    }

    @Test
    void keysAreTakenFromTheEnvironment() {
        String both = HexFormat.of().formatHex(key(1)) + ", " + HexFormat.of().formatHex(key(2));
        assertThat(EncryptionKeys.fromEnvironment("KEYS", name -> name.equals("KEYS") ? both : "")
                        .ids())
                .isEqualTo(EncryptionKeys.of(key(1), key(2)).ids());
    }

    @Test
    void senselessKeysAreRefusedWithoutShowingThem() {
        assertThatThrownBy(() -> EncryptionKeys.fromEnvironment("KEYS_THAT_NOBODY_SETS"))
                .hasMessage("KEYS_THAT_NOBODY_SETS: the environment variable is not set. Set it to a key, made for"
                        + " example by 'openssl rand -base64 32'.");
        assertThatThrownBy(() -> EncryptionKeys.fromEnvironment("KEYS", name -> " "))
                .hasMessage("KEYS: holds no encryption key");
        assertThatThrownBy(() -> EncryptionKeys.fromEnvironment("KEYS", name -> "hunter2!"))
                .hasMessage("KEYS: a key of 8 characters is neither hexadecimal nor Base64"
                        + " (expected: 64 or 44 characters)")
                .hasNoCause();
        assertThatThrownBy(() -> EncryptionKeys.fromEnvironment("KEYS", name -> "c2hvcnQ="))
                .hasMessage("KEYS: a key has 5 bytes (expected: 32)");
        assertThatThrownBy(() -> EncryptionKeys.of(key(1), key(1))).hasMessageContaining("is there twice");
        assertThat(EncryptionKeys.of(key(1)).toString())
                .doesNotContain(HexFormat.of().formatHex(key(1)));
    }

    private FileStorage open(@Nullable EncryptionKeys keys) {
        FileStorage.Builder builder = FileStorage.builder(folder);
        FileStorage storage = (keys == null ? builder : builder.encryption(keys)).open();
        opened.add(storage);
        return storage;
    }

    private Path fileOf(RecordKey key) throws IOException {
        return files(folder.resolve("certificates")).stream()
                .filter(file -> file.endsWith(key.name() + ".pem"))
                .findFirst()
                .orElseThrow();
    }

    private static String keyIdIn(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("encrypted-with: "))
                .map(line -> line.substring("encrypted-with: ".length()))
                .findFirst()
                .orElse("");
    }

    private static List<Path> files(Path where) throws IOException {
        try (Stream<Path> all = Files.walk(where)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }
}
