package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CleaningProgress;
import dev.gatehouse.acme.RecordCipher;
import dev.gatehouse.acme.RecordKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An opened storage folder and its parts. Opening looks at no record. */
public final class StorageFolder {

    private static final String FORMAT = "gatehouse-storage: 1\n";
    private static final int MAX_FORMAT_BYTES = 1024;

    private final FolderLocks locks;
    private final LeaseFiles leases;
    private final CounterFiles counters;
    private final TemporaryFiles temporary;
    private final Map<RecordKey.Kind, RecordFiles> records = new EnumMap<>(RecordKey.Kind.class);

    private StorageFolder(Path folder, FolderLocks locks, InstantSource clock, @Nullable RecordCipher cipher)
            throws IOException {
        this.locks = locks;
        this.temporary = new TemporaryFiles(folder);
        PrivateFiles files = new PrivateFiles(temporary.folder());
        Quarantine quarantine = new Quarantine(folder, clock);
        ExpiryIndex index = new ExpiryIndex(folder);
        this.leases = new LeaseFiles(
                new ShardedFolder(folder, "leases", Durability.OF_THE_SYSTEM, files, quarantine, clock), locks, clock);
        this.counters = new CounterFiles(
                new ShardedFolder(folder, "counters", Durability.WHOLE, files, quarantine, clock), index, locks, clock);
        for (RecordKey.Kind kind : RecordKey.Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT) + "s";
            ShardedFolder sharded = new ShardedFolder(folder, name, durabilityOf(kind), files, quarantine, clock);
            records.put(kind, new RecordFiles(kind, sharded, index, locks, leases, cipher));
        }
    }

    /** Opens a folder, and makes it if it does not exist. */
    public static StorageFolder open(Path folder, InstantSource clock, @Nullable RecordCipher cipher)
            throws IOException {
        PrivateFiles.createFolder(folder);
        PrivateFiles.warnIfOthersMayWrite(folder);
        FolderLocks locks = FolderLocks.open(folder);
        try {
            StorageFolder opened = new StorageFolder(folder, locks, clock, cipher);
            opened.requireFormat(folder);
            return opened;
        } catch (IOException | RuntimeException unusable) {
            locks.close();
            throw unusable;
        }
    }

    private void requireFormat(Path folder) throws IOException {
        Path file = folder.resolve("format");
        Optional<byte[]> found = PrivateFiles.read(file, MAX_FORMAT_BYTES);
        if (found.isEmpty()) {
            new PrivateFiles(temporary.folder())
                    .replace(file, FORMAT.getBytes(StandardCharsets.US_ASCII), Durability.WHOLE);
        } else if (!new String(found.get(), StandardCharsets.US_ASCII).equals(FORMAT)) {
            throw new IOException(file + " does not say '" + FORMAT.strip()
                    + "'; the folder was made by a later release or is something else");
        }
    }

    /** What others can be told again needs no forcing to the disk, and forcing is what a write costs. */
    private static Durability durabilityOf(RecordKey.Kind kind) {
        return switch (kind) {
            case CERTIFICATE, ACCOUNT -> Durability.FORCED;
            case STATE -> Durability.WHOLE;
            case CHALLENGE -> Durability.OF_THE_SYSTEM;
        };
    }

    /** {@return the records of a kind} */
    public RecordFiles records(RecordKey.Kind kind) {
        RecordFiles files = records.get(kind);
        if (files == null) {
            throw new IllegalStateException("No folder for " + kind);
        }
        return files;
    }

    /** {@return the leases} */
    public LeaseFiles leases() {
        return leases;
    }

    /** {@return the counters} */
    public CounterFiles counters() {
        return counters;
    }

    /** Removes forgotten counters, abandoned leases and temporary files, at most so many of each. */
    public CleaningProgress sweep(int limit) throws IOException {
        CleaningProgress ofLeases = leases.sweep(limit);
        CleaningProgress ofCounters = counters.sweep(limit);
        CleaningProgress ofTemporary = temporary.sweep(limit);
        return new CleaningProgress(
                ofLeases.removed() + ofCounters.removed() + ofTemporary.removed(),
                ofLeases.finished() && ofCounters.finished() && ofTemporary.finished());
    }

    /** Releases the leases that were taken here, then the locks. */
    public void close() throws IOException {
        leases.releaseAll();
        locks.close();
    }
}
