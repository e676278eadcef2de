package dev.gatehouse.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A storage for tests of one process: records and counters, no leases. It can be made to fail. */
public final class MemoryStorage implements CertificateStorage {

    private final Map<RecordKey, StoredRecord> records = new HashMap<>();
    private final Map<String, TreeMap<Instant, Long>> counters = new HashMap<>();
    private final Map<RecordKey, Instant> expiries = new HashMap<>();
    private boolean failing;
    private int reads;

    public synchronized void fail(boolean fails) {
        failing = fails;
    }

    public synchronized int reads() {
        return reads;
    }

    public synchronized Optional<Instant> expiryOf(RecordKey key) {
        return Optional.ofNullable(expiries.get(key));
    }

    public synchronized Map<RecordKey, StoredRecord> records() {
        return Map.copyOf(records);
    }

    @Override
    public synchronized Optional<StoredRecord> read(RecordKey key) throws IOException {
        requireWorking();
        reads++;
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public synchronized StoredRecord write(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms)
            throws IOException {
        requireWorking();
        long version = requireVersion(key, expectedVersion);
        StoredRecord written = StoredRecord.of(content, version + 1);
        records.put(key, written);
        terms.expiry().ifPresent(expiry -> expiries.put(key, expiry));
        return written;
    }

    @Override
    public synchronized void delete(RecordKey key, long expectedVersion) throws IOException {
        requireWorking();
        requireVersion(key, expectedVersion);
        records.remove(key);
    }

    @Override
    public synchronized long add(CounterKey key, long amount, Instant forgetAt) throws IOException {
        requireWorking();
        return counters.computeIfAbsent(key.name(), name -> new TreeMap<>()).merge(key.bucket(), amount, Long::sum);
    }

    @Override
    public synchronized SortedMap<Instant, Long> counts(String name, Instant since) throws IOException {
        requireWorking();
        reads++;
        return new TreeMap<>(counters.getOrDefault(name, new TreeMap<>()).tailMap(since));
    }

    private long requireVersion(RecordKey key, long expected) throws IOException {
        StoredRecord record = records.get(key);
        long actual = record == null ? ABSENT : record.version();
        if (actual != expected) {
            throw new StaleRecordException(key, expected, actual);
        }
        return actual;
    }

    private void requireWorking() throws IOException {
        if (failing) {
            throw new IOException("the disk is gone");
        }
    }

    @Override
    public Optional<Lease> acquire(String resource, Duration length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lease renew(Lease lease, Duration length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(Lease lease) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit, ExpiringRecord after) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CleaningProgress clean(RecordKey.Kind kind, Instant expiredBefore, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CleaningProgress sweep(int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
