package dev.gatehouse.acme.migration;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import java.io.IOException;
import java.util.Optional;

/** The storage that is imported into. A failure of it concerns one record and is told as its outcome. */
final class TargetStorage {

    private static final int MAX_ATTEMPTS = 5;

    private final CertificateStorage storage;

    TargetStorage(CertificateStorage storage) {
        this.storage = storage;
    }

    Decision decide(ImportTarget target) {
        try {
            return target.comparison().with(read(target));
        } catch (IOException failure) {
            return failed(failure);
        }
    }

    /** Writes what was decided. If somebody has written in between, decides again. */
    Decision write(ImportTarget target, Decision decided) {
        Decision decision = decided;
        for (int attempt = 0; attempt < MAX_ATTEMPTS && decision.outcome().isWritten(); attempt++) {
            try {
                storage.write(target.key(), target.content().get(), decision.version(), target.terms());
                return decision;
            } catch (StaleRecordException writtenInBetween) {
                decision = decide(target);
            } catch (IOException | RuntimeException failure) {
                return failed(failure);
            }
        }
        return decision.outcome().isWritten()
                ? failed(new IOException("others write the record all the time"))
                : decision;
    }

    /** A damaged record is set aside by the storage when it is first read. */
    private Optional<StoredRecord> read(ImportTarget target) throws IOException {
        try {
            return storage.read(target.key());
        } catch (DamagedRecordException wasSetAside) {
            return storage.read(target.key());
        }
    }

    private static Decision failed(Exception failure) {
        return new Decision(
                ImportOutcome.FAILED,
                "not imported, the storage failed (" + failure.getMessage() + "). Mend it and import again.",
                CertificateStorage.ABSENT);
    }
}
