package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.HostPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How names are looked up for DNS-01: which recursive resolvers find the zone of a name and its authoritative servers.
 * These servers are then asked directly; the resolvers are not asked for the challenge's own name, so that none of them
 * remembers that it does not exist yet.
 *
 * <p>What is found is remembered for a minute, for at most 1,000 names; failures and absent names are not.
 *
 * <p>Immutable: each method that changes something returns another look-up. Safe for use by several threads.
 */
public final class DnsLookup {

    private static final int DNS_PORT = 53;
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    private final List<InetSocketAddress> resolvers;
    private final Duration queryTimeout;
    private final int authoritativePort;

    private DnsLookup(List<InetSocketAddress> resolvers, Duration queryTimeout, int authoritativePort) {
        this.resolvers = resolvers;
        this.queryTimeout = queryTimeout;
        this.authoritativePort = authoritativePort;
    }

    /** {@return a look-up by the resolvers that the operating system is configured for} */
    public static DnsLookup bySystemResolvers() {
        return new DnsLookup(List.of(), USUAL_TIMEOUT, DNS_PORT);
    }

    /**
     * Looks up by certain resolvers. They are asked in this order, the next if one fails.
     *
     * @param resolvers IP addresses with or without a port, such as {@code 10.0.0.2}, {@code 10.0.0.2:5353},
     *     {@code [2001:db8::2]:53}; at least one
     * @return the look-up
     * @throws IllegalArgumentException if one is no such address
     */
    public static DnsLookup byResolvers(String... resolvers) {
        return byResolvers(Arrays.stream(resolvers)
                .map(text -> HostPort.address("Resolver", text, DNS_PORT))
                .toList());
    }

    /**
     * Looks up by certain resolvers. They are asked in this order, the next if one fails.
     *
     * @param resolvers their addresses, at least one
     * @return the look-up
     */
    public static DnsLookup byResolvers(List<InetSocketAddress> resolvers) {
        if (resolvers.isEmpty()) {
            throw new IllegalArgumentException("resolvers: none (expected: at least one)");
        }
        return new DnsLookup(List.copyOf(resolvers), USUAL_TIMEOUT, DNS_PORT);
    }

    /**
     * Sets how long one server may take for one answer.
     *
     * @param timeout more than zero, at most 30 seconds; the default is 3 seconds
     * @return a look-up with this time-out
     */
    public DnsLookup queryTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " (expected: more than zero, at most " + LONGEST_TIMEOUT + ")");
        }
        return new DnsLookup(resolvers, timeout, authoritativePort);
    }

    /**
     * Sets the port at which authoritative servers are asked. NS records have no port, so it is 53 everywhere but in
     * tests and behind port forwarding.
     *
     * @param port 1 to 65535; the default is 53
     * @return a look-up with this port
     */
    public DnsLookup authoritativePort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        return new DnsLookup(resolvers, queryTimeout, port);
    }

    /** {@return the resolvers to ask; empty for those of the operating system} */
    public List<InetSocketAddress> resolvers() {
        return resolvers;
    }

    /** {@return how long one server may take for one answer} */
    public Duration queryTimeout() {
        return queryTimeout;
    }

    /** {@return the port at which authoritative servers are asked} */
    public int authoritativePort() {
        return authoritativePort;
    }
}
