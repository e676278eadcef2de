package dev.gatehouse.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials by alias, for as long as a handshake may ask for one that it has chosen. JSSE asks for the key and the chain
 * in two calls after the choice, and the index may have moved on in between.
 *
 * <p>Two maps take turns: a choice enters the young one; every {@link #LIFETIME} the young one becomes the old one and
 * the old one is dropped. So an alias lives for one to two lifetimes after it was last chosen, nothing is scanned, and
 * readers take no lock. The size is bounded by the credentials in use, never by what clients send.
 *
 * <p>The parsed forms of the first {@link #MOST_OPENED} of a turn are kept here, so that a handshake with one of them
 * parses nothing. The others are parsed each time: that is a few per cent of what a handshake costs anyway, and bounds
 * the memory.
 */
final class RecentlyChosen {

    static final Duration LIFETIME = Duration.ofMinutes(5);

    /** At five to eight kilobytes each. */
    static final int MOST_OPENED = 4096;

    private static final Logger log = LoggerFactory.getLogger(SniKeyManager.class);

    private final InstantSource clock;
    private final int mostOpened;
    private volatile Generations generations;

    private record Generations(Map<String, Chosen> young, Map<String, Chosen> old, AtomicInteger opened, Instant turn) {

        /** Takes one of the places for parsed forms. */
        boolean hasPlace(int most) {
            return opened.get() < most && opened.incrementAndGet() <= most;
        }
    }

    RecentlyChosen(InstantSource clock) {
        this(clock, MOST_OPENED);
    }

    RecentlyChosen(InstantSource clock, int mostOpened) {
        this.clock = clock;
        this.mostOpened = mostOpened;
        this.generations = new Generations(
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>(),
                new AtomicInteger(),
                clock.instant().plus(LIFETIME));
    }

    /** Returns the alias of the credential. */
    String remember(Credential credential) {
        Generations current = turnedAt(clock.instant());
        String alias = credential.id();
        if (!current.young.containsKey(alias)) {
            current.young.put(alias, chosenAgain(current, alias, credential));
        }
        return alias;
    }

    private Chosen chosenAgain(Generations current, String alias, Credential credential) {
        Chosen old = current.old.get(alias);
        Chosen chosen = new Chosen(credential);
        if (old != null) {
            chosen.unusable = old.unusable;
            OpenedCredential opened = old.opened;
            chosen.opened = opened != null && current.hasPlace(mostOpened) ? opened : null;
        }
        return chosen;
    }

    /**
     * Finds key and chain of an alias. Both calls of one handshake get what belongs together, for the credential is one.
     *
     * @return empty if the alias is not known (any more), or the JVM cannot read key or chain, which is logged once
     */
    Optional<OpenedCredential> open(String alias) {
        Generations current = generations;
        Chosen chosen = chosen(current, alias);
        if (chosen == null || chosen.unusable) {
            return Optional.empty();
        }
        OpenedCredential opened = chosen.opened;
        return opened != null ? Optional.of(opened) : parse(current, chosen);
    }

    private Optional<OpenedCredential> parse(Generations current, Chosen chosen) {
        OpenedCredential opened;
        try {
            opened = chosen.credential.open();
        } catch (RuntimeException unreadable) {
            chosen.refuse(unreadable);
            return Optional.empty();
        }
        if (current.hasPlace(mostOpened)) {
            chosen.opened = opened;
        }
        return Optional.of(opened);
    }

    private static @Nullable Chosen chosen(Generations current, String alias) {
        Chosen young = current.young.get(alias);
        return young != null ? young : current.old.get(alias);
    }

    private Generations turnedAt(Instant now) {
        Generations current = generations;
        return now.isBefore(current.turn) ? current : turn(now);
    }

    private synchronized Generations turn(Instant now) {
        Generations current = generations;
        if (!now.isBefore(current.turn)) {
            current =
                    new Generations(new ConcurrentHashMap<>(), current.young, new AtomicInteger(), now.plus(LIFETIME));
            generations = current;
        }
        return current;
    }

    /** One credential in one turn. */
    private static final class Chosen {

        private final Credential credential;
        private volatile @Nullable OpenedCredential opened;
        private volatile boolean unusable;

        Chosen(Credential credential) {
            this.credential = credential;
        }

        synchronized void refuse(RuntimeException unreadable) {
            if (!unusable) {
                log.warn(
                        "Credential {}: not usable, so its handshakes are refused: {}",
                        credential,
                        unreadable.getMessage());
                unusable = true;
            }
        }
    }
}
