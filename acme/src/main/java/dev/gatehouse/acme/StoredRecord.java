package dev.gatehouse.acme;

/** What a {@link CertificateStorage} holds under a key. Immutable and safe for use by several threads. */
public final class StoredRecord {

    private final byte[] content;
    private final long version;

    private StoredRecord(byte[] content, long version) {
        this.content = content;
        this.version = version;
    }

    /**
     * Makes a record. For implementations of a storage.
     *
     * @param content what it holds; copied
     * @param version its version, at least 1
     * @return the record
     */
    public static StoredRecord of(byte[] content, long version) {
        if (version <= CertificateStorage.ABSENT) {
            throw new IllegalArgumentException("version: " + version + " (expected: at least 1)");
        }
        return new StoredRecord(content.clone(), version);
    }

    /** {@return a copy of what it holds} */
    public byte[] content() {
        return content.clone();
    }

    /** {@return its version, which grows with every write} */
    public long version() {
        return version;
    }

    /** {@return version and size; the content may be secret} */
    @Override
    public String toString() {
        return "version " + version + ", " + content.length + " bytes";
    }
}
