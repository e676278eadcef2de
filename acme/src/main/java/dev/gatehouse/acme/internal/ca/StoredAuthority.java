package dev.gatehouse.acme.internal.ca;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The internal authority that all nodes with one storage share: made by whoever is first. Its methods block. */
public final class StoredAuthority {

    private static final Logger log = LoggerFactory.getLogger(StoredAuthority.class);

    private final String name;
    private final RecordKey key;

    /** With the name in its certificates, and the identity under which it is stored. */
    public StoredAuthority(String name, String identity) {
        this.name = name;
        this.key = RecordKey.account(identity);
    }

    public InternalAuthority loadOrCreate(CertificateStorage storage, Instant now) throws IOException {
        Optional<StoredRecord> record;
        try {
            record = storage.read(key);
        } catch (DamagedRecordException damaged) {
            log.warn(
                    "{}: the internal CA is lost, and a new one is made, whose root has to be trusted anew. {}",
                    key.name(),
                    damaged.getMessage());
            record = Optional.empty();
        }
        return record.isPresent() ? decode(record.get()) : create(storage, now);
    }

    private InternalAuthority create(CertificateStorage storage, Instant now) throws IOException {
        InternalAuthority created = InternalAuthority.create(name, now);
        try {
            storage.write(key, created.pem().getBytes(StandardCharsets.US_ASCII), CertificateStorage.ABSENT);
        } catch (StaleRecordException anotherNode) {
            return decode(storage.read(key).orElseThrow(() -> anotherNode));
        }
        log.info("{}: a new internal CA was made, {}, valid until {}", key.name(), created, created.notAfter());
        return created;
    }

    private InternalAuthority decode(StoredRecord record) throws IOException {
        try {
            return InternalAuthority.ofPem(new String(record.content(), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException unusable) {
            throw new IOException(
                    "The stored internal CA cannot be used (" + unusable.getMessage()
                            + "). Restore its record from a backup, or delete it, and trust the root of the new one.",
                    unusable);
        }
    }
}
