package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.ChallengeRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One small file for each record, written under another name first, so that a crash leaves a whole one or none. */
public final class FolderJournal implements ChallengeJournal {

    private static final Logger log = LoggerFactory.getLogger(FolderJournal.class);

    private static final String SUFFIX = ".dns01";
    private static final int MOST_ENTRIES = 10_000;

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
            Files.writeString(partial, JournalText.format(record, presentedAt));
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
            if (Files.size(file) > JournalText.LONGEST) {
                throw new IllegalArgumentException("it is longer than " + JournalText.LONGEST + " bytes");
            }
            entries.add(JournalText.parse(Files.readString(file)));
        } catch (NoSuchFileException removedMeanwhile) {
            log.debug("{}: was removed meanwhile", file);
        } catch (IllegalArgumentException | DateTimeException damaged) {
            log.warn(
                    "{}: is no journal entry of a DNS-01 record ({}). Delete it; the record it stood for may be left in DNS.",
                    file,
                    damaged.getMessage());
        }
    }

    private Path fileOf(ChallengeRecord record) {
        return folder.resolve(JournalText.nameOf(record) + SUFFIX);
    }

    /** {@return the folder} */
    @Override
    public String toString() {
        return folder.toString();
    }
}
