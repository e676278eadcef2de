package dev.gatehouse.routing.internal.origin;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many connections a target has, all loops together.
 *
 * @param maxIdle how many idle ones are kept
 * @param minIdle how many idle ones are opened ahead; 0 for none
 * @param idleTimeout after how long an idle one is closed
 * @param max how many there are at most
 * @param maxWaiting how many exchanges may wait for one
 */
public record ConnectionLimits(int maxIdle, int minIdle, Duration idleTimeout, int max, int maxWaiting) {

    /**
     * Puts the defaults in place of what is not set.
     *
     * @param maxIdle see above; 100 if null
     * @param minIdle see above; 0 if null
     * @param idleTimeout see above; 30 seconds if null
     * @param max see above; 10,000 if null
     * @param maxWaiting see above; 1,000 if null
     * @return the limits
     * @throws IllegalStateException if more idle connections are to be opened than kept
     */
    public static ConnectionLimits withDefaults(
            @Nullable Integer maxIdle,
            @Nullable Integer minIdle,
            @Nullable Duration idleTimeout,
            @Nullable Integer max,
            @Nullable Integer maxWaiting) {
        int kept = Objects.requireNonNullElse(maxIdle, 100);
        int ahead = Objects.requireNonNullElse(minIdle, 0);
        if (ahead > kept) {
            throw new IllegalStateException("minIdleConnectionsPerTarget: " + ahead + ", of which " + kept
                    + " would be kept (raise maxIdleConnectionsPerTarget, or lower this)");
        }
        return new ConnectionLimits(
                kept,
                ahead,
                Objects.requireNonNullElse(idleTimeout, Duration.ofSeconds(30)),
                Objects.requireNonNullElse(max, 10_000),
                Objects.requireNonNullElse(maxWaiting, 1_000));
    }
}
