package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.CleaningProgress;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.EncryptionKeyMissingException;
import dev.gatehouse.acme.ExpiringRecord;
import dev.gatehouse.acme.ExpiringRecords;
import dev.gatehouse.acme.Lease;
import dev.gatehouse.acme.RecordCipher;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.storage.ExpiryIndex.Marker;
import dev.gatehouse.acme.internal.storage.FolderLocks.Family;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of one kind as files. */
public final class RecordFiles {

    private static final Logger log = LoggerFactory.getLogger(RecordFiles.class);

    private final RecordKey.Kind kind;
    private final ShardedFolder folder;
    private final ExpiryIndex index;
    private final FolderLocks locks;
    private final LeaseFiles leases;
    private final @Nullable RecordCipher cipher;
    private final ExpiryCleaning cleaning;
    private final FolderWalk reencryption;
    private final FolderWalk reindexing;

    RecordFiles(
            RecordKey.Kind kind,
            ShardedFolder folder,
            ExpiryIndex index,
            FolderLocks locks,
            LeaseFiles leases,
            @Nullable RecordCipher cipher) {
        this.kind = kind;
        this.folder = folder;
        this.index = index;
        this.locks = locks;
        this.leases = leases;
        this.cipher = cipher;
        this.cleaning = new ExpiryCleaning(folder, index, locks, Family.RECORDS, this::readToClean);
        this.reencryption = new FolderWalk(folder);
        this.reindexing = new FolderWalk(folder);
    }

    public Optional<StoredRecord> read(RecordKey key) throws IOException {
        try {
            return readOnce(key);
        } catch (Damage perhapsReplacedMeanwhile) {
            return locks.locked(Family.RECORDS, key.name(), () -> {
                try {
                    return readOnce(key);
                } catch (Damage damage) {
                    throw setAside(key, damage);
                }
            });
        }
    }

    private Optional<StoredRecord> readOnce(RecordKey key) throws IOException {
        Optional<FileRecord> file = folder.read(key.name());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        StoredRecord record =
                StoredRecord.of(decrypted(key, file.get()), file.get().version());
        Instant expiresAt = file.get().expiresAt();
        return Optional.of(expiresAt == null ? record : record.expiringAt(expiresAt));
    }

    public StoredRecord write(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms)
            throws IOException {
        Optional<Lease> fence = terms.fence();
        return fence.isPresent()
                ? leases.fenced(fence.get(), () -> writeLocked(key, content, expectedVersion, terms))
                : writeLocked(key, content, expectedVersion, terms);
    }

    private StoredRecord writeLocked(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms)
            throws IOException {
        return locks.locked(Family.RECORDS, key.name(), () -> {
            Optional<FileRecord> old = readToChange(key);
            requireVersion(key, expectedVersion, old);
            long version =
                    expectedVersion == CertificateStorage.ABSENT ? folder.firstNumber(key.name()) : expectedVersion + 1;
            Instant expiresAt = terms.expiry()
                    .map(moment -> moment.truncatedTo(ChronoUnit.MILLIS))
                    .orElse(null);
            if (expiresAt != null) {
                index.add(folder, Marker.of(expiresAt, key.name()));
            }
            folder.write(encrypted(key, content, version, expiresAt));
            old.map(FileRecord::expiresAt)
                    .filter(before -> !before.equals(expiresAt))
                    .ifPresent(before -> forget(Marker.of(before, key.name())));
            StoredRecord written = StoredRecord.of(content, version);
            return expiresAt == null ? written : written.expiringAt(expiresAt);
        });
    }

    public void delete(RecordKey key, long expectedVersion) throws IOException {
        locks.locked(Family.RECORDS, key.name(), () -> {
            Optional<FileRecord> old = readToChange(key);
            requireVersion(key, expectedVersion, old);
            if (old.isEmpty()) {
                throw new StaleRecordException(key, expectedVersion, CertificateStorage.ABSENT);
            }
            folder.delete(old.get());
            Optional.ofNullable(old.get().expiresAt()).ifPresent(before -> forget(Marker.of(before, key.name())));
            return key;
        });
    }

    /** The record is as it shall be; a marker that stays is only looked at in vain. */
    private void forget(Marker marker) {
        try {
            index.remove(folder, marker);
        } catch (IOException stays) {
            log.debug("{} {}: a marker stays, {}", kind, marker.fileName(), stays.getMessage());
        }
    }

    private static void requireVersion(RecordKey key, long expected, Optional<FileRecord> found)
            throws StaleRecordException {
        long actual = found.map(FileRecord::version).orElse(CertificateStorage.ABSENT);
        if (actual != expected) {
            throw new StaleRecordException(key, expected, actual);
        }
    }

    /** Reads under the lock, without decrypting. */
    private Optional<FileRecord> readToChange(RecordKey key) throws IOException {
        try {
            return folder.read(key.name());
        } catch (Damage damage) {
            throw setAside(key, damage);
        }
    }

    private Optional<FileRecord> readToClean(String name) throws IOException {
        try {
            return readToChange(new RecordKey(kind, name));
        } catch (DamagedRecordException setAside) {
            return Optional.empty();
        }
    }

    private DamagedRecordException setAside(RecordKey key, Damage damage) throws IOException {
        Path kept = folder.setAside(key.name(), damage);
        DamagedRecordException exception = new DamagedRecordException(key, damage.sentence(), kept.toString());
        log.error("{}", exception.getMessage());
        return exception;
    }

    private FileRecord encrypted(RecordKey key, byte[] content, long version, @Nullable Instant expiresAt) {
        return cipher == null
                ? new FileRecord(folder.kind(), key.name(), version, expiresAt, null, content)
                : new FileRecord(
                        folder.kind(),
                        key.name(),
                        version,
                        expiresAt,
                        cipher.currentKeyId(),
                        cipher.encrypt(key, content));
    }

    private byte[] decrypted(RecordKey key, FileRecord file) throws IOException {
        String keyId = file.keyId();
        if (keyId == null) {
            return file.content();
        }
        if (cipher == null) {
            throw new EncryptionKeyMissingException(key, keyId, List.of());
        }
        try {
            return cipher.decrypt(key, file.content());
        } catch (GeneralSecurityException notThisRecord) {
            throw new Damage(Damage.Kind.SEAL);
        }
    }

    public ExpiringRecords expiring(Instant before, int limit, @Nullable ExpiringRecord after) throws IOException {
        Marker last =
                after == null ? null : Marker.of(after.expiresAt(), after.key().name());
        List<ExpiringRecord> found = new ArrayList<>();
        while (found.size() <= limit) {
            List<Marker> page = index.list(folder, before, limit + 1 - found.size(), last);
            if (page.isEmpty()) {
                return new ExpiringRecords(found, Optional.empty());
            }
            for (Marker marker : page) {
                folder.nameOf(marker.fileName())
                        .ifPresent(
                                name -> found.add(new ExpiringRecord(new RecordKey(kind, name), marker.expiresAt())));
                last = marker;
            }
        }
        return new ExpiringRecords(found.subList(0, limit), Optional.of(found.get(limit - 1)));
    }

    public CleaningProgress clean(Instant expiredBefore, int limit) throws IOException {
        return cleaning.step(expiredBefore, limit);
    }

    /** Encrypts with the current key what is not. */
    public CleaningProgress reencrypt(int limit) throws IOException {
        if (cipher == null) {
            throw new IllegalStateException("There are no encryption keys. Open the storage with them.");
        }
        String wanted = cipher.currentKeyId();
        return reencryption.step(
                limit,
                name -> locks.locked(Family.RECORDS, name, () -> {
                    RecordKey key = new RecordKey(kind, name);
                    Optional<FileRecord> file = readToChange(key);
                    if (file.isEmpty() || wanted.equals(file.get().keyId())) {
                        return false;
                    }
                    FileRecord old = file.get();
                    folder.write(encrypted(key, decrypted(key, old), old.version(), old.expiresAt()));
                    return true;
                }));
    }

    /** Makes the markers that are missing. */
    public CleaningProgress reindex(int limit) throws IOException {
        return reindexing.step(
                limit,
                name -> locks.locked(Family.RECORDS, name, () -> {
                    Optional<FileRecord> file = readToChange(new RecordKey(kind, name));
                    Instant expiresAt = file.map(FileRecord::expiresAt).orElse(null);
                    if (expiresAt == null || index.contains(folder, Marker.of(expiresAt, name))) {
                        return false;
                    }
                    index.add(folder, Marker.of(expiresAt, name));
                    return true;
                }));
    }
}
