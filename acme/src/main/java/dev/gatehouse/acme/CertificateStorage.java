package dev.gatehouse.acme;

import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the records of a certificate manager: certificates with their keys, and account keys. Several nodes may share
 * one storage.
 *
 * <p>A record is written whole or not at all, and only if it still has the version that the writer has read
 * (compare-and-set), so that no node overwrites what it has not seen. Implementations keep contents from the eyes of
 * others: they hold private keys.
 *
 * <p>All methods may block and are called on worker threads, never on a handshake's. Implementations are safe for use by
 * several threads.
 */
public interface CertificateStorage extends AutoCloseable {

    /** The version that a record has before it is first written. */
    long ABSENT = 0;

    /**
     * Reads a record.
     *
     * @param key which record
     * @return the record, or empty if there is none
     * @throws IOException if the storage cannot be reached, or the record is damaged
     */
    Optional<StoredRecord> read(RecordKey key) throws IOException;

    /**
     * Writes a record if nobody else has written it since it was read.
     *
     * @param key which record
     * @param content what it is to hold
     * @param expectedVersion the version that was read, or {@link #ABSENT} if there was none
     * @return the record as written, with its new version
     * @throws StaleRecordException if the record has another version; nothing was changed
     * @throws IOException if the storage cannot be written; the record is as it was
     */
    StoredRecord write(RecordKey key, byte[] content, long expectedVersion) throws IOException;

    /**
     * Removes a record if nobody else has written it since it was read.
     *
     * @param key which record
     * @param expectedVersion the version that was read
     * @throws StaleRecordException if the record has another version, or is gone; nothing was changed
     * @throws IOException if the storage cannot be written; the record is as it was
     */
    void delete(RecordKey key, long expectedVersion) throws IOException;

    /** Releases what the storage holds. Does not block for long, and does nothing the second time. */
    @Override
    default void close() {}
}
