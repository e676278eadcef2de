package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.DamagedRecordException;
import dev.gatehouse.acme.ExpiringRecord;
import dev.gatehouse.acme.ExpiringRecords;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.RecordKey.Kind;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.internal.dns.JournalText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the journal of TXT records in the storage that nodes share, so that any of them cleans up after one that crashed.
 * An entry is a record that expires in a month; until then its removal is tried again and again.
 */
final class StorageJournal implements ChallengeJournal {

    private static final Logger log = LoggerFactory.getLogger(StorageJournal.class);

    /** No token looks like this, since it has a slash. */
    private static final String PREFIX = "dns-01/";

    private static final Duration KEPT = Duration.ofDays(30);
    private static final int PAGE = 200;
    private static final int MOST_ENTRIES = 10_000;

    private final CertificateStorage storage;
    private final InstantSource clock;

    StorageJournal(CertificateStorage storage, InstantSource clock) {
        this.storage = storage;
        this.clock = clock;
    }

    @Override
    public void add(ChallengeRecord record, Instant presentedAt) throws IOException {
        RecordKey key = keyOf(record);
        long version = storage.read(key).map(StoredRecord::version).orElse(CertificateStorage.ABSENT);
        storage.write(
                key,
                JournalText.format(record, presentedAt).getBytes(StandardCharsets.UTF_8),
                version,
                WriteTerms.none().expiringAt(presentedAt.plus(KEPT)));
    }

    @Override
    public void remove(ChallengeRecord record) throws IOException {
        RecordKey key = keyOf(record);
        Optional<StoredRecord> entry = storage.read(key);
        if (entry.isPresent()) {
            storage.delete(key, entry.get().version());
        }
    }

    @Override
    public List<Entry> entries() throws IOException {
        Instant afterAll = clock.instant().plus(KEPT).plus(Duration.ofDays(1));
        List<Entry> entries = new ArrayList<>();
        Optional<ExpiringRecord> next = Optional.empty();
        do {
            ExpiringRecords page = next.isEmpty()
                    ? storage.expiring(Kind.CHALLENGE, afterAll, PAGE)
                    : storage.expiring(Kind.CHALLENGE, afterAll, PAGE, next.get());
            for (ExpiringRecord found : page.records()) {
                if (found.key().name().startsWith(PREFIX)) {
                    read(found.key()).ifPresent(entries::add);
                }
            }
            next = page.next();
        } while (next.isPresent() && entries.size() < MOST_ENTRIES);
        return entries;
    }

    private Optional<Entry> read(RecordKey key) throws IOException {
        try {
            Optional<StoredRecord> record = storage.read(key);
            return record.isEmpty()
                    ? Optional.empty()
                    : Optional.of(JournalText.parse(new String(record.get().content(), StandardCharsets.UTF_8)));
        } catch (DamagedRecordException | IllegalArgumentException | DateTimeException damaged) {
            log.warn(
                    "{}: is no journal entry of a DNS-01 record ({}). The record it stood for may be left in DNS.",
                    key,
                    damaged.getMessage());
            return Optional.empty();
        }
    }

    private static RecordKey keyOf(ChallengeRecord record) {
        return RecordKey.challenge(PREFIX + JournalText.nameOf(record));
    }
}
