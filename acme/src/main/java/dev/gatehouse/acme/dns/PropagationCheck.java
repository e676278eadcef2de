package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.HostPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Which servers must show a record before the certificate authority is told to look, and how long that may take. A
 * certificate authority asks any of the zone's servers; if one is behind, the challenge fails and counts against a limit.
 * So all of them are asked, and each has to show the value.
 *
 * <p>Between two rounds nothing waits but a timer. A server that does not answer, or answers with a failure, is asked
 * again in the next round like the others.
 *
 * <p>Immutable: each method that changes something returns another check. Safe for use by several threads.
 */
public final class PropagationCheck {

    private static final int DNS_PORT = 53;
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Whom to ask. */
    public enum Target {
        /** All servers that the zone names in its NS records, at all of their addresses, directly. */
        AUTHORITATIVE_SERVERS,
        /** Certain servers, which may be recursive resolvers. */
        CERTAIN_SERVERS,
        /** Nobody. */
        NOBODY
    }

    private final Target target;
    private final List<InetSocketAddress> servers;
    private final Duration interval;
    private final Duration timeout;
    private final Duration extraWait;
    private final boolean ignoringSilentServers;

    private PropagationCheck(
            Target target,
            List<InetSocketAddress> servers,
            Duration interval,
            Duration timeout,
            Duration extraWait,
            boolean ignoringSilentServers) {
        this.target = target;
        this.servers = servers;
        this.interval = interval;
        this.timeout = timeout;
        this.extraWait = extraWait;
        this.ignoringSilentServers = ignoringSilentServers;
    }

    private static PropagationCheck of(Target target, List<InetSocketAddress> servers) {
        return new PropagationCheck(
                target, servers, Duration.ofSeconds(2), Duration.ofMinutes(2), Duration.ZERO, false);
    }

    /**
     * Asks all authoritative servers of the zone, by IPv4 and IPv6, without recursion.
     *
     * @return a check every 2 seconds, for at most 2 minutes
     */
    public static PropagationCheck onAuthoritativeServers() {
        return of(Target.AUTHORITATIVE_SERVERS, List.of());
    }

    /**
     * Asks certain servers only, for networks that do not let this machine ask the authoritative ones. A resolver
     * remembers for a while that a record was not there, so the first question waits for one interval.
     *
     * @param servers IP addresses with or without a port, such as {@code 10.0.0.2} or {@code [2001:db8::2]:53}; at least
     *     one
     * @return a check every 2 seconds, for at most 2 minutes
     * @throws IllegalArgumentException if one is no such address
     */
    public static PropagationCheck onServers(String... servers) {
        if (servers.length == 0) {
            throw new IllegalArgumentException("servers: none (expected: at least one)");
        }
        return of(
                Target.CERTAIN_SERVERS,
                Arrays.stream(servers)
                        .map(text -> HostPort.address("Server", text, DNS_PORT))
                        .toList());
    }

    /**
     * Asks nobody. Only {@link #extraWait} is waited for.
     *
     * @return no check
     */
    public static PropagationCheck none() {
        return of(Target.NOBODY, List.of());
    }

    /**
     * Sets the pause between two rounds.
     *
     * @param newInterval 100 milliseconds to 1 day
     * @return a check with this pause
     */
    public PropagationCheck interval(Duration newInterval) {
        require("interval", newInterval, Duration.ofMillis(100));
        return new PropagationCheck(target, servers, newInterval, timeout, extraWait, ignoringSilentServers);
    }

    /**
     * Sets how long the servers may take until all of them show the record.
     *
     * @param newTimeout 1 millisecond to 1 day
     * @return a check with this time-out
     */
    public PropagationCheck timeout(Duration newTimeout) {
        require("timeout", newTimeout, Duration.ofMillis(1));
        return new PropagationCheck(target, servers, interval, newTimeout, extraWait, ignoringSilentServers);
    }

    /**
     * Waits for some time after all servers have shown the record, for those that cannot be asked from here, such as
     * other sites of an anycast address.
     *
     * @param wait zero to 1 day; the default is zero
     * @return a check with this wait
     */
    public PropagationCheck extraWait(Duration wait) {
        require("wait", wait, Duration.ZERO);
        return new PropagationCheck(target, servers, interval, timeout, wait, ignoringSilentServers);
    }

    /**
     * Goes on at the end of the time-out if all servers that answer show the record, and at least one does. The silent
     * ones are named in a warning. Without this, they make the check fail.
     *
     * @return a check that ignores servers that do not answer at all
     */
    public PropagationCheck ignoringSilentServers() {
        return new PropagationCheck(target, servers, interval, timeout, extraWait, true);
    }

    /** {@return whom to ask} */
    public Target target() {
        return target;
    }

    /** {@return the certain servers; empty for other targets} */
    public List<InetSocketAddress> servers() {
        return servers;
    }

    /** {@return the pause between two rounds} */
    public Duration interval() {
        return interval;
    }

    /** {@return how long the servers may take until all of them show the record} */
    public Duration timeout() {
        return timeout;
    }

    /** {@return how long is waited after that} */
    public Duration extraWait() {
        return extraWait;
    }

    /** {@return whether servers that do not answer at all are ignored at the end of the time-out} */
    public boolean ignoresSilentServers() {
        return ignoringSilentServers;
    }

    private static void require(String what, Duration value, Duration shortest) {
        if (value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    what + ": " + value + " (expected: " + shortest + " to " + LONGEST + ")");
        }
    }
}
