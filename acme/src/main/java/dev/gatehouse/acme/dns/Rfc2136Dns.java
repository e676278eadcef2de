package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.DnsJava;
import dev.gatehouse.acme.internal.dns.HostPort;
import dev.gatehouse.acme.internal.dns.Rfc2136Settings;
import dev.gatehouse.acme.internal.dns.Rfc2136Updates;
import dev.gatehouse.tls.ServerName;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Writes records by dynamic update (RFC 2136), signed by a TSIG key (RFC 8945), as BIND, Knot, PowerDNS, NSD-fronted
 * primaries and Windows DNS take it. The zone is asked for at the server itself, unless it is set. Needs dnsjava.
 *
 * <pre>{@code
 * Rfc2136Dns.at("ns1.example.com").key(TsigKey.read(Path.of("/etc/gatehouse/acme.key")))
 * }</pre>
 *
 * <p>An update goes by UDP, and by TCP if it does not fit or no answer comes. Immutable: each method that changes something
 * returns another provider. Safe for use by several threads.
 */
public final class Rfc2136Dns implements DnsProvider {

    private static final int DNS_PORT = 53;
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    private final Rfc2136Settings settings;
    private final Rfc2136Updates updates;

    private Rfc2136Dns(Rfc2136Settings settings) {
        this.settings = settings;
        this.updates = new Rfc2136Updates(settings);
    }

    /**
     * Updates at a server.
     *
     * @param server the primary server of the zones, a host name or an IP address, with or without a port; the default
     *     port is 53
     * @return a provider that signs nothing
     * @throws IllegalArgumentException if it is no address
     * @throws IllegalStateException if dnsjava is missing
     */
    public static Rfc2136Dns at(String server) {
        return at(HostPort.endpoint("DNS server", server, DNS_PORT));
    }

    /**
     * Updates at a server.
     *
     * @param server the primary server of the zones; a host name that is not resolved is looked up with each call
     * @return a provider that signs nothing
     * @throws IllegalStateException if dnsjava is missing
     */
    public static Rfc2136Dns at(InetSocketAddress server) {
        DnsJava.require("Dynamic DNS update (RFC 2136)", "");
        return new Rfc2136Dns(Rfc2136Settings.at(server, USUAL_TIMEOUT));
    }

    /**
     * Signs updates, and takes signed answers only.
     *
     * @param key the key, which the server must know by the same name and algorithm
     * @return a provider that signs
     */
    public Rfc2136Dns key(TsigKey key) {
        return new Rfc2136Dns(settings.withKey(Objects.requireNonNull(key, "key")));
    }

    /**
     * Sets the zone of all records, for servers that do not say it.
     *
     * @param zone such as {@code example.com}
     * @return a provider that updates this zone only
     * @throws dev.gatehouse.tls.InvalidNameException if it is not a name
     */
    public Rfc2136Dns zone(String zone) {
        return new Rfc2136Dns(settings.withZone(ServerName.of(zone).value()));
    }

    /** {@return a provider that uses TCP from the start} */
    public Rfc2136Dns tcp() {
        return new Rfc2136Dns(settings.withTcp());
    }

    /**
     * Sets how long the server may take for one answer.
     *
     * @param timeout more than zero, at most 30 seconds; the default is 5 seconds
     * @return a provider with this time-out
     */
    public Rfc2136Dns timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " (expected: more than zero, at most " + LONGEST_TIMEOUT + ")");
        }
        return new Rfc2136Dns(settings.withTimeout(timeout));
    }

    /**
     * Sets which clock signatures show; the server compares it with its own.
     *
     * @param clock the clock; the default is the system's
     * @return a provider with this clock
     */
    public Rfc2136Dns clock(Clock clock) {
        return new Rfc2136Dns(settings.withClock(Objects.requireNonNull(clock, "clock")));
    }

    @Override
    public void present(ChallengeRecord record) throws DnsProviderException {
        updates.add(record);
    }

    @Override
    public void remove(ChallengeRecord record) throws DnsProviderException {
        updates.delete(record);
    }

    /** {@return what it is and the server} */
    @Override
    public String toString() {
        return "RFC 2136 server " + HostPort.show(settings.server());
    }
}
