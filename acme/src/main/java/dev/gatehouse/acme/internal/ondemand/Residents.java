package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The issued certificates in memory, with when they were last asked for. It keeps them in the index of
 * the handshakes, and their number bounded: when there are too many, those that were not used for the longest time leave, a
 * hundredth of all at once, so that looking for them costs little for each.
 *
 * <p>Safe for use by several threads. Noting a use takes no lock.
 */
public final class Residents {

    private static final int SHARE_THAT_LEAVES = 100;
    private static final long NEVER = 0;

    private final CertificateIndex index;
    private final InstantSource clock;
    private final int max;
    private final BiConsumer<CertificateId, Resident> evicted;

    private final ConcurrentNavigableMap<CertificateId, Resident> byId = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final ReentrantLock eviction = new ReentrantLock();

    /** With who is told of certificates that leave. */
    public Residents(
            CertificateIndex index, InstantSource clock, int max, BiConsumer<CertificateId, Resident> evicted) {
        this.index = index;
        this.clock = clock;
        this.max = max;
        this.evicted = evicted;
    }

    /** A certificate in memory. */
    public static final class Resident {

        private final Credential credential;
        private final String issuer;
        private volatile long lastUseMillis;

        private Resident(Credential credential, String issuer, long lastUseMillis) {
            this.credential = credential;
            this.issuer = issuer;
            this.lastUseMillis = lastUseMillis;
        }

        public Credential credential() {
            return credential;
        }

        public String issuer() {
            return issuer;
        }

        /** Empty if nobody has asked for it yet. */
        public Optional<Instant> lastUse() {
            return lastUseMillis == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lastUseMillis));
        }
    }

    /** Serves a certificate from now on, in the place of the one that was there; with whether somebody has asked for it now. */
    public void put(CertificateId id, Credential credential, String issuer, boolean isUsed) {
        Resident next = new Resident(credential, issuer.intern(), isUsed ? clock.millis() : NEVER);
        Resident previous = byId.put(id, next);
        if (previous == null) {
            index.add(credential);
            size.incrementAndGet();
            makeRoom();
        } else {
            next.lastUseMillis = Math.max(next.lastUseMillis, previous.lastUseMillis);
            index.replace(previous.credential, credential);
        }
    }

    /** Serves a certificate no longer. */
    public void remove(CertificateId id) {
        Resident removed = byId.remove(id);
        if (removed != null) {
            index.remove(removed.credential);
            size.decrementAndGet();
        }
    }

    /** Notes that a client asked for a name of it. */
    public void used(CertificateId id) {
        Resident resident = byId.get(id);
        if (resident != null) {
            resident.lastUseMillis = clock.millis();
        }
    }

    public Optional<Resident> find(CertificateId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All of them in order; changes may or may not be seen. */
    public ConcurrentNavigableMap<CertificateId, Resident> inOrder() {
        return byId;
    }

    public int size() {
        return size.get();
    }

    /** One thread at a time; the others leave it to that one. */
    private void makeRoom() {
        while (size.get() > max && eviction.tryLock()) {
            try {
                int surplus = size.get() - max;
                leastRecentlyUsed(Math.max(surplus, max / SHARE_THAT_LEAVES)).forEach(this::evict);
            } finally {
                eviction.unlock();
            }
        }
    }

    /**
     * A resident with the use that it was chosen by.
     *
     * @param id which one
     * @param resident the resident
     * @param lastUseMillis its last use when it was looked at
     */
    private record Candidate(CertificateId id, Resident resident, long lastUseMillis) {}

    private List<Candidate> leastRecentlyUsed(int count) {
        PriorityQueue<Candidate> oldest = new PriorityQueue<>(
                count + 1, Comparator.comparingLong(Candidate::lastUseMillis).reversed());
        byId.forEach((id, resident) -> {
            oldest.add(new Candidate(id, resident, resident.lastUseMillis));
            if (oldest.size() > count) {
                oldest.remove();
            }
        });
        return List.copyOf(oldest);
    }

    private void evict(Candidate candidate) {
        if (byId.remove(candidate.id, candidate.resident)) {
            index.remove(candidate.resident.credential);
            size.decrementAndGet();
            evicted.accept(candidate.id, candidate.resident);
        }
    }
}
