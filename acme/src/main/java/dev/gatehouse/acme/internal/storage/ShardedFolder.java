package dev.gatehouse.acme.internal.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one kind, spread over 256 folders so that none of them grows too large.
 *
 * <p>Numbers of a name (versions, fencing numbers) never go back, also not when its file is deleted: each of the folders
 * keeps the highest number of what was deleted in it, and new files begin above that.
 *
 * <p>Whoever changes something holds the lock of the name.
 */
final class ShardedFolder {

    private static final Logger log = LoggerFactory.getLogger(ShardedFolder.class);

    /** More writes than there can have been since a number was lost. */
    private static final long LEAP = 1_000_000;

    private static final String HIGHEST_DELETED = ".highest-deleted";
    private static final String EXTENSION = ".pem";

    private final Path root;
    private final String kind;
    private final Durability durability;
    private final PrivateFiles files;
    private final Quarantine quarantine;
    private final InstantSource clock;

    ShardedFolder(
            Path storage,
            String kind,
            Durability durability,
            PrivateFiles files,
            Quarantine quarantine,
            InstantSource clock)
            throws IOException {
        this.root = storage.resolve(kind);
        this.kind = kind;
        this.durability = durability;
        this.files = files;
        this.quarantine = quarantine;
        this.clock = clock;
        PrivateFiles.createOwnFolder(root);
    }

    String kind() {
        return kind;
    }

    Durability durability() {
        return durability;
    }

    /** Reads a file; needs no lock. */
    Optional<FileRecord> read(String name) throws IOException {
        Optional<byte[]> bytes = PrivateFiles.read(fileOf(name), FileRecord.MAX_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        FileRecord record = decode(fileOf(name), bytes.get());
        if (!record.kind().equals(kind) || !record.name().equals(name)) {
            throw new Damage(Damage.Kind.FOREIGN);
        }
        return Optional.of(record);
    }

    private static FileRecord decode(Path file, byte[] bytes) throws IOException {
        try {
            return FileRecord.decode(bytes);
        } catch (NewerFormatException newer) {
            throw new IOException(file + ": cannot be read, " + newer.getMessage(), newer);
        }
    }

    void write(FileRecord record) throws IOException {
        files.replace(fileOf(record.name()), record.encode(), durability);
    }

    /** Removes a file, and remembers its number. */
    void delete(FileRecord record) throws IOException {
        raise(record.name(), record.version());
        Files.deleteIfExists(fileOf(record.name()));
        if (durability == Durability.FORCED) {
            PrivateFiles.forceFolder(PrivateFiles.folderOf(fileOf(record.name())));
        }
    }

    /** {@return the number that a new file begins with} */
    long firstNumber(String name) throws IOException {
        return highestDeleted(name) + 1;
    }

    private void raise(String name, long number) throws IOException {
        if (number > highestDeleted(name)) {
            FileRecord highest =
                    new FileRecord(kind + HIGHEST_DELETED, FileNames.shardOf(name), number, null, null, new byte[0]);
            files.replace(highestDeletedFile(name), highest.encode(), durability);
        }
    }

    private long highestDeleted(String name) throws IOException {
        Path file = highestDeletedFile(name);
        Optional<byte[]> bytes = PrivateFiles.read(file, FileRecord.MAX_BYTES);
        if (bytes.isEmpty()) {
            return 0;
        }
        try {
            return decode(file, bytes.get()).version();
        } catch (Damage damage) {
            Path kept = quarantine.setAside(file, kind + HIGHEST_DELETED, damage);
            log.warn(
                    "{}: damaged, {}. It was set aside as {}; numbers go on far above.", file, damage.sentence(), kept);
            long number = Math.max(LEAP, clock.millis());
            raise(name, number);
            return number;
        }
    }

    /** Moves a damaged file away; what comes in its place has higher numbers than it can have had. */
    Path setAside(String name, Damage damage) throws IOException {
        raise(name, Math.max(highestDeleted(name) + LEAP, clock.millis()));
        return quarantine.setAside(fileOf(name), kind + "-" + FileNames.of(name), damage);
    }

    Path fileOf(String name) {
        return shard(FileNames.shardOf(name)).resolve(FileNames.of(name) + EXTENSION);
    }

    /**
     * Reads the name back from that of its file; empty if the file is needed for that and is gone or damaged, or if no
     * record has such a file.
     */
    Optional<String> nameOf(String fileName) throws IOException {
        if (!FileNames.isShortened(fileName)) {
            return FileNames.nameOf(fileName);
        }
        Path file = shard(FileNames.shardOfFile(fileName)).resolve(fileName + EXTENSION);
        Optional<byte[]> bytes = PrivateFiles.read(file, FileRecord.MAX_BYTES);
        try {
            return bytes.isEmpty()
                    ? Optional.empty()
                    : Optional.of(decode(file, bytes.get()).name());
        } catch (Damage unreadable) {
            return Optional.empty();
        }
    }

    /** {@return the names of the files of one of the 256 folders, without extension, in order} */
    List<String> fileNames(int shard) throws IOException {
        return PrivateFiles.sortedNames(shard(String.format(Locale.ROOT, "%02x", shard))).stream()
                .filter(name -> name.endsWith(EXTENSION))
                .map(name -> name.substring(0, name.length() - EXTENSION.length()))
                .sorted()
                .toList();
    }

    private Path shard(String name) {
        return root.resolve(name);
    }

    private Path highestDeletedFile(String name) {
        return shard(FileNames.shardOf(name)).resolve(HIGHEST_DELETED);
    }
}
