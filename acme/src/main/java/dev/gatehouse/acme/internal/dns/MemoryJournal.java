package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.ChallengeRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds no more than the records of orders under way and of removals that wait. */
public final class MemoryJournal implements ChallengeJournal {

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    @Override
    public void add(ChallengeRecord record, Instant presentedAt) {
        entries.put(record.toString(), new Entry(record, presentedAt));
    }

    @Override
    public void remove(ChallengeRecord record) {
        entries.remove(record.toString());
    }

    @Override
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }
}
