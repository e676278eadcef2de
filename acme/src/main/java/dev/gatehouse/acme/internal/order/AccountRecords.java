package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import java.io.IOException;
import java.util.Optional;

/** The record of the account at one authority. Its methods block on storage. */
final class AccountRecords {

    private final RecordKey key;

    AccountRecords(AcmeSettings settings) {
        this.key = RecordKey.account(settings.directory().toString());
    }

    /**
     * An account with the version of its record.
     *
     * @param account the account
     * @param version the version
     */
    record Versioned(StoredAccount account, long version) {}

    Optional<StoredRecord> read(CertificateStorage storage) throws IOException {
        return storage.read(key);
    }

    /** Empty if there is none, or only its key. */
    Optional<Versioned> load(CertificateStorage storage) throws IOException {
        Optional<StoredRecord> record = read(storage);
        if (record.isEmpty() || StoredAccount.location(record.get().content()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Versioned(
                StoredAccount.decode(record.get().content()), record.get().version()));
    }

    /** Throws a StaleRecordException if somebody else has written it. */
    Versioned write(StoredAccount account, long version, CertificateStorage storage) throws IOException {
        return new Versioned(
                account, storage.write(key, account.encode(), version).version());
    }

    /** Removes the account, unless another one has taken its place. */
    void delete(StoredAccount lost, CertificateStorage storage) throws IOException {
        Optional<StoredRecord> record = read(storage);
        if (record.isPresent()
                && StoredAccount.location(record.get().content())
                        .equals(Optional.of(lost.location().toExternalForm()))) {
            storage.delete(key, record.get().version());
        }
    }
}
