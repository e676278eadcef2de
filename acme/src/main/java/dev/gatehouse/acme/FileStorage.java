package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.storage.RecordFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Storage in a folder: one file for each record, readable by its owner only. A certificate's file is PEM text below a few
 * header lines, so {@code openssl x509 -in} reads it as it is.
 *
 * <p>A write goes to a temporary file that is forced to the disk and then renamed, so a crash leaves the old record or the
 * new one. Each file carries a checksum; a damaged one is an error that names it, never a silent loss.
 *
 * <p>Meant for one process: compare-and-set is guarded by a lock within it.
 */
public final class FileStorage implements CertificateStorage {

    private static final int STRIPES = 64;

    private final Path folder;
    private final Object[] stripes = new Object[STRIPES];

    private FileStorage(Path folder) {
        this.folder = folder;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /**
     * Opens a folder, and makes it if it does not exist. New folders are open to their owner only.
     *
     * @param folder where the records are
     * @return the storage
     * @throws UncheckedIOException if it cannot be made or written
     */
    public static FileStorage at(Path folder) {
        try {
            for (RecordKey.Kind kind : RecordKey.Kind.values()) {
                RecordFile.createPrivateFolder(folder.resolve(folderOf(kind)));
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    folder + ": cannot be used as certificate storage (" + unusable
                            + "). Choose a folder that this process may write.",
                    unusable);
        }
        return new FileStorage(folder);
    }

    @Override
    public Optional<StoredRecord> read(RecordKey key) throws IOException {
        try {
            return Optional.of(RecordFile.read(fileOf(key)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public StoredRecord write(RecordKey key, byte[] content, long expectedVersion) throws IOException {
        synchronized (stripeOf(key)) {
            requireVersion(key, expectedVersion);
            StoredRecord next = StoredRecord.of(content, expectedVersion + 1);
            RecordFile.write(fileOf(key), next);
            return next;
        }
    }

    @Override
    public void delete(RecordKey key, long expectedVersion) throws IOException {
        synchronized (stripeOf(key)) {
            requireVersion(key, expectedVersion);
            Files.delete(fileOf(key));
        }
    }

    private void requireVersion(RecordKey key, long expected) throws IOException {
        long actual = read(key).map(StoredRecord::version).orElse(ABSENT);
        if (actual != expected) {
            throw new StaleRecordException(key, expected, actual);
        }
    }

    private Object stripeOf(RecordKey key) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }

    private Path fileOf(RecordKey key) {
        return folder.resolve(folderOf(key.kind())).resolve(RecordFile.nameOf(key.name()));
    }

    private static String folderOf(RecordKey.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "s";
    }

    /** {@return the folder} */
    @Override
    public String toString() {
        return folder.toString();
    }
}
