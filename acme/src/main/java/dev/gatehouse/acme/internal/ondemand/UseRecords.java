package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When clients last asked for a name, in storage, for restarts and other nodes: to about a day, so that it costs one small
 * write per name and day at most. Its methods block.
 */
final class UseRecords {

    /** How old a record may be before it is written anew. */
    static final Duration COARSE = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private final CertificateStorage storage;
    private final Duration kept;

    /** With how long a use matters. */
    UseRecords(CertificateStorage storage, Duration kept) {
        this.storage = storage;
        this.kept = kept;
    }

    Optional<Instant> lastUse(SubjectName name) {
        try {
            return storage.read(keyOf(name)).flatMap(UseRecords::parse);
        } catch (IOException | RuntimeException unreadable) {
            log.warn("{}: it cannot be read when it was last used. {}", name, unreadable.getMessage());
            return Optional.empty();
        }
    }

    void used(SubjectName name, Instant use) {
        try {
            Optional<StoredRecord> present = storage.read(keyOf(name));
            if (present.flatMap(UseRecords::parse).filter(use::isBefore).isEmpty()) {
                storage.write(
                        keyOf(name),
                        use.toString().getBytes(StandardCharsets.UTF_8),
                        present.map(StoredRecord::version).orElse(CertificateStorage.ABSENT),
                        WriteTerms.none().expiringAt(use.plus(kept).plus(COARSE)));
            }
        } catch (IOException | RuntimeException unwritable) {
            log.warn("{}: it cannot be noted that it is used. {}", name, unwritable.getMessage());
        }
    }

    private static Optional<Instant> parse(StoredRecord stored) {
        try {
            return Optional.of(Instant.parse(new String(stored.content(), StandardCharsets.UTF_8)));
        } catch (DateTimeParseException damaged) {
            return Optional.empty();
        }
    }

    private static RecordKey keyOf(SubjectName name) {
        return RecordKey.state("last use " + name);
    }
}
