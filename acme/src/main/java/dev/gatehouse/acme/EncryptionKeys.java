package dev.gatehouse.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that encrypt records at rest: 32 bytes each. The first one encrypts, all of them decrypt, so a key is replaced by
 * putting the new one in front of the old one and removing the old one when nothing is encrypted with it any more.
 *
 * <p>As text a key is 64 hexadecimal digits or 44 characters of Base64, such as {@code openssl rand -base64 32} prints.
 *
 * <p>Immutable and safe for use by several threads. Keys are not shown by {@link #toString()} nor by any message; an id, a
 * part of a hash, stands for them.
 */
public final class EncryptionKeys {

    private static final Logger log = LoggerFactory.getLogger(EncryptionKeys.class);

    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final int MAX_FILE_BYTES = 1 << 16;

    private final Map<String, SecretKey> keys;

    private EncryptionKeys(List<byte[]> keys, String source) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(source + ": holds no encryption key");
        }
        Map<String, SecretKey> byId = new LinkedHashMap<>();
        for (byte[] key : keys) {
            if (key.length != KEY_BYTES) {
                throw new IllegalArgumentException(
                        source + ": a key has " + key.length + " bytes (expected: " + KEY_BYTES + ")");
            }
            if (byId.put(idOf(key), new SecretKeySpec(key, "AES")) != null) {
                throw new IllegalArgumentException(source + ": key " + idOf(key) + " is there twice");
            }
        }
        this.keys = byId;
    }

    /**
     * Takes keys as bytes.
     *
     * @param first the key that encrypts, 32 bytes; copied
     * @param older keys that only decrypt
     * @return the keys
     * @throws IllegalArgumentException if a key has another length
     */
    public static EncryptionKeys of(byte[] first, byte[]... older) {
        List<byte[]> all = new ArrayList<>(List.of(first));
        all.addAll(Arrays.asList(older));
        return new EncryptionKeys(all, "keys");
    }

    /**
     * Takes keys from an environment variable, separated by commas or white space, the one that encrypts first.
     *
     * @param variable its name, such as {@code GATEHOUSE_STORAGE_KEY}
     * @return the keys
     * @throws IllegalArgumentException if it is not set or holds something else
     */
    public static EncryptionKeys fromEnvironment(String variable) {
        return fromEnvironment(variable, System::getenv);
    }

    static EncryptionKeys fromEnvironment(String variable, UnaryOperator<String> environment) {
        String text = Optional.ofNullable(environment.apply(variable))
                .orElseThrow(() -> new IllegalArgumentException(
                        variable + ": the environment variable is not set. Set it to a key, made for example by"
                                + " 'openssl rand -base64 32'."));
        return parse(List.of(text), variable);
    }

    /**
     * Reads keys from a file: one on each line, the one that encrypts first. Empty lines and those that begin with {@code #}
     * do not count. The file must not be writable by others than its owner; if others can read it, that is logged.
     *
     * @param file the file
     * @return the keys
     * @throws IOException if it cannot be read, or others may write it
     * @throws IllegalArgumentException if it holds something else
     */
    public static EncryptionKeys fromFile(Path file) throws IOException {
        checkPermissions(file);
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(file + ": is too large for a file of encryption keys");
        }
        List<String> lines = Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.strip().startsWith("#"))
                .toList();
        return parse(lines, file.toString());
    }

    private static void checkPermissions(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
        String shown = PosixFilePermissions.toString(found);
        if (found.contains(PosixFilePermission.GROUP_WRITE) || found.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(
                    file + ": others may write this file of encryption keys (" + shown + "). Run: chmod 600 " + file);
        }
        if (found.contains(PosixFilePermission.GROUP_READ) || found.contains(PosixFilePermission.OTHERS_READ)) {
            log.warn("{}: others can read these encryption keys ({}). Run: chmod 600 {}", file, shown, file);
        }
    }

    private static EncryptionKeys parse(Collection<String> texts, String source) {
        List<byte[]> keys = texts.stream()
                .flatMap(text -> Arrays.stream(text.split("[\\s,]+")))
                .filter(text -> !text.isEmpty())
                .map(text -> decode(text, source))
                .toList();
        return new EncryptionKeys(keys, source);
    }

    private static byte[] decode(String text, String source) {
        try {
            if (text.length() == 2 * KEY_BYTES) {
                return HexFormat.of().parseHex(text);
            }
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException malformed) {
            // Its message would show a part of the key.
            throw new IllegalArgumentException(source + ": a key of " + text.length()
                    + " characters is neither hexadecimal nor Base64 (expected: 64 or 44 characters)");
        }
    }

    private static String idOf(byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("gatehouse encryption key id".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(key), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }

    String currentId() {
        return ids().get(0);
    }

    /** {@return the ids of the keys, that of the one that encrypts first; 16 hexadecimal digits each} */
    public List<String> ids() {
        return List.copyOf(keys.keySet());
    }

    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    SecretKey current() {
        return keys.values().iterator().next();
    }

    /** {@return the ids of the keys} */
    @Override
    public String toString() {
        return "encryption keys " + ids();
    }
}
