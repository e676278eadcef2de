package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CleaningProgress;
import dev.gatehouse.acme.Lease;
import dev.gatehouse.acme.LeaseLostException;
import dev.gatehouse.acme.internal.storage.FolderLocks.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases as files: one while a resource is leased, none after its release. The version of the file is the fencing number,
 * its content the owner and the length of the lease.
 */
public final class LeaseFiles {

    private static final Logger log = LoggerFactory.getLogger(LeaseFiles.class);

    /** For how long a lease that ended is kept, so that the log of its holder can be compared with it. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final ShardedFolder folder;
    private final FolderLocks locks;
    private final InstantSource clock;
    private final String owner = LeaseOwner.unique();
    private final Map<String, Lease> mine = new ConcurrentHashMap<>();
    private final FolderWalk sweeping;

    private record Held(FileRecord file, Lease lease, Duration length) {}

    LeaseFiles(ShardedFolder folder, FolderLocks locks, InstantSource clock) {
        this.folder = folder;
        this.locks = locks;
        this.clock = clock;
        this.sweeping = new FolderWalk(folder);
    }

    public Optional<Lease> acquire(String resource, Duration length) throws IOException {
        Instant now = now();
        return locks.locked(Family.LEASES, resource, () -> {
            Optional<Held> held = read(resource);
            if (held.isPresent() && isInForce(held.get(), now)) {
                return Optional.empty();
            }
            held.ifPresent(abandoned -> log.info(
                    "{}: lease {} of {} ended at {} without release; taken over.",
                    resource,
                    abandoned.lease.fencingNumber(),
                    abandoned.lease.owner(),
                    abandoned.lease.expiresAt()));
            long number = held.isPresent() ? held.get().lease.fencingNumber() + 1 : folder.firstNumber(resource);
            return Optional.of(write(new Lease(resource, owner, number, now.plus(length)), length));
        });
    }

    public Lease renew(Lease lease, Duration length) throws IOException {
        Instant now = now();
        return locks.locked(Family.LEASES, lease.resource(), () -> {
            requireHeld(lease);
            Lease renewed = new Lease(lease.resource(), lease.owner(), lease.fencingNumber(), now.plus(length));
            return write(renewed, length);
        });
    }

    public void release(Lease lease) throws IOException {
        locks.locked(Family.LEASES, lease.resource(), () -> {
            Optional<Held> held = read(lease.resource());
            if (held.isPresent() && isSame(held.get().lease, lease)) {
                folder.delete(held.get().file);
            }
            Lease kept = mine.get(lease.resource());
            if (kept != null && isSame(kept, lease)) {
                mine.remove(lease.resource());
            }
            return lease;
        });
    }

    /** Releases what was taken here and is still held. */
    void releaseAll() {
        for (Lease lease : mine.values()) {
            try {
                release(lease);
            } catch (IOException unreleased) {
                log.warn(
                        "{}: the lease could not be released ({}); it ends at {}.",
                        lease.resource(),
                        unreleased.getMessage(),
                        lease.expiresAt());
            }
        }
    }

    /** Work under the lock of the lease's resource, so that nobody takes it over meanwhile. */
    <T> T fenced(Lease lease, FolderLocks.Work<T> work) throws IOException {
        return locks.locked(Family.LEASES, lease.resource(), () -> {
            requireHeld(lease);
            return work.run();
        });
    }

    private void requireHeld(Lease lease) throws IOException {
        Optional<Held> held = read(lease.resource());
        if (held.isEmpty()) {
            throw new LeaseLostException(lease, "it was released, or taken over and then released");
        }
        Lease newest = held.get().lease;
        if (!isSame(newest, lease)) {
            throw new LeaseLostException(
                    lease, newest.owner() + " holds lease " + newest.fencingNumber() + " until " + newest.expiresAt());
        }
    }

    private static boolean isSame(Lease one, Lease other) {
        return one.fencingNumber() == other.fencingNumber() && one.owner().equals(other.owner());
    }

    /** One that seems to last longer than it was taken for was taken before the clock was set back. */
    private static boolean isInForce(Held held, Instant now) {
        Instant end = held.lease.expiresAt();
        return end.isAfter(now) && !end.isAfter(now.plus(held.length));
    }

    private Optional<Held> read(String resource) throws IOException {
        try {
            Optional<FileRecord> file = folder.read(resource);
            return file.isEmpty() ? Optional.empty() : Optional.of(held(file.get()));
        } catch (Damage damage) {
            Path kept = folder.setAside(resource, damage);
            log.warn("{}: its lease is damaged, {}. It was set aside as {}.", resource, damage.sentence(), kept);
            return Optional.empty();
        }
    }

    private static Held held(FileRecord file) throws Damage {
        String[] lines = new String(file.content(), StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length < 2 || file.expiresAt() == null) {
            throw new Damage(Damage.Kind.NO_HEADER);
        }
        Lease lease = new Lease(file.name(), lines[0], file.version(), file.expiresAt());
        return new Held(file, lease, Duration.parse(lines[1]));
    }

    private Lease write(Lease lease, Duration length) throws IOException {
        byte[] content = (lease.owner() + "\n" + length + "\n").getBytes(StandardCharsets.UTF_8);
        folder.write(new FileRecord(
                folder.kind(), lease.resource(), lease.fencingNumber(), lease.expiresAt(), null, content));
        mine.put(lease.resource(), lease);
        return lease;
    }

    /** Removes leases whose holders are gone. */
    CleaningProgress sweep(int limit) throws IOException {
        Instant longAgo = now().minus(KEPT);
        return sweeping.step(
                limit,
                name -> locks.locked(Family.LEASES, name, () -> {
                    Optional<Held> held = read(name);
                    if (held.isEmpty() || held.get().lease.expiresAt().isAfter(longAgo)) {
                        return false;
                    }
                    folder.delete(held.get().file);
                    return true;
                }));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
