package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.storage.RecordFiles;
import dev.gatehouse.acme.internal.storage.StorageFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storage in a folder: one file for each record, readable by its owner only. A certificate's file is PEM text below a few
 * header lines, so {@code openssl x509 -in} reads it as it is, unless it is encrypted.
 *
 * <p>A write goes to a temporary file that is forced to the disk and then renamed, so a crash leaves the old record or the
 * new one, and temporary files that {@link #sweep} removes. Each file carries a checksum; a damaged one is moved to the
 * folder {@code damaged} and reported.
 *
 * <p><b>Several processes</b> of one machine may share the folder: compare-and-set, leases and counters hold among them.
 * Network file systems do not keep what that needs; nodes on several machines share a database.
 *
 * <p><b>Size.</b> Opening looks at no record, reading opens one file, and what expires is found by an index of its own, so a
 * million records are fine.
 *
 * <p>An operation waits for the disk and at most 30 s for another process. Interrupting its thread does not break it off.
 */
public final class FileStorage implements CertificateStorage {

    private static final Logger log = LoggerFactory.getLogger(FileStorage.class);

    private final Path path;
    private final StorageFolder folder;
    private final AtomicReference<RecordKey.Kind> reencrypting = new AtomicReference<>(RecordKey.Kind.CERTIFICATE);
    private final AtomicReference<RecordKey.Kind> reindexing = new AtomicReference<>(RecordKey.Kind.CERTIFICATE);
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileStorage(Path path, StorageFolder folder) {
        this.path = path;
        this.folder = folder;
    }

    /**
     * Opens a folder, and makes it if it does not exist. New folders are open to their owner only.
     *
     * @param folder where the records are
     * @return the storage, to be closed
     * @throws UncheckedIOException if it cannot be made or written, or holds something else
     */
    public static FileStorage at(Path folder) {
        return builder(folder).open();
    }

    /**
     * Begins to open a folder with other settings than the usual ones.
     *
     * @param folder where the records are
     * @return a builder
     */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    @Override
    public Optional<StoredRecord> read(RecordKey key) throws IOException {
        return records(key.kind()).read(key);
    }

    @Override
    public StoredRecord write(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms)
            throws IOException {
        if (content.length > MAX_CONTENT_BYTES) {
            throw new IllegalArgumentException(
                    key + ": " + content.length + " bytes (expected: at most " + MAX_CONTENT_BYTES + ")");
        }
        return records(key.kind()).write(key, content, expectedVersion, terms);
    }

    @Override
    public void delete(RecordKey key, long expectedVersion) throws IOException {
        records(key.kind()).delete(key, expectedVersion);
    }

    @Override
    public Optional<Lease> acquire(String resource, Duration length) throws IOException {
        StorageNames.require("resource", resource);
        requirePositive(length);
        return opened().leases().acquire(resource, length);
    }

    @Override
    public Lease renew(Lease lease, Duration length) throws IOException {
        requirePositive(length);
        return opened().leases().renew(lease, length);
    }

    @Override
    public void release(Lease lease) throws IOException {
        opened().leases().release(lease);
    }

    @Override
    public ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit) throws IOException {
        requirePositive(limit);
        return records(kind).expiring(before, limit, null);
    }

    @Override
    public ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit, ExpiringRecord after)
            throws IOException {
        requirePositive(limit);
        return records(kind).expiring(before, limit, after);
    }

    @Override
    public long add(CounterKey key, long amount, Instant forgetAt) throws IOException {
        return opened().counters().add(key, amount, forgetAt);
    }

    @Override
    public SortedMap<Instant, Long> counts(String name, Instant since) throws IOException {
        StorageNames.require("name", name);
        return opened().counters().counts(name, since);
    }

    @Override
    public CleaningProgress clean(RecordKey.Kind kind, Instant expiredBefore, int limit) throws IOException {
        requirePositive(limit);
        return records(kind).clean(expiredBefore, limit);
    }

    @Override
    public CleaningProgress sweep(int limit) throws IOException {
        requirePositive(limit);
        return opened().sweep(limit);
    }

    /**
     * Encrypts records with the current key that are not yet, in a bounded step. Call it again until it returns true. It begins anew after that, and when the storage is opened again.
     *
     * @param limit how many records to look at, positive
     * @return whether all records have been looked at; those that could not be encrypted were logged
     * @throws IOException if the storage cannot be reached
     * @throws IllegalStateException if the storage was opened without encryption keys
     */
    public boolean reencrypt(int limit) throws IOException {
        requirePositive(limit);
        RecordKey.Kind kind = reencrypting.get();
        boolean finished = records(kind).reencrypt(limit).finished();
        return finished && goOn(reencrypting, kind);
    }

    /**
     * Makes the entries of the index of expiries that are missing, in a bounded step, after a folder was put together from
     * parts of a backup. Call it again until it returns true. It begins anew after that, and when the storage is opened
     * again.
     *
     * @param limit how many records to look at, positive
     * @return whether all records have been looked at; those that could not be read were logged
     * @throws IOException if the storage cannot be reached
     */
    public boolean rebuildIndex(int limit) throws IOException {
        requirePositive(limit);
        RecordKey.Kind kind = reindexing.get();
        boolean finished = records(kind).reindex(limit).finished();
        return finished && goOn(reindexing, kind);
    }

    /** {@return whether that was the last kind} */
    private static boolean goOn(AtomicReference<RecordKey.Kind> current, RecordKey.Kind done) {
        RecordKey.Kind[] kinds = RecordKey.Kind.values();
        current.compareAndSet(done, kinds[(done.ordinal() + 1) % kinds.length]);
        return done.ordinal() == kinds.length - 1;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                folder.close();
            } catch (IOException unclosable) {
                log.warn("{}: the certificate storage could not be closed, {}", path, unclosable.toString());
            }
        }
    }

    private RecordFiles records(RecordKey.Kind kind) throws IOException {
        return opened().records(kind);
    }

    private StorageFolder opened() throws IOException {
        if (closed.get()) {
            throw new IOException(path + ": the certificate storage was closed");
        }
        return folder;
    }

    private static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: at least 1)");
        }
    }

    private static void requirePositive(Duration length) {
        if (length.isNegative() || length.isZero()) {
            throw new IllegalArgumentException("length: " + length + " (expected: more than nothing)");
        }
    }

    /** {@return the folder} */
    @Override
    public String toString() {
        return path.toString();
    }

    /** Collects the settings. Not safe for use by several threads. */
    public static final class Builder {

        private final Path folder;
        private @Nullable InstantSource clock;
        private @Nullable EncryptionKeys keys;

        private Builder(Path folder) {
            this.folder = folder;
        }

        /**
         * Sets the clock by which leases end and counters are forgotten. Default: the system's.
         *
         * @param clock tells the time
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder clock(InstantSource clock) {
            requireUnset(this.clock, "clock");
            this.clock = clock;
            return this;
        }

        /**
         * Encrypts the contents of records. Records that are not encrypted can still be read, so that encryption can be
         * introduced; {@link FileStorage#reencrypt} encrypts those that nobody writes.
         *
         * @param keys the keys
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder encryption(EncryptionKeys keys) {
            requireUnset(this.keys, "encryption");
            this.keys = keys;
            return this;
        }

        /**
         * Opens the folder, and makes it if it does not exist.
         *
         * @return the storage, to be closed
         * @throws UncheckedIOException if it cannot be made or written, or holds something else
         */
        public FileStorage open() {
            try {
                InstantSource time = clock == null ? InstantSource.system() : clock;
                RecordCipher cipher = keys == null ? null : RecordCipher.using(keys);
                return new FileStorage(folder, StorageFolder.open(folder, time, cipher));
            } catch (IOException unusable) {
                throw new UncheckedIOException(
                        folder + ": cannot be used as certificate storage (" + unusable
                                + "). Choose a folder that this process may write.",
                        unusable);
            }
        }

        private static void requireUnset(@Nullable Object value, String setting) {
            if (value != null) {
                throw new IllegalStateException(setting + " was already set to " + value);
            }
        }
    }
}
