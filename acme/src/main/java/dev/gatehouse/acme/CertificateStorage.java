package dev.gatehouse.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Keeps what a certificate manager must not forget: certificates with their keys, account keys, answers to challenges, the
 * state of issuance, counters, and who is at work on what. Several nodes may share one storage.
 *
 * <p><b>Records.</b> A record is written whole or not at all, and only if it still has the version that the writer has read
 * (compare-and-set), so that no node overwrites what it has not seen. Versions of one key only grow, also over deletion.
 * Implementations keep contents from the eyes of others: they hold private keys.
 *
 * <p><b>Leases.</b> A lease says that one node is at work on a resource until a moment. Clocks differ and processes freeze,
 * so that moment alone proves nothing: each lease has a fencing number that grows with every change of hands, and a write
 * that is {@linkplain WriteTerms#fencedBy fenced} by a lease is refused once somebody else holds the resource.
 *
 * <p><b>Expiry.</b> A record that was written with an expiry is found by it, without reading its content, and is still read
 * after it: expiry only tells {@linkplain #clean cleaning} and renewal what to look at.
 *
 * <p><b>Counters.</b> A counter has a name and buckets of time, and is forgotten bucket by bucket.
 *
 * <p>All methods may block and are called on worker threads, never on a handshake's. Implementations are safe for use by
 * several threads. After {@link #close()} every method throws an {@code IOException} that says so.
 *
 * <p>Implementers prove themselves with the suite of the artifact {@code gatehouse-conformance}.
 */
public interface CertificateStorage extends AutoCloseable {

    /** The version that a record has before it is first written. */
    long ABSENT = 0;

    /** The most bytes that a record may hold: 1 MiB. */
    int MAX_CONTENT_BYTES = 1 << 20;

    /**
     * Reads a record.
     *
     * @param key which record
     * @return the record, or empty if there is none
     * @throws DamagedRecordException if the record cannot be read any more; it was set aside, and the next read finds none
     * @throws IOException if the storage cannot be reached
     */
    Optional<StoredRecord> read(RecordKey key) throws IOException;

    /**
     * Writes a record that does not expire, if nobody else has written it since it was read.
     *
     * @param key which record
     * @param content what it is to hold, at most {@link #MAX_CONTENT_BYTES}
     * @param expectedVersion the version that was read, or {@link #ABSENT} if there was none
     * @return the record as written, with its new version
     * @throws IllegalArgumentException if the content is too large
     * @throws StaleRecordException if the record has another version; nothing was changed
     * @throws IOException if the storage cannot be written; the record is the old one, or the new one, whole
     */
    default StoredRecord write(RecordKey key, byte[] content, long expectedVersion) throws IOException {
        return write(key, content, expectedVersion, WriteTerms.none());
    }

    /**
     * Writes a record on terms, if nobody else has written it since it was read.
     *
     * @param key which record
     * @param content what it is to hold, at most {@link #MAX_CONTENT_BYTES}
     * @param expectedVersion the version that was read, or {@link #ABSENT} if there was none
     * @param terms when the record expires, which replaces the expiry that it had, and which lease the writer must hold
     * @return the record as written, with its new version
     * @throws IllegalArgumentException if the content is too large
     * @throws LeaseLostException if the writer does not hold the lease any more; nothing was changed
     * @throws StaleRecordException if the record has another version; nothing was changed
     * @throws IOException if the storage cannot be written; the record is the old one, or the new one, whole
     */
    StoredRecord write(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms) throws IOException;

    /**
     * Removes a record if nobody else has written it since it was read.
     *
     * @param key which record
     * @param expectedVersion the version that was read
     * @throws StaleRecordException if the record has another version, or is gone; nothing was changed
     * @throws IOException if the storage cannot be written
     */
    void delete(RecordKey key, long expectedVersion) throws IOException;

    /**
     * Takes the lease of a resource, if nobody holds it or its holder has let it expire. A lease is not re-entrant: who
     * holds it and asks again gets nothing.
     *
     * @param resource what is to be worked on, 1 to 1024 characters
     * @param length for how long, positive
     * @return the lease, with a higher fencing number than any before it; empty if somebody holds it
     * @throws IOException if the storage cannot be reached
     */
    Optional<Lease> acquire(String resource, Duration length) throws IOException;

    /**
     * Prolongs a lease. One that has expired is prolonged, too, as long as nobody has taken it.
     *
     * @param lease the lease
     * @param length for how long from now on, positive
     * @return the lease with its new expiry and the same fencing number
     * @throws LeaseLostException if somebody else has taken it, or it was released
     * @throws IOException if the storage cannot be reached
     */
    Lease renew(Lease lease, Duration length) throws IOException;

    /**
     * Gives a lease back. Does nothing if it is not held any more.
     *
     * @param lease the lease
     * @throws IOException if the storage cannot be reached; the lease then expires
     */
    void release(Lease lease) throws IOException;

    /**
     * Finds records by their expiry, earliest first, without reading their contents. A record that was renewed or deleted
     * meanwhile may still be named; none is left out.
     *
     * @param kind which kind of record
     * @param before only those that expire before this moment
     * @param limit how many at most, positive
     * @return the first of them, and how to go on
     * @throws IOException if the storage cannot be reached
     */
    ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit) throws IOException;

    /**
     * Goes on finding records by their expiry.
     *
     * @param kind which kind of record
     * @param before only those that expire before this moment
     * @param limit how many at most, positive
     * @param after the {@linkplain ExpiringRecords#next() end} of the page before
     * @return those that follow, and how to go on
     * @throws IOException if the storage cannot be reached
     */
    ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit, ExpiringRecord after) throws IOException;

    /**
     * Adds to a counter in one step, whoever else adds.
     *
     * @param key which counter, and which bucket of it
     * @param amount how much, may be negative
     * @param forgetAt from when on the bucket counts as nothing; the latest one of all calls for a bucket holds
     * @return what the bucket holds now
     * @throws IOException if the storage cannot be written
     */
    long add(CounterKey key, long amount, Instant forgetAt) throws IOException;

    /**
     * Reads a counter.
     *
     * @param name the name of the counter
     * @param since the first bucket that matters
     * @return the buckets from there on that are not forgotten, with what they hold
     * @throws IOException if the storage cannot be reached
     */
    SortedMap<Instant, Long> counts(String name, Instant since) throws IOException;

    /**
     * Removes records that have expired, earliest first, in a bounded step. A step that was cut short, by a crash or an
     * error, is taken up by the next one; a record that cannot be removed is logged and does not hold up the others.
     *
     * @param kind which kind of record
     * @param expiredBefore only those that expired before this moment
     * @param limit how many to look at, positive
     * @return what was done, and whether there is more to do
     * @throws IOException if the storage cannot be reached
     */
    CleaningProgress clean(RecordKey.Kind kind, Instant expiredBefore, int limit) throws IOException;

    /**
     * Removes what the storage keeps for itself and does not need any more, in a bounded step: forgotten counters, leases
     * that ended long ago, traces of crashed writers.
     *
     * @param limit how many things to look at, positive
     * @return what was done, and whether there is more to do
     * @throws IOException if the storage cannot be reached
     */
    CleaningProgress sweep(int limit) throws IOException;

    /**
     * Releases what the storage holds, the leases taken through it included. Does not block for long, and does nothing the
     * second time.
     */
    @Override
    void close();
}
