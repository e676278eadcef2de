package dev.gatehouse.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A whole storage in memory, for tests that write very much. Nodes share it; closing it keeps what it holds. */
final class SharedMemoryStorage implements CertificateStorage {

    private static final Comparator<ExpiringRecord> ORDER = Comparator.comparing(ExpiringRecord::expiresAt)
            .thenComparing(record -> record.key().name());

    private final InstantSource clock;
    private final Map<RecordKey, StoredRecord> records = new HashMap<>();
    private final Map<RecordKey.Kind, TreeSet<ExpiringRecord>> expiries = new HashMap<>();
    private final Map<String, TreeMap<Instant, Long>> counters = new HashMap<>();
    private final Map<String, Lease> leases = new HashMap<>();
    private long fencing;
    private int certificateReads;
    private boolean isDown;

    SharedMemoryStorage(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void down(boolean down) {
        isDown = down;
    }

    /** How often the record of a certificate was read. */
    synchronized int certificateReads() {
        return certificateReads;
    }

    synchronized boolean has(RecordKey key) {
        return records.containsKey(key);
    }

    private void requireUp() throws IOException {
        if (isDown) {
            throw new IOException("The disk is gone.");
        }
    }

    @Override
    public synchronized Optional<StoredRecord> read(RecordKey key) throws IOException {
        requireUp();
        if (key.kind() == RecordKey.Kind.CERTIFICATE) {
            certificateReads++;
        }
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public synchronized StoredRecord write(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms)
            throws IOException {
        requireUp();
        if (terms.fence().isPresent() && !isHeld(terms.fence().get())) {
            throw new LeaseLostException(terms.fence().get(), "another has it");
        }
        long version = requireVersion(key, expectedVersion);
        forgetExpiry(key);
        StoredRecord written = StoredRecord.of(content, version + 1);
        if (terms.expiry().isPresent()) {
            written = written.expiringAt(terms.expiry().get());
            expiriesOf(key.kind()).add(new ExpiringRecord(key, terms.expiry().get()));
        }
        records.put(key, written);
        return written;
    }

    @Override
    public synchronized void delete(RecordKey key, long expectedVersion) throws IOException {
        requireUp();
        requireVersion(key, expectedVersion);
        forgetExpiry(key);
        records.remove(key);
    }

    private long requireVersion(RecordKey key, long expected) throws IOException {
        StoredRecord record = records.get(key);
        long actual = record == null ? ABSENT : record.version();
        if (actual != expected) {
            throw new StaleRecordException(key, expected, actual);
        }
        return actual;
    }

    private void forgetExpiry(RecordKey key) {
        Optional.ofNullable(records.get(key))
                .flatMap(StoredRecord::expiresAt)
                .ifPresent(at -> expiriesOf(key.kind()).remove(new ExpiringRecord(key, at)));
    }

    private TreeSet<ExpiringRecord> expiriesOf(RecordKey.Kind kind) {
        return expiries.computeIfAbsent(kind, first -> new TreeSet<>(ORDER));
    }

    @Override
    public synchronized Optional<Lease> acquire(String resource, Duration length) throws IOException {
        requireUp();
        Lease present = leases.get(resource);
        if (present != null && present.expiresAt().isAfter(clock.instant())) {
            return Optional.empty();
        }
        Lease lease = new Lease(resource, "a node", ++fencing, clock.instant().plus(length));
        leases.put(resource, lease);
        return Optional.of(lease);
    }

    private boolean isHeld(Lease lease) {
        Lease present = leases.get(lease.resource());
        return present != null && present.fencingNumber() == lease.fencingNumber();
    }

    @Override
    public synchronized Lease renew(Lease lease, Duration length) throws IOException {
        requireUp();
        if (!isHeld(lease)) {
            throw new LeaseLostException(lease, "another has it");
        }
        Lease renewed = new Lease(
                lease.resource(),
                lease.owner(),
                lease.fencingNumber(),
                clock.instant().plus(length));
        leases.put(lease.resource(), renewed);
        return renewed;
    }

    @Override
    public synchronized void release(Lease lease) {
        if (isHeld(lease)) {
            leases.remove(lease.resource());
        }
    }

    @Override
    public synchronized ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit) throws IOException {
        requireUp();
        return page(expiriesOf(kind), before, limit);
    }

    @Override
    public synchronized ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit, ExpiringRecord after)
            throws IOException {
        requireUp();
        return page(expiriesOf(kind).tailSet(after, false), before, limit);
    }

    private static ExpiringRecords page(NavigableSet<ExpiringRecord> all, Instant before, int limit) {
        List<ExpiringRecord> page = new ArrayList<>();
        for (ExpiringRecord record : all) {
            if (!record.expiresAt().isBefore(before)) {
                break;
            }
            if (page.size() == limit) {
                return new ExpiringRecords(page, Optional.of(page.get(limit - 1)));
            }
            page.add(record);
        }
        return new ExpiringRecords(page, Optional.empty());
    }

    @Override
    public synchronized long add(CounterKey key, long amount, Instant forgetAt) throws IOException {
        requireUp();
        return counters.computeIfAbsent(key.name(), name -> new TreeMap<>()).merge(key.bucket(), amount, Long::sum);
    }

    @Override
    public synchronized SortedMap<Instant, Long> counts(String name, Instant since) throws IOException {
        requireUp();
        return new TreeMap<>(counters.getOrDefault(name, new TreeMap<>()).tailMap(since));
    }

    @Override
    public synchronized CleaningProgress clean(RecordKey.Kind kind, Instant expiredBefore, int limit)
            throws IOException {
        requireUp();
        List<ExpiringRecord> expired =
                page(expiriesOf(kind), expiredBefore, limit).records();
        for (ExpiringRecord record : expired) {
            forgetExpiry(record.key());
            records.remove(record.key());
        }
        return new CleaningProgress(expired.size(), expired.size() < limit);
    }

    @Override
    public CleaningProgress sweep(int limit) {
        return new CleaningProgress(0, true);
    }

    @Override
    public void close() {}
}
