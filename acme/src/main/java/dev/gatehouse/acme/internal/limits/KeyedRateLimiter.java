package dev.gatehouse.acme.internal.limits;

import dev.gatehouse.acme.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rate limit for each key. Of a key it keeps one moment: when all that was used will have come back. A key whose moment
 * has passed is as good as one that was never seen, and is dropped without loss.
 *
 * <p>Keys are chosen by clients, so there is a bound. Only what was really taken has an entry, and a global limit bounds
 * how much is taken; should the bound be reached all the same, those go that would have come back soonest.
 */
final class KeyedRateLimiter<K> {

    private final RateLimit limit;
    private final int maximumKeys;
    private final SteadyTime time;
    private final Map<K, Duration> restoredAt = new HashMap<>();

    KeyedRateLimiter(RateLimit limit, int maximumKeys, InstantSource clock) {
        this.limit = limit;
        this.maximumKeys = maximumKeys;
        this.time = new SteadyTime(clock);
    }

    /** From when on one can be taken; empty if that is now. */
    synchronized Optional<Instant> next(K key) {
        Duration now = time.elapsed();
        Duration earliest = restored(key, now).plus(limit.refill()).minus(limit.interval());
        return earliest.compareTo(now) <= 0 ? Optional.empty() : Optional.of(time.instantOf(earliest));
    }

    /** Takes one, whether or not there is one. */
    synchronized void take(K key) {
        Duration now = time.elapsed();
        restoredAt.put(key, restored(key, now).plus(limit.refill()));
        if (restoredAt.size() > maximumKeys) {
            shrink(now);
        }
    }

    /** Gives one back. */
    synchronized void giveBack(K key) {
        restoredAt.computeIfPresent(key, (same, restored) -> restored.minus(limit.refill()));
    }

    synchronized int size() {
        return restoredAt.size();
    }

    private Duration restored(K key, Duration now) {
        Duration restored = restoredAt.get(key);
        return restored == null || restored.compareTo(now) < 0 ? now : restored;
    }

    private void shrink(Duration now) {
        restoredAt.values().removeIf(restored -> restored.compareTo(now) <= 0);
        if (restoredAt.size() > maximumKeys) {
            List<K> soonest = restoredAt.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .limit(Math.max(1, maximumKeys / 10))
                    .map(Map.Entry::getKey)
                    .toList();
            soonest.forEach(restoredAt::remove);
        }
    }

    @Override
    public String toString() {
        return limit.toString();
    }
}
