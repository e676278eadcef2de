package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** The certificates in storage, one record for each name. */
final class CertificateArchive {

    private final CertificateStorage storage;
    private final InstantSource clock;
    private final String issuer;

    /**
     * What storage has for a name.
     *
     * @param credential the credential, perhaps expired
     * @param version the version of its record
     */
    record Entry(Optional<Credential> credential, long version) {}

    CertificateArchive(CertificateStorage storage, InstantSource clock, String issuer) {
        this.storage = storage;
        this.clock = clock;
        this.issuer = issuer;
    }

    Entry load(ServerName name) throws IOException {
        Optional<StoredRecord> record = storage.read(RecordKey.certificate(name));
        return new Entry(
                record.map(stored -> StoredCertificate.decode(stored.content())),
                record.map(StoredRecord::version).orElse(CertificateStorage.ABSENT));
    }

    void store(ServerName name, Credential credential, long version) throws IOException {
        byte[] content = StoredCertificate.encode(credential, issuer, clock.instant());
        storage.write(RecordKey.certificate(name), content, version);
    }
}
