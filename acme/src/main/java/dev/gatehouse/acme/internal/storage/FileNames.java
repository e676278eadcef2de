package dev.gatehouse.acme.internal.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of records as names of files. Different names become different files on every file system: only lower-case ASCII
 * is used, everything else becomes {@code %xx}, and what would be too long is cut and gets a hash.
 */
final class FileNames {

    static final int MAX_PLAIN = 180;

    private static final int HASH_LENGTH = 32;
    private static final Pattern RESERVED_BY_WINDOWS =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])([.].*)?", Pattern.DOTALL);

    private FileNames() {}

    /** Writes a name with the characters that a file name may have, whatever its length. */
    static String escape(String name) {
        boolean escapeFirst =
                name.startsWith(".") || RESERVED_BY_WINDOWS.matcher(name).matches();
        StringBuilder escaped = new StringBuilder(name.length() + 16);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.';
            if (plain && !(escapeFirst && escaped.isEmpty())) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02x", (int) c));
            }
        }
        return escaped.toString();
    }

    /** The opposite of {@link #escape}. Throws IllegalArgumentException for what that does not write. */
    static String unescape(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '%') {
                bytes.write(c);
            } else if (i + 2 < escaped.length()) {
                bytes.write(HexFormat.fromHexDigits(escaped, i + 1, i + 3));
                i += 2;
            } else {
                throw new IllegalArgumentException(escaped);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** {@return the name of the file, without extension} */
    static String of(String name) {
        String escaped = escape(name);
        return escaped.length() <= MAX_PLAIN
                ? escaped
                : escaped.substring(0, MAX_PLAIN) + "%" + Hashes.sha256(name).substring(0, HASH_LENGTH);
    }

    /** The opposite of {@link #of} for what is not shortened; empty for what that does not return. */
    static Optional<String> nameOf(String fileName) {
        try {
            String name = unescape(fileName);
            return of(name).equals(fileName) && name.indexOf('\0') < 0 ? Optional.of(name) : Optional.empty();
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** {@return whether the name cannot be told from the name of its file} */
    static boolean isShortened(String fileName) {
        return fileName.length() > MAX_PLAIN;
    }

    /** {@return the folder that a name falls into, one of 256} */
    static String shardOf(String name) {
        return Hashes.sha256(name).substring(0, 2);
    }

    /** {@return the folder that a file falls into} */
    static String shardOfFile(String fileName) {
        return isShortened(fileName) ? fileName.substring(MAX_PLAIN + 1, MAX_PLAIN + 3) : shardOf(unescape(fileName));
    }
}
