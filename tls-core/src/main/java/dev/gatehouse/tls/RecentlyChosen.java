package dev.gatehouse.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Credentials by alias, for as long as a handshake may ask for one that it has chosen. JSSE asks for the key and the chain
 * in two calls after the choice, and the index may have moved on in between.
 *
 * <p>Two maps take turns: a choice enters the young one; every {@link #LIFETIME} the young one becomes the old one and
 * the old one is dropped. So an alias lives for one to two lifetimes after it was last chosen, nothing is scanned, and
 * readers take no lock. The size is bounded by the credentials in use, never by what clients send.
 */
final class RecentlyChosen {

    static final Duration LIFETIME = Duration.ofMinutes(5);

    private final InstantSource clock;
    private volatile Generations generations;

    private record Generations(Map<String, Credential> young, Map<String, Credential> old, Instant turn) {}

    RecentlyChosen(InstantSource clock) {
        this.clock = clock;
        this.generations = new Generations(
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>(),
                clock.instant().plus(LIFETIME));
    }

    /** Returns the alias of the credential. */
    String remember(Credential credential) {
        Generations current = turnedAt(clock.instant());
        if (!current.young.containsKey(credential.id())) {
            current.young.put(credential.id(), credential);
        }
        return credential.id();
    }

    Optional<Credential> find(String alias) {
        Generations current = generations;
        Credential young = current.young.get(alias);
        return Optional.ofNullable(young != null ? young : current.old.get(alias));
    }

    private Generations turnedAt(Instant now) {
        Generations current = generations;
        return now.isBefore(current.turn) ? current : turn(now);
    }

    private synchronized Generations turn(Instant now) {
        Generations current = generations;
        if (!now.isBefore(current.turn)) {
            current = new Generations(new ConcurrentHashMap<>(), current.young, now.plus(LIFETIME));
            generations = current;
        }
        return current;
    }
}
