package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * A record as a file: a few header lines, an empty line, the content.
 *
 * <pre>
 * gatehouse-record: 1
 * version: 3
 * sha256: 9f86d0…
 * (empty)
 * content
 * </pre>
 */
public final class RecordFile {

    private static final String FORMAT = "gatehouse-record: 1\n";
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_PLAIN_NAME = 200;

    private RecordFile() {}

    /** Makes a folder, and those above it, that only its owner can enter. */
    public static void createPrivateFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
    }

    /** Turns a record name into a file name; different names become different file names on every file system. */
    public static String nameOf(String name) {
        StringBuilder file = new StringBuilder(name.length() + 16);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.';
            file.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02x", (int) c));
        }
        if (file.length() > MAX_PLAIN_NAME) {
            file.setLength(MAX_PLAIN_NAME);
            file.append("%").append(sha256(name.getBytes(StandardCharsets.UTF_8)), 0, 32);
        }
        return file.append(".pem").toString();
    }

    /** Reads and checks a file. */
    public static StoredRecord read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw damaged(file, "it is larger than 1 MiB");
        }
        byte[] bytes = Files.readAllBytes(file);
        int headEnd = indexOfEmptyLine(bytes);
        if (headEnd < 0) {
            throw damaged(file, "its header is incomplete");
        }
        String head = new String(bytes, 0, headEnd + 1, StandardCharsets.US_ASCII);
        byte[] content = Arrays.copyOfRange(bytes, headEnd + 2, bytes.length);
        if (!head.startsWith(FORMAT)) {
            throw damaged(file, "it does not begin with 'gatehouse-record: 1'");
        }
        if (!header(file, head, "sha256").equals(sha256(content))) {
            throw damaged(file, "its checksum does not fit its content");
        }
        return StoredRecord.of(content, version(file, header(file, head, "version")));
    }

    /** Puts a record in the place of a file in one step. */
    public static void write(Path file, StoredRecord record) throws IOException {
        byte[] content = record.content();
        String head = FORMAT + "version: " + record.version() + "\nsha256: " + sha256(content) + "\n\n";
        Path temporary = Files.createTempFile(folderOf(file), ".", ".tmp", ownerOnly(file, "rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                writeAll(channel, ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
                writeAll(channel, ByteBuffer.wrap(content));
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(folderOf(file));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Path folderOf(Path file) {
        Path folder = file.getParent();
        return folder == null ? Path.of("") : folder;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes the rename itself survive a power failure, where folders can be opened. */
    private static void forceFolder(Path folder) throws IOException {
        if (isPosix(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        if (!isPosix(path)) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)};
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static int indexOfEmptyLine(byte[] bytes) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static String header(Path file, String head, String name) throws IOException {
        String start = name + ": ";
        return head.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow(() -> damaged(file, "it has no '" + name + "' line"));
    }

    private static long version(Path file, String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw damaged(file, "its version is not a number");
        }
    }

    private static IOException damaged(Path file, String why) {
        return new IOException(
                file + ": not a usable record, " + why + ". Restore it from a backup, or delete it to issue anew.");
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }
}
