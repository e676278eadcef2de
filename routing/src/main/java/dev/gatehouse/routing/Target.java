package dev.gatehouse.routing;

import dev.gatehouse.routing.internal.table.HostName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an origin listens: a host and a port, reached with HTTP/1.1 in clear text.
 *
 * <p>The host is a name or an IP address. A name is resolved when a connection is opened, not before, and again after a
 * short while, so a target whose address changes is followed. Immutable.
 */
public final class Target {

    private final String host;
    private final int port;

    private Target(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * Reads {@code host:port}, such as {@code 127.0.0.1:3000}, {@code app-1:8080} or {@code [::1]:3000}. Without a port
     * it is 80.
     *
     * @param hostAndPort the host, an IPv6 address in brackets, and the port
     * @return the target
     * @throws IllegalArgumentException if it is not of that form; the message says what to write
     */
    public static Target of(String hostAndPort) {
        Objects.requireNonNull(hostAndPort, "hostAndPort");
        if (hostAndPort.contains("://")) {
            throw new IllegalArgumentException(
                    "target " + hostAndPort + ": is a URL (write host:port, such as 127.0.0.1:3000)");
        }
        int colon = portColon(hostAndPort);
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        return of(host, colon < 0 ? 80 : port(hostAndPort, hostAndPort.substring(colon + 1)));
    }

    /**
     * Makes a target of its parts.
     *
     * @param host a name or an IP address; an IPv6 address may be in brackets
     * @param port from 1 to 65535
     * @return the target
     * @throws IllegalArgumentException if the host is not a name or an address, or the port is out of range
     */
    public static Target of(String host, int port) {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("target " + host + ": port " + port + " (expected: 1 to 65535)");
        }
        boolean bareIpv6 = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
        String normalized = HostName.normalize(bareIpv6 ? "[" + host + "]" : host);
        if (normalized == null) {
            throw new IllegalArgumentException("target " + host
                    + ": not a host name or IP address (write host:port, an IPv6 address in brackets)");
        }
        return new Target(normalized, port);
    }

    /** The colon before the port, which is not one of those inside an IPv6 address; -1 if there is none. */
    private static int portColon(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean bracketed = hostAndPort.startsWith("[");
        if (!bracketed && colon != hostAndPort.indexOf(':')) {
            throw new IllegalArgumentException("target " + hostAndPort
                    + ": several colons (write an IPv6 address in brackets, such as [::1]:3000)");
        }
        return bracketed && colon < hostAndPort.indexOf(']') ? -1 : colon;
    }

    private static int port(String hostAndPort, String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "target " + hostAndPort + ": port \"" + digits + "\" (expected: a number from 1 to 65535)");
        }
        return Integer.parseInt(digits);
    }

    /** {@return the host in lower case, a name as A-labels; an IPv6 address in brackets} */
    public String host() {
        return host;
    }

    /** {@return the port, from 1 to 65535} */
    public int port() {
        return port;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that && port == that.port && host.equals(that.host);
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    /** {@return {@code host:port}, which {@link #of(String)} reads again} */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
