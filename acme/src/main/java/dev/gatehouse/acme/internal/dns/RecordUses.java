package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts who needs a record. A certificate authority may give two orders the same challenge, and so the same record; it is
 * removed when the last of them has no more need of it. Safe for use by several threads.
 */
final class RecordUses {

    private final Map<String, Integer> uses = new HashMap<>();

    synchronized void begin(ChallengeRecord record) {
        uses.merge(record.toString(), 1, Integer::sum);
    }

    synchronized void end(ChallengeRecord record) {
        uses.computeIfPresent(record.toString(), (key, count) -> count == 1 ? null : count - 1);
    }

    synchronized boolean isUsed(ChallengeRecord record) {
        return uses.containsKey(record.toString());
    }
}
