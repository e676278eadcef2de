package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CleaningProgress;
import dev.gatehouse.acme.internal.storage.ExpiryIndex.Marker;
import dev.gatehouse.acme.internal.storage.FolderLocks.Family;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what has expired, by the index, in bounded steps. Every removal leaves the index shorter, so steps resume. */
final class ExpiryCleaning {

    private static final Logger log = LoggerFactory.getLogger(ExpiryCleaning.class);

    /** How many failures a step works around. */
    private static final int MAX_FAILURES = 100;

    private final ShardedFolder folder;
    private final ExpiryIndex index;
    private final FolderLocks locks;
    private final Family family;
    private final Reader reader;

    /** Where the next step begins if the last one had to work around something. */
    private final AtomicReference<@Nullable Marker> resumption = new AtomicReference<>();

    /** Reads a file under its lock; empty if there is none, or none any more because it was damaged. */
    @FunctionalInterface
    interface Reader {
        Optional<FileRecord> read(String name) throws IOException;
    }

    ExpiryCleaning(ShardedFolder folder, ExpiryIndex index, FolderLocks locks, Family family, Reader reader) {
        this.folder = folder;
        this.index = index;
        this.locks = locks;
        this.family = family;
        this.reader = reader;
    }

    CleaningProgress step(Instant expiredBefore, int limit) throws IOException {
        int removed = 0;
        int failures = 0;
        int seen = 0;
        Marker last = resumption.getAndSet(null);
        while (seen < limit && failures < MAX_FAILURES) {
            List<Marker> page = index.list(folder, expiredBefore, limit - seen, last);
            if (page.isEmpty()) {
                index.removeEmptyHours(folder, expiredBefore);
                return new CleaningProgress(removed, true);
            }
            for (Marker marker : page) {
                last = marker;
                try {
                    removed += remove(marker, expiredBefore) ? 1 : 0;
                    seen++;
                } catch (IOException | IllegalArgumentException unusable) {
                    failures++;
                    log.warn(
                            "{} {}: has expired but cannot be cleaned away now, {}",
                            folder.kind(),
                            marker.fileName(),
                            unusable.getMessage());
                }
            }
        }
        boolean finished = index.list(folder, expiredBefore, 1, last).isEmpty();
        if (failures > 0 && !finished) {
            resumption.set(last);
        }
        return new CleaningProgress(removed, finished);
    }

    private boolean remove(Marker marker, Instant expiredBefore) throws IOException {
        String fileName = marker.fileName();
        return locks.lockedShard(family, FileNames.shardOfFile(fileName), fileName, () -> {
            Optional<String> name = folder.nameOf(fileName);
            Optional<FileRecord> file = name.isPresent() ? reader.read(name.get()) : Optional.empty();
            return removeIfExpired(file, marker, expiredBefore);
        });
    }

    private boolean removeIfExpired(Optional<FileRecord> file, Marker marker, Instant expiredBefore)
            throws IOException {
        @Nullable Instant expiresAt = file.map(FileRecord::expiresAt).orElse(null);
        boolean expired = expiresAt != null && expiresAt.isBefore(expiredBefore);
        if (expired) {
            folder.delete(file.orElseThrow());
        }
        if (expired || !marker.expiresAt().equals(expiresAt)) {
            index.remove(folder, marker);
        }
        return expired;
    }
}
