package dev.gatehouse.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link CertificateStorage} holds under a key. Immutable and safe for use by several threads. */
public final class StoredRecord {

    private final byte[] content;
    private final long version;
    private final @Nullable Instant expiresAt;

    private StoredRecord(byte[] content, long version, @Nullable Instant expiresAt) {
        this.content = content;
        this.version = version;
        this.expiresAt = expiresAt;
    }

    /**
     * Makes a record that does not expire. For implementations of a storage.
     *
     * @param content what it holds; copied
     * @param version its version, at least 1
     * @return the record
     */
    public static StoredRecord of(byte[] content, long version) {
        if (version <= CertificateStorage.ABSENT) {
            throw new IllegalArgumentException("version: " + version + " (expected: at least 1)");
        }
        return new StoredRecord(content.clone(), version, null);
    }

    /**
     * Says when the record expires. For implementations of a storage.
     *
     * @param moment when
     * @return this record with the expiry
     */
    public StoredRecord expiringAt(Instant moment) {
        return new StoredRecord(content, version, moment);
    }

    /** {@return a copy of what it holds} */
    public byte[] content() {
        return content.clone();
    }

    /** {@return its version, which grows with every write} */
    public long version() {
        return version;
    }

    /** {@return when it expires, as the last writer said} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** {@return version and size; the content may be secret} */
    @Override
    public String toString() {
        return "version " + version + ", " + content.length + " bytes";
    }
}
