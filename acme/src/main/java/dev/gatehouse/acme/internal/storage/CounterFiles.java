package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CleaningProgress;
import dev.gatehouse.acme.CounterKey;
import dev.gatehouse.acme.internal.storage.ExpiryIndex.Marker;
import dev.gatehouse.acme.internal.storage.FolderLocks.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counters as files: one for each name, a line for each bucket. */
public final class CounterFiles {

    private static final Logger log = LoggerFactory.getLogger(CounterFiles.class);

    private static final int MAX_BUCKETS = 4096;

    private final ShardedFolder folder;
    private final ExpiryIndex index;
    private final FolderLocks locks;
    private final InstantSource clock;
    private final ExpiryCleaning cleaning;

    private record Bucket(long count, Instant forgetAt) {

        private Bucket add(long amount, Instant laterPerhaps) {
            return new Bucket(Math.addExact(count, amount), forgetAt.isAfter(laterPerhaps) ? forgetAt : laterPerhaps);
        }
    }

    private record Counter(@Nullable FileRecord file, TreeMap<Instant, Bucket> buckets) {}

    CounterFiles(ShardedFolder folder, ExpiryIndex index, FolderLocks locks, InstantSource clock) {
        this.folder = folder;
        this.index = index;
        this.locks = locks;
        this.clock = clock;
        this.cleaning = new ExpiryCleaning(
                folder, index, locks, Family.COUNTERS, name -> Optional.ofNullable(readOrSetAside(name).file));
    }

    public long add(CounterKey key, long amount, Instant forgetAt) throws IOException {
        Instant now = clock.instant();
        Instant start = key.bucket().truncatedTo(ChronoUnit.MILLIS);
        Instant end =
                forgetAt.isAfter(ExpiryIndex.LATEST) ? ExpiryIndex.LATEST : forgetAt.truncatedTo(ChronoUnit.MILLIS);
        return locks.locked(Family.COUNTERS, key.name(), () -> {
            Counter counter = readOrSetAside(key.name());
            counter.buckets.values().removeIf(bucket -> !bucket.forgetAt.isAfter(now));
            Bucket old = counter.buckets.getOrDefault(start, new Bucket(0, end));
            Bucket sum = old.add(amount, end);
            counter.buckets.put(start, sum);
            if (counter.buckets.size() > MAX_BUCKETS) {
                throw new IOException(key.name() + ": the counter has more than " + MAX_BUCKETS
                        + " buckets. Count in longer ones, or forget them sooner.");
            }
            write(key.name(), counter);
            return sum.count;
        });
    }

    public SortedMap<Instant, Long> counts(String name, Instant since) throws IOException {
        Instant now = clock.instant();
        SortedMap<Instant, Long> counts = new TreeMap<>();
        read(name).buckets.tailMap(since).forEach((start, bucket) -> {
            if (bucket.forgetAt.isAfter(now)) {
                counts.put(start, bucket.count);
            }
        });
        return counts;
    }

    private Counter read(String name) throws IOException {
        try {
            return decode(folder.read(name));
        } catch (Damage perhaps) {
            return locks.locked(Family.COUNTERS, name, () -> readOrSetAside(name));
        }
    }

    private Counter readOrSetAside(String name) throws IOException {
        try {
            return decode(folder.read(name));
        } catch (Damage damage) {
            Path kept = folder.setAside(name, damage);
            log.warn(
                    "{}: the counter is damaged, {}. It was set aside as {}; counting begins at 0.",
                    name,
                    damage.sentence(),
                    kept);
            return new Counter(null, new TreeMap<>());
        }
    }

    private static Counter decode(Optional<FileRecord> file) throws Damage {
        TreeMap<Instant, Bucket> buckets = new TreeMap<>();
        if (file.isEmpty()) {
            return new Counter(null, buckets);
        }
        try {
            new String(file.get().content(), StandardCharsets.US_ASCII).lines().forEach(line -> {
                String[] parts = line.split(" ", 3);
                buckets.put(Instant.parse(parts[0]), new Bucket(Long.parseLong(parts[1]), Instant.parse(parts[2])));
            });
        } catch (RuntimeException malformed) {
            throw new Damage(Damage.Kind.NO_HEADER);
        }
        return new Counter(file.get(), buckets);
    }

    private void write(String name, Counter counter) throws IOException {
        StringBuilder content = new StringBuilder();
        Instant end = Instant.EPOCH;
        for (var bucket : counter.buckets.entrySet()) {
            content.append(bucket.getKey()).append(' ');
            content.append(bucket.getValue().count).append(' ');
            content.append(bucket.getValue().forgetAt).append('\n');
            end = end.isAfter(bucket.getValue().forgetAt) ? end : bucket.getValue().forgetAt;
        }
        FileRecord old = counter.file;
        long version = old == null ? folder.firstNumber(name) : old.version() + 1;
        Marker marker = Marker.of(end, name);
        index.add(folder, marker);
        folder.write(new FileRecord(
                folder.kind(), name, version, end, null, content.toString().getBytes(StandardCharsets.US_ASCII)));
        if (old != null && old.expiresAt() != null && !old.expiresAt().equals(end)) {
            index.remove(folder, Marker.of(old.expiresAt(), name));
        }
    }

    /** Removes counters of which every bucket is forgotten. */
    CleaningProgress sweep(int limit) throws IOException {
        return cleaning.step(clock.instant(), limit);
    }
}
