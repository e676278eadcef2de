package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.TsigKey;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a server is updated.
 *
 * @param server where it is
 * @param key signs; null for no signature
 * @param zone the zone of all records; null if the server is asked
 * @param tcp whether TCP is used from the start
 * @param timeout how long one answer may take
 * @param clock what signatures show
 */
public record Rfc2136Settings(
        InetSocketAddress server,
        @Nullable TsigKey key,
        @Nullable String zone,
        boolean tcp,
        Duration timeout,
        Clock clock) {

    /** Settings for a server, unsigned. */
    public static Rfc2136Settings at(InetSocketAddress server, Duration timeout) {
        return new Rfc2136Settings(server, null, null, false, timeout, Clock.systemUTC());
    }

    /** Signs. */
    public Rfc2136Settings withKey(TsigKey newKey) {
        return new Rfc2136Settings(server, newKey, zone, tcp, timeout, clock);
    }

    /** Fixes the zone. */
    public Rfc2136Settings withZone(String newZone) {
        return new Rfc2136Settings(server, key, newZone, tcp, timeout, clock);
    }

    /** Uses TCP. */
    public Rfc2136Settings withTcp() {
        return new Rfc2136Settings(server, key, zone, true, timeout, clock);
    }

    /** Waits so long. */
    public Rfc2136Settings withTimeout(Duration newTimeout) {
        return new Rfc2136Settings(server, key, zone, tcp, newTimeout, clock);
    }

    /** Signs with this time. */
    public Rfc2136Settings withClock(Clock newClock) {
        return new Rfc2136Settings(server, key, zone, tcp, timeout, newClock);
    }
}
