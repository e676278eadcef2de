package dev.gatehouse.acme.dns;

import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How DNS-01 challenges are answered: who writes the records, where they go, and what is checked before the certificate
 * authority is told to look.
 *
 * <pre>{@code
 * Dns01 dns = Dns01.using(CloudflareDns.withApiToken(token))
 *         .propagation(PropagationCheck.onAuthoritativeServers().timeout(Duration.ofMinutes(5)));
 * }</pre>
 *
 * <p>Immutable: each method that changes something returns other settings. Safe for use by several threads.
 */
public final class Dns01 {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    private final Map<String, DnsProvider> providers;
    private final DnsProvider usualProvider;
    private final DnsLookup lookup;
    private final PropagationCheck propagation;
    private final @Nullable String recordName;
    private final boolean followingAliases;
    private final Duration timeToLive;
    private final Duration presentTimeout;
    private final Duration cleanUpTimeout;

    private Dns01(Draft draft) {
        this.providers = Map.copyOf(draft.providers);
        this.usualProvider = draft.usualProvider;
        this.lookup = draft.lookup;
        this.propagation = draft.propagation;
        this.recordName = draft.recordName;
        this.followingAliases = draft.followingAliases;
        this.timeToLive = draft.timeToLive;
        this.presentTimeout = draft.presentTimeout;
        this.cleanUpTimeout = draft.cleanUpTimeout;
    }

    /**
     * Answers challenges with a provider.
     *
     * @param provider writes the records
     * @return settings: look-ups by the resolvers of the system, aliases followed, propagation checked on all
     *     authoritative servers, a time to live of a minute
     */
    public static Dns01 using(DnsProvider provider) {
        return new Dns01(new Draft(Objects.requireNonNull(provider, "provider")));
    }

    /**
     * Gives records of one zone to another provider. What counts is where the record goes, after aliases are followed.
     * If several zones fit, the longest wins.
     *
     * @param zone such as {@code example.net}
     * @param provider writes the records at this name and below
     * @return settings with this provider
     * @throws IllegalArgumentException if the zone has a provider already
     * @throws dev.gatehouse.tls.InvalidNameException if it is not a name
     */
    public Dns01 forZone(String zone, DnsProvider provider) {
        Draft draft = new Draft(this);
        String name = ServerName.of(zone).value();
        if (draft.providers.putIfAbsent(name, Objects.requireNonNull(provider, "provider")) != null) {
            throw new IllegalArgumentException("Zone '" + name + "' has a DNS provider already. Name one for it.");
        }
        return new Dns01(draft);
    }

    /**
     * Sets how names are looked up.
     *
     * @param newLookup the resolvers to ask
     * @return settings with this look-up
     */
    public Dns01 lookup(DnsLookup newLookup) {
        Draft draft = new Draft(this);
        draft.lookup = Objects.requireNonNull(newLookup, "lookup");
        return new Dns01(draft);
    }

    /**
     * Sets what is checked before the certificate authority is told to look.
     *
     * @param check on which servers, how long
     * @return settings with this check
     */
    public Dns01 propagation(PropagationCheck check) {
        Draft draft = new Draft(this);
        draft.propagation = Objects.requireNonNull(check, "check");
        return new Dns01(draft);
    }

    /**
     * Writes all records at one fixed name, whatever domain is validated, and follows no alias. For aliases that only the
     * certificate authority can see; otherwise they are followed without this.
     *
     * @param name the full name of the record, such as {@code challenges.example.net}
     * @return settings with this record name
     * @throws IllegalArgumentException if aliases were already set not to be followed
     * @throws dev.gatehouse.tls.InvalidNameException if it is not a name
     */
    public Dns01 recordName(String name) {
        if (!followingAliases) {
            throw new IllegalArgumentException(
                    "recordName(\"" + name + "\") goes without withoutFollowingAliases(); leave that out.");
        }
        Draft draft = new Draft(this);
        draft.recordName = ServerName.of(name).value();
        return new Dns01(draft);
    }

    /**
     * Writes records at {@code _acme-challenge.DOMAIN} even if that is an alias.
     *
     * @return settings that follow no alias
     * @throws IllegalArgumentException if a record name was set, which already has this effect
     */
    public Dns01 withoutFollowingAliases() {
        if (recordName != null) {
            throw new IllegalArgumentException("withoutFollowingAliases() has no effect beside recordName(\""
                    + recordName + "\"); leave one of them out.");
        }
        Draft draft = new Draft(this);
        draft.followingAliases = false;
        return new Dns01(draft);
    }

    /**
     * Sets how long resolvers may remember the records.
     *
     * @param newTimeToLive whole seconds, 1 second to 1 day; the default is a minute. Providers raise it to their least
     * @return settings with this time to live
     */
    public Dns01 timeToLive(Duration newTimeToLive) {
        Draft draft = new Draft(this);
        draft.timeToLive = between(Duration.ofSeconds(1), "timeToLive", newTimeToLive);
        return new Dns01(draft);
    }

    /**
     * Sets how long adding a record may be repeated, as long as the provider fails with something that may pass.
     *
     * @param timeout up to 1 day; the default is 2 minutes
     * @return settings with this time-out
     */
    public Dns01 presentTimeout(Duration timeout) {
        Draft draft = new Draft(this);
        draft.presentTimeout = between(Duration.ofMillis(1), "presentTimeout", timeout);
        return new Dns01(draft);
    }

    /**
     * Sets how long removing a record may be repeated. This time is the clean-up's own: it begins when the record is no
     * longer needed, whatever became of the order.
     *
     * @param timeout up to 1 day; the default is 1 hour
     * @return settings with this time-out
     */
    public Dns01 cleanUpTimeout(Duration timeout) {
        Draft draft = new Draft(this);
        draft.cleanUpTimeout = between(Duration.ofMillis(1), "cleanUpTimeout", timeout);
        return new Dns01(draft);
    }

    /**
     * Finds the provider for a record.
     *
     * @param name where the record goes
     * @return the provider of the longest zone that the name is in, else the usual one
     */
    public DnsProvider providerFor(String name) {
        String suffix = name;
        while (true) {
            DnsProvider provider = providers.get(suffix);
            if (provider != null) {
                return provider;
            }
            int dot = suffix.indexOf('.');
            if (dot < 0) {
                return usualProvider;
            }
            suffix = suffix.substring(dot + 1);
        }
    }

    /** {@return how names are looked up} */
    public DnsLookup lookup() {
        return lookup;
    }

    /** {@return what is checked before the certificate authority is told to look} */
    public PropagationCheck propagation() {
        return propagation;
    }

    /** {@return the fixed name of all records, if one is set} */
    public Optional<String> recordName() {
        return Optional.ofNullable(recordName);
    }

    /** {@return whether aliases are followed to where the record goes} */
    public boolean followsAliases() {
        return followingAliases && recordName == null;
    }

    /** {@return how long resolvers may remember the records} */
    public Duration timeToLive() {
        return timeToLive;
    }

    /** {@return how long adding a record may be repeated} */
    public Duration presentTimeout() {
        return presentTimeout;
    }

    /** {@return how long removing a record may be repeated} */
    public Duration cleanUpTimeout() {
        return cleanUpTimeout;
    }

    private static Duration between(Duration shortest, String what, Duration value) {
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    what + ": " + value + " (expected: " + shortest + " to " + LONGEST_TIMEOUT + ")");
        }
        return value;
    }

    /** The settings while one of them is changed. */
    private static final class Draft {

        private final Map<String, DnsProvider> providers;
        private final DnsProvider usualProvider;
        private DnsLookup lookup = DnsLookup.bySystemResolvers();
        private PropagationCheck propagation = PropagationCheck.onAuthoritativeServers();
        private @Nullable String recordName;
        private boolean followingAliases = true;
        private Duration timeToLive = Duration.ofMinutes(1);
        private Duration presentTimeout = Duration.ofMinutes(2);
        private Duration cleanUpTimeout = Duration.ofHours(1);

        Draft(DnsProvider usualProvider) {
            this.providers = new LinkedHashMap<>();
            this.usualProvider = usualProvider;
        }

        Draft(Dns01 from) {
            this.providers = new LinkedHashMap<>(from.providers);
            this.usualProvider = from.usualProvider;
            this.lookup = from.lookup;
            this.propagation = from.propagation;
            this.recordName = from.recordName;
            this.followingAliases = from.followingAliases;
            this.timeToLive = from.timeToLive;
            this.presentTimeout = from.presentTimeout;
            this.cleanUpTimeout = from.cleanUpTimeout;
        }
    }
}
