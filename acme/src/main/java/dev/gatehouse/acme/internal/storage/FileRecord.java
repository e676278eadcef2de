package dev.gatehouse.acme.internal.storage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one file holds: a few header lines, an empty line, the content. The checksum is that of everything else.
 *
 * <pre>
 * gatehouse-record: 1
 * kind: certificates
 * name: app.example.com
 * version: 3
 * expires: 2026-09-01T12:00:00Z
 * encrypted-with: 9f86d081884c7d65
 * sha256: 60303ae2…
 * (empty)
 * content
 * </pre>
 *
 * @param kind the folder that it belongs into
 * @param name its name there
 * @param version grows with every write
 * @param expiresAt when it expires, if it does
 * @param keyId with what its content is encrypted, if it is
 * @param content the content, as it is in the file
 */
record FileRecord(
        String kind,
        String name,
        long version,
        @Nullable Instant expiresAt,
        @Nullable String keyId,
        byte[] content) {

    /** The most bytes of a file: the largest content, its encryption and the longest header. */
    static final int MAX_BYTES = (1 << 20) + (1 << 14);

    private static final String FORMAT = "gatehouse-record";
    private static final String CURRENT_FORMAT = "1";
    private static final String CHECKSUM = "sha256: ";

    byte[] encode() {
        byte[] head = head().getBytes(StandardCharsets.US_ASCII);
        String tail = CHECKSUM + Hashes.sha256(head, content) + "\n\n";
        byte[] bytes = Arrays.copyOf(head, head.length + tail.length() + content.length);
        System.arraycopy(tail.getBytes(StandardCharsets.US_ASCII), 0, bytes, head.length, tail.length());
        System.arraycopy(content, 0, bytes, head.length + tail.length(), content.length);
        return bytes;
    }

    private String head() {
        return FORMAT + ": " + CURRENT_FORMAT + "\nkind: " + kind + "\nname: " + FileNames.escape(name) + "\nversion: "
                + version + "\n" + (expiresAt == null ? "" : "expires: " + expiresAt + "\n")
                + (keyId == null ? "" : "encrypted-with: " + keyId + "\n");
    }

    static FileRecord decode(byte[] bytes) throws Damage, NewerFormatException {
        if (bytes.length > MAX_BYTES) {
            throw new Damage(Damage.Kind.TOO_LARGE);
        }
        int headEnd = indexOfEmptyLine(bytes);
        if (headEnd < 0) {
            throw new Damage(Damage.Kind.NO_HEADER);
        }
        String text = new String(bytes, 0, headEnd + 1, StandardCharsets.US_ASCII);
        Map<String, String> fields = fields(text);
        requireKnownFormat(fields);
        int checksumAt = text.lastIndexOf(CHECKSUM);
        byte[] content = Arrays.copyOfRange(bytes, headEnd + 2, bytes.length);
        if (checksumAt < 0
                || !Hashes.sha256(Arrays.copyOf(bytes, checksumAt), content).equals(fields.get("sha256"))) {
            throw new Damage(Damage.Kind.CHECKSUM);
        }
        return of(fields, content);
    }

    private static void requireKnownFormat(Map<String, String> fields) throws Damage, NewerFormatException {
        String format = fields.get(FORMAT);
        if (format == null) {
            throw new Damage(Damage.Kind.NO_HEADER);
        }
        if (!format.equals(CURRENT_FORMAT)) {
            throw new NewerFormatException(format);
        }
    }

    private static FileRecord of(Map<String, String> fields, byte[] content) throws Damage {
        try {
            String expires = fields.get("expires");
            return new FileRecord(
                    required(fields, "kind"),
                    FileNames.unescape(required(fields, "name")),
                    Long.parseLong(required(fields, "version")),
                    expires == null ? null : Instant.parse(expires),
                    fields.get("encrypted-with"),
                    content);
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            throw new Damage(Damage.Kind.NO_HEADER);
        }
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }

    private static Map<String, String> fields(String head) {
        Map<String, String> fields = new LinkedHashMap<>();
        head.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 2));
            }
        });
        return fields;
    }

    private static int indexOfEmptyLine(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
