package dev.gatehouse.acme;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * The policy for names that are not known beforehand: who permits them, and how many certificates are ordered at most.
 *
 * <p>Immutable: each method that changes something returns another policy. Safe for use by several threads.
 */
public final class OnDemand {

    private static final int DEFAULT_BURST = 5;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);

    private final IssuancePermission permission;
    private final int burst;
    private final Duration interval;

    private OnDemand(IssuancePermission permission, int burst, Duration interval) {
        this.permission = permission;
        this.burst = burst;
        this.interval = interval;
    }

    /**
     * Asks a predicate of the application. Shorthand for {@link #asking} with {@link IssuancePermission#of}.
     *
     * @param permitted receives the name in its normal form; it may block
     * @return the policy, with a limit of 5 orders per 2 seconds
     */
    public static OnDemand permittedBy(Predicate<String> permitted) {
        return asking(IssuancePermission.of(permitted));
    }

    /**
     * Asks a permission.
     *
     * @param permission whom to ask
     * @return the policy, with a limit of 5 orders per 2 seconds
     */
    public static OnDemand asking(IssuancePermission permission) {
        return new OnDemand(permission, DEFAULT_BURST, DEFAULT_INTERVAL);
    }

    /**
     * Limits the orders for new names. What is beyond the limit is refused at once, and may be asked for again.
     *
     * @param burst how many orders may begin at once, at least 1
     * @param interval the time in which that many become available again, more than zero
     * @return the policy with this limit
     * @throws IllegalArgumentException if a value is out of its range
     */
    public OnDemand burst(int burst, Duration interval) {
        if (burst < 1) {
            throw new IllegalArgumentException("burst: " + burst + " (expected: at least 1)");
        }
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: more than zero)");
        }
        return new OnDemand(permission, burst, interval);
    }

    /** {@return whom to ask} */
    public IssuancePermission permission() {
        return permission;
    }

    /** {@return how many orders may begin at once} */
    public int burst() {
        return burst;
    }

    /** {@return the time in which {@link #burst()} orders become available again} */
    public Duration interval() {
        return interval;
    }
}
