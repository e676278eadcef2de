package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.ChallengeRecord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One small file for each record, written under another name first, so that a crash leaves a whole one or none. */
public final class FolderJournal implements ChallengeJournal {

    private static final Logger log = LoggerFactory.getLogger(FolderJournal.class);

    private static final String SUFFIX = ".dns01";
    private static final int MOST_ENTRIES = 10_000;
    private static final int LONGEST_FILE = 8_192;

    private final Path folder;

    /** Takes a folder, which is made with the first record. */
    public FolderJournal(Path folder) {
        this.folder = folder;
    }

    @Override
    public void add(ChallengeRecord record, Instant presentedAt) throws IOException {
        Files.createDirectories(folder);
        Path whole = fileOf(record);
        Path partial = Files.createTempFile(folder, "new", ".tmp");
        try {
            Files.writeString(partial, format(record, presentedAt));
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    @Override
    public void remove(ChallengeRecord record) throws IOException {
        Files.deleteIfExists(fileOf(record));
    }

    @Override
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return entries;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                if (entries.size() == MOST_ENTRIES) {
                    log.warn("{}: has more than {} records; the others come next time.", folder, MOST_ENTRIES);
                    break;
                }
                read(file, entries);
            }
        }
        return entries;
    }

    private static void read(Path file, List<Entry> entries) throws IOException {
        try {
            if (Files.size(file) > LONGEST_FILE) {
                throw new IllegalArgumentException("it is longer than " + LONGEST_FILE + " bytes");
            }
            entries.add(parse(Files.readString(file)));
        } catch (NoSuchFileException removedMeanwhile) {
            log.debug("{}: was removed meanwhile", file);
        } catch (IllegalArgumentException | DateTimeException damaged) {
            log.warn(
                    "{}: is no journal entry of a DNS-01 record ({}). Delete it; the record it stood for may be left in DNS.",
                    file,
                    damaged.getMessage());
        }
    }

    private static String format(ChallengeRecord record, Instant presentedAt) {
        return "name=" + record.name() + "\ndomain=" + record.domain() + "\ntoken=" + record.token()
                + "\nkeyAuthorization=" + record.keyAuthorization() + "\ntimeToLive=" + record.timeToLive()
                + "\npresentedAt=" + presentedAt + "\n";
    }

    private static Entry parse(String text) throws IOException {
        Properties parts = new Properties();
        parts.load(new StringReader(text));
        ChallengeRecord record = new ChallengeRecord(
                part(parts, "name"),
                part(parts, "domain"),
                part(parts, "token"),
                part(parts, "keyAuthorization"),
                Duration.parse(part(parts, "timeToLive")));
        return new Entry(record, Instant.parse(part(parts, "presentedAt")));
    }

    private static String part(Properties parts, String name) {
        String value = parts.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no '" + name + "'");
        }
        return value;
    }

    private Path fileOf(ChallengeRecord record) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(record.toString().getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(digest, 0, 16) + SUFFIX);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }

    /** {@return the folder} */
    @Override
    public String toString() {
        return folder.toString();
    }
}
