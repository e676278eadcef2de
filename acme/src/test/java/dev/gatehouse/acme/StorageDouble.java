package dev.gatehouse.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A real storage that a test can take down, that counts what it is asked for, and that stays open for the next manager. */
final class StorageDouble implements CertificateStorage {

    private final CertificateStorage storage;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean isDown;
    private volatile boolean isReadOnly;

    StorageDouble(CertificateStorage storage) {
        this.storage = storage;
    }

    void down(boolean down) {
        isDown = down;
    }

    void readOnly(boolean readOnly) {
        isReadOnly = readOnly;
    }

    int calls() {
        return calls.get();
    }

    private CertificateStorage reading() throws IOException {
        calls.incrementAndGet();
        if (isDown) {
            throw new IOException("The disk is gone.");
        }
        return storage;
    }

    private CertificateStorage writing() throws IOException {
        if (isReadOnly) {
            throw new IOException("The disk is full.");
        }
        return reading();
    }

    @Override
    public Optional<StoredRecord> read(RecordKey key) throws IOException {
        return reading().read(key);
    }

    @Override
    public StoredRecord write(RecordKey key, byte[] content, long expectedVersion, WriteTerms terms)
            throws IOException {
        boolean isCertificate = key.kind() == RecordKey.Kind.CERTIFICATE;
        return (isCertificate ? writing() : reading()).write(key, content, expectedVersion, terms);
    }

    @Override
    public void delete(RecordKey key, long expectedVersion) throws IOException {
        reading().delete(key, expectedVersion);
    }

    @Override
    public Optional<Lease> acquire(String resource, Duration length) throws IOException {
        return reading().acquire(resource, length);
    }

    @Override
    public Lease renew(Lease lease, Duration length) throws IOException {
        return reading().renew(lease, length);
    }

    @Override
    public void release(Lease lease) throws IOException {
        reading().release(lease);
    }

    @Override
    public ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit) throws IOException {
        return reading().expiring(kind, before, limit);
    }

    @Override
    public ExpiringRecords expiring(RecordKey.Kind kind, Instant before, int limit, ExpiringRecord after)
            throws IOException {
        return reading().expiring(kind, before, limit, after);
    }

    @Override
    public long add(CounterKey key, long amount, Instant forgetAt) throws IOException {
        return reading().add(key, amount, forgetAt);
    }

    @Override
    public SortedMap<Instant, Long> counts(String name, Instant since) throws IOException {
        return reading().counts(name, since);
    }

    @Override
    public CleaningProgress clean(RecordKey.Kind kind, Instant expiredBefore, int limit) throws IOException {
        return reading().clean(kind, expiredBefore, limit);
    }

    @Override
    public CleaningProgress sweep(int limit) throws IOException {
        return reading().sweep(limit);
    }

    @Override
    public void close() {}
}
