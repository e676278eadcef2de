package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The certificates in storage, one record for each. Its methods block. */
final class CertificateArchive {

    private final CertificateStorage storage;
    private final InstantSource clock;

    /**
     * What storage has for a name.
     *
     * @param certificate the certificate, perhaps expired
     * @param version the version of its record
     * @param damage why there is a record but no certificate, whole sentences, if that is so
     */
    record Entry(Optional<StoredCertificate> certificate, long version, Optional<String> damage) {

        static Entry of(StoredCertificate certificate, long version) {
            return new Entry(Optional.of(certificate), version, Optional.empty());
        }

        static Entry damaged(String damage, long version) {
            return new Entry(Optional.empty(), version, Optional.of(damage));
        }

        static Entry absent() {
            return new Entry(Optional.empty(), CertificateStorage.ABSENT, Optional.empty());
        }

        /** The certificate, if it can be served. */
        Optional<StoredCertificate> validAt(Instant now) {
            return certificate.filter(stored -> stored.credential().isValidAt(now));
        }
    }

    CertificateArchive(CertificateStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /**
     * What storage has of a certificate, or else, for a visitor's name, a valid one for the wildcard above it. A record that cannot be used
     * counts as none.
     */
    Entry load(CertificatePlan plan) throws IOException {
        Entry exact = load(plan, keyOf(plan.id()));
        Instant now = clock.instant();
        if (exact.validAt(now).isPresent()
                || plan.isManaged()
                || !(plan.subject() instanceof ServerName requested)
                || requested.parent().isEmpty()) {
            return exact;
        }
        RecordKey wildcard = new RecordKey(
                RecordKey.Kind.CERTIFICATE, "*." + requested.parent().get());
        return load(plan, wildcard)
                .validAt(now)
                .map(stored -> new Entry(Optional.of(stored), exact.version(), exact.damage()))
                .orElse(exact);
    }

    private Entry load(CertificatePlan plan, RecordKey key) throws IOException {
        try {
            return storage.read(key).map(record -> decode(plan, record)).orElseGet(Entry::absent);
        } catch (DamagedRecordException damaged) {
            return Entry.damaged(FlightContext.sentence(damaged), CertificateStorage.ABSENT);
        }
    }

    void store(CertificateId id, Credential credential, String issuer, long version, WriteTerms terms)
            throws IOException {
        byte[] content = StoredCertificate.encode(credential, issuer, clock.instant());
        storage.write(keyOf(id), content, version, terms.expiringAt(credential.notAfter()));
    }

    static RecordKey keyOf(CertificateId id) {
        return new RecordKey(RecordKey.Kind.CERTIFICATE, id.toString());
    }

    private static Entry decode(CertificatePlan plan, StoredRecord record) {
        try {
            StoredCertificate stored = StoredCertificate.decode(record.content());
            return plan.isServedBy(stored.credential().coverage())
                    ? Entry.of(stored, record.version())
                    : unusable("It is for " + stored.credential().coverage() + ".", record.version());
        } catch (CredentialException unreadable) {
            return unusable(FlightContext.sentence(unreadable), record.version());
        }
    }

    private static Entry unusable(String why, long version) {
        return Entry.damaged("The stored record holds no certificate for it. " + why + " It is issued anew.", version);
    }
}
