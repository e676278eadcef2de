package dev.gatehouse.acme.internal.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.CounterKey;
import dev.gatehouse.acme.RateLimit;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the distinct new names below a registrable domain, in storage, so that neither a restart nor another node begins
 * anew. A name counts once per interval as long as this process remembers it.
 */
final class NewNames {

    private static final Logger log = LoggerFactory.getLogger(NewNames.class);

    private static final int MAX_NAMES = 50_000;
    private static final int MAX_DOMAINS = 10_000;

    /** An interval is counted in so many parts. */
    private static final int BUCKETS = 24;

    private final RateLimit limit;
    private final Duration bucket;
    private final CertificateStorage storage;
    private final InstantSource clock;
    private final Cache<ServerName, Boolean> counted;

    /** Domains that are full need no look into storage. */
    private final Cache<String, Instant> fullUntil;

    NewNames(RateLimit limit, CertificateStorage storage, InstantSource clock) {
        this.limit = limit;
        this.bucket = limit.interval().dividedBy(BUCKETS);
        this.storage = storage;
        this.clock = clock;
        this.counted = Caffeine.newBuilder()
                .maximumSize(MAX_NAMES)
                .expireAfterWrite(limit.interval())
                .ticker(ClockTicker.of(clock))
                .executor(Runnable::run)
                .build();
        this.fullUntil = Caffeine.newBuilder()
                .maximumSize(MAX_DOMAINS)
                .executor(Runnable::run)
                .build();
    }

    /** When there is room for a name, as far as memory knows. Never blocks. */
    Optional<Instant> knownFull(ServerName name, String domain) {
        return counted.getIfPresent(name) != null
                ? Optional.empty()
                : Optional.ofNullable(fullUntil.getIfPresent(domain)).filter(clock.instant()::isBefore);
    }

    /** Counts a name, or tells when there is room for it. If storage fails the other limits have to do. May block. */
    Optional<Instant> count(ServerName name, String domain) {
        if (counted.getIfPresent(name) != null) {
            return Optional.empty();
        }
        try {
            Instant now = clock.instant();
            Optional<Instant> room = roomAt(storage.counts(counterOf(domain), now.minus(limit.interval())));
            if (room.isPresent()) {
                fullUntil.put(domain, room.get());
                return room;
            }
            Instant begin = beginOf(now);
            Instant forgetAt = begin.plus(bucket).plus(limit.interval());
            long unused = storage.add(new CounterKey(counterOf(domain), begin), 1, forgetAt);
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "{}: new names of {} cannot be counted ({}); only the other limits hold. Check the storage.",
                    name,
                    domain,
                    failure.getMessage());
        }
        counted.put(name, Boolean.TRUE);
        return Optional.empty();
    }

    /** When enough of the oldest parts have left the interval. */
    private Optional<Instant> roomAt(SortedMap<Instant, Long> counts) {
        long used = counts.values().stream().mapToLong(Long::longValue).sum();
        for (Map.Entry<Instant, Long> oldest : counts.entrySet()) {
            if (used < limit.count()) {
                return Optional.empty();
            }
            used -= oldest.getValue();
            if (used < limit.count()) {
                return Optional.of(oldest.getKey().plus(limit.interval()).plusMillis(1));
            }
        }
        return Optional.empty();
    }

    private Instant beginOf(Instant now) {
        long length = Math.max(1, bucket.toMillis());
        return Instant.ofEpochMilli(now.toEpochMilli() - Math.floorMod(now.toEpochMilli(), length));
    }

    @Override
    public String toString() {
        return limit.toString();
    }

    private static String counterOf(String domain) {
        return "new names of " + domain;
    }
}
