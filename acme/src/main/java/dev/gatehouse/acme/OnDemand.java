package dev.gatehouse.acme;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The policy for names that are not known beforehand: who permits them, how many certificates are ordered at most, how
 * long a handshake waits, and what is looked at before an order.
 *
 * <pre>{@code
 * OnDemand policy = OnDemand.permittedBy(name -> tenants.owns(name))
 *         .burst(5, Duration.ofSeconds(2))
 *         .perRegistrableDomain(RateLimit.of(20, Duration.ofHours(1)))
 *         .preflight(PreflightChecks.standard().serverAddresses("192.0.2.10"));
 * }</pre>
 *
 * <p>Limits count orders for names that have been permitted. What is beyond a limit is refused at once, with the limit
 * and the time when it frees in the log and in the event; nothing waits for a limit.
 *
 * <p>Immutable: each method that changes something returns another policy, and refuses to set anything twice. Safe for
 * use by several threads.
 */
public final class OnDemand {

    private static final Setting<RateLimit> BURST =
            new Setting<>("burst", RateLimit.class, RateLimit.of(5, Duration.ofSeconds(2)));
    private static final Setting<Limit> PER_REGISTRABLE_DOMAIN =
            Setting.limit("perRegistrableDomain", RateLimit.of(20, Duration.ofMinutes(10)));
    private static final Setting<Limit> NEW_NAMES_PER_REGISTRABLE_DOMAIN =
            Setting.limit("newNamesPerRegistrableDomain", RateLimit.of(100, Duration.ofDays(1)));
    private static final Setting<Limit> PER_CLIENT_ADDRESS =
            Setting.limit("perClientAddress", RateLimit.of(20, Duration.ofMinutes(10)));
    private static final Setting<Duration> WAIT_AT_MOST =
            new Setting<>("waitAtMost", Duration.class, Duration.ofSeconds(25));
    private static final Setting<Integer> MAXIMUM_WAITERS = new Setting<>("maximumWaiters", Integer.class, 1_000);
    private static final Setting<Remembering> REMEMBERING =
            new Setting<>("remembering", Remembering.class, Remembering.standard());
    private static final Setting<Duration> RENEW_WHILE_USED_WITHIN =
            new Setting<>("renewWhileUsedWithin", Duration.class, Duration.ofDays(30));
    private static final Setting<Checks> PREFLIGHT =
            new Setting<>("preflight", Checks.class, new Checks(Optional.of(PreflightChecks.standard())));

    private final IssuancePermission permission;
    private final Map<Setting<?>, Object> settings;

    private OnDemand(IssuancePermission permission, Map<Setting<?>, Object> settings) {
        this.permission = permission;
        this.settings = settings;
    }

    /** A setting with its default. */
    private record Setting<T>(String name, Class<T> type, T standard) {

        static Setting<Limit> limit(String name, RateLimit standard) {
            return new Setting<>(name, Limit.class, new Limit(Optional.of(standard)));
        }
    }

    /** A limit that may be switched off. */
    private record Limit(Optional<RateLimit> rate) {}

    /** Checks that may be switched off. */
    private record Checks(Optional<PreflightChecks> checks) {}

    /**
     * How long answers of the permission are remembered, unless they say so themselves.
     *
     * @param allowed an allowing answer
     * @param denied a denying one
     * @param unknown the lack of an answer
     */
    public record Remembering(Duration allowed, Duration denied, Duration unknown) {

        /**
         * Checks the values.
         *
         * @param allowed an allowing answer
         * @param denied a denying one
         * @param unknown the lack of an answer
         * @throws IllegalArgumentException if one is zero or less, or more than a day
         */
        public Remembering {
            requireUpToOneDay("allowed", allowed);
            requireUpToOneDay("denied", denied);
            requireUpToOneDay("unknown", unknown);
        }

        /** {@return 10 minutes, 1 minute, 10 seconds} */
        public static Remembering standard() {
            return new Remembering(Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofSeconds(10));
        }
    }

    /**
     * Asks a predicate of the application. Shorthand for {@link #asking} with {@link IssuancePermission#of}.
     *
     * @param permitted receives the name in its normal form; it may block
     * @return the policy, with the default of everything else
     */
    public static OnDemand permittedBy(Predicate<String> permitted) {
        return asking(IssuancePermission.of(permitted));
    }

    /**
     * Asks a permission.
     *
     * @param permission whom to ask; the manager closes it
     * @return the policy, with the default of everything else
     */
    public static OnDemand asking(IssuancePermission permission) {
        return new OnDemand(permission, Map.of());
    }

    /**
     * Limits all orders for new names together. By default 5 per 2 seconds.
     *
     * @param burst how many orders may begin at once, at least 1
     * @param interval the time in which that many become available again, more than zero
     * @return the policy with this limit
     * @throws IllegalArgumentException if a value is out of its range
     * @throws IllegalStateException if it was set before
     */
    public OnDemand burst(int burst, Duration interval) {
        return with(BURST, RateLimit.of(burst, interval));
    }

    /**
     * Limits the orders for names below one registrable domain, such as {@code example.co.uk}. Domains below which
     * strangers register names, such as {@code github.io}, are not shared: {@code me.github.io} counts alone. By default
     * 20 per 10 minutes.
     *
     * @param limit how many orders per time
     * @return the policy with this limit
     * @throws IllegalStateException if it was set before
     */
    public OnDemand perRegistrableDomain(RateLimit limit) {
        return with(PER_REGISTRABLE_DOMAIN, new Limit(Optional.of(limit)));
    }

    /**
     * Orders as many per registrable domain as all limits else allow.
     *
     * @return the policy without this limit
     * @throws IllegalStateException if it was set before
     */
    public OnDemand unlimitedPerRegistrableDomain() {
        return with(PER_REGISTRABLE_DOMAIN, new Limit(Optional.empty()));
    }

    /**
     * Limits the distinct new names below one registrable domain, against made-up names below a wildcard record. A name
     * counts once in the interval, however often it is tried. Survives a restart. By default 100 per day.
     *
     * @param limit how many names per time
     * @return the policy with this limit
     * @throws IllegalStateException if it was set before
     */
    public OnDemand newNamesPerRegistrableDomain(RateLimit limit) {
        return with(NEW_NAMES_PER_REGISTRABLE_DOMAIN, new Limit(Optional.of(limit)));
    }

    /**
     * Does not count new names.
     *
     * @return the policy without this limit
     * @throws IllegalStateException if it was set before
     */
    public OnDemand unlimitedNewNamesPerRegistrableDomain() {
        return with(NEW_NAMES_PER_REGISTRABLE_DOMAIN, new Limit(Optional.empty()));
    }

    /**
     * Limits the orders that one client causes: one IPv4 address, or one /64 of IPv6. Loopback addresses are not limited,
     * since all clients of a proxy in front would share one. By default 20 per 10 minutes.
     *
     * @param limit how many orders per time
     * @return the policy with this limit
     * @throws IllegalStateException if it was set before
     */
    public OnDemand perClientAddress(RateLimit limit) {
        return with(PER_CLIENT_ADDRESS, new Limit(Optional.of(limit)));
    }

    /**
     * Orders as many per client as all limits else allow. For a server behind a load balancer that hides the addresses of
     * clients.
     *
     * @return the policy without this limit
     * @throws IllegalStateException if it was set before
     */
    public OnDemand unlimitedPerClientAddress() {
        return with(PER_CLIENT_ADDRESS, new Limit(Optional.empty()));
    }

    /**
     * Sets how long a handshake waits for its certificate. Issuing goes on afterwards, and the next visitor is served. By
     * default 25 seconds, below the 30 after which many clients give up.
     *
     * @param wait the time, more than zero and at most 5 minutes
     * @return the policy with this bound
     * @throws IllegalArgumentException if it is out of its range
     * @throws IllegalStateException if it was set before
     */
    public OnDemand waitAtMost(Duration wait) {
        if (wait.isNegative() || wait.isZero() || wait.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("wait: " + wait + " (expected: more than zero, at most 5 minutes)");
        }
        return with(WAIT_AT_MOST, wait);
    }

    /**
     * Limits the handshakes that wait at the same time, over all names. Those beyond are refused at once. By default
     * 1,000.
     *
     * @param waiters how many, at least 1
     * @return the policy with this bound
     * @throws IllegalArgumentException if it is less than 1
     * @throws IllegalStateException if it was set before
     */
    public OnDemand maximumWaiters(int waiters) {
        if (waiters < 1) {
            throw new IllegalArgumentException("waiters: " + waiters + " (expected: at least 1)");
        }
        return with(MAXIMUM_WAITERS, waiters);
    }

    /**
     * Sets how long answers of the permission are remembered, unless they bring a time of their own. By default 10
     * minutes, 1 minute and 10 seconds.
     *
     * @param remembering the times
     * @return the policy with these times
     * @throws IllegalStateException if they were set before
     */
    public OnDemand remembering(Remembering remembering) {
        return with(REMEMBERING, remembering);
    }

    /**
     * Sets for how long after its last use a name is still renewed. A certificate that nobody uses any more expires, and
     * the next visitor waits for a new one. Uses are stored to about a day. By default 30 days.
     *
     * @param time the time, at least a day
     * @return the policy with this time
     * @throws IllegalArgumentException if it is less than a day
     * @throws IllegalStateException if it was set before
     */
    public OnDemand renewWhileUsedWithin(Duration time) {
        if (time.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("time: " + time + " (expected: at least a day)");
        }
        return with(RENEW_WHILE_USED_WITHIN, time);
    }

    /**
     * Sets what is looked at before an order. By default {@link PreflightChecks#standard()}.
     *
     * @param checks the checks
     * @return the policy with these checks
     * @throws IllegalStateException if they were set or switched off before
     */
    public OnDemand preflight(PreflightChecks checks) {
        return with(PREFLIGHT, new Checks(Optional.of(checks)));
    }

    /**
     * Looks at nothing before an order, nor after one has failed.
     *
     * @return the policy without checks
     * @throws IllegalStateException if checks were set before
     */
    public OnDemand withoutPreflight() {
        return with(PREFLIGHT, new Checks(Optional.empty()));
    }

    /** {@return whom to ask} */
    public IssuancePermission permission() {
        return permission;
    }

    /** {@return how many orders may begin at once} */
    public int burst() {
        return get(BURST).count();
    }

    /** {@return the time in which {@link #burst()} orders become available again} */
    public Duration interval() {
        return get(BURST).interval();
    }

    /** {@return the orders per registrable domain, if limited} */
    public Optional<RateLimit> perRegistrableDomain() {
        return get(PER_REGISTRABLE_DOMAIN).rate();
    }

    /** {@return the distinct new names per registrable domain, if limited} */
    public Optional<RateLimit> newNamesPerRegistrableDomain() {
        return get(NEW_NAMES_PER_REGISTRABLE_DOMAIN).rate();
    }

    /** {@return the orders per client, if limited} */
    public Optional<RateLimit> perClientAddress() {
        return get(PER_CLIENT_ADDRESS).rate();
    }

    /** {@return how long a handshake waits} */
    public Duration waitAtMost() {
        return get(WAIT_AT_MOST);
    }

    /** {@return how many handshakes wait at the same time} */
    public int maximumWaiters() {
        return get(MAXIMUM_WAITERS);
    }

    /** {@return how long answers of the permission are remembered} */
    public Remembering remembering() {
        return get(REMEMBERING);
    }

    /** {@return for how long after its last use a name is renewed} */
    public Duration renewWhileUsedWithin() {
        return get(RENEW_WHILE_USED_WITHIN);
    }

    /** {@return what is looked at before an order; empty if nothing is} */
    public Optional<PreflightChecks> preflight() {
        return get(PREFLIGHT).checks();
    }

    private <T> T get(Setting<T> setting) {
        return setting.type().cast(settings.getOrDefault(setting, setting.standard()));
    }

    private <T> OnDemand with(Setting<T> setting, T value) {
        if (settings.containsKey(setting)) {
            throw new IllegalStateException(setting.name() + " is set twice, to " + settings.get(setting) + " and to "
                    + value + ". Set it once.");
        }
        Map<Setting<?>, Object> changed = new HashMap<>(settings);
        changed.put(setting, value);
        return new OnDemand(permission, Collections.unmodifiableMap(changed));
    }

    private static void requireUpToOneDay(String name, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + ": " + time + " (expected: more than zero, at most one day)");
        }
    }
}
