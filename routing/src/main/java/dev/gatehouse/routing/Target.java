package dev.gatehouse.routing;

import dev.gatehouse.routing.internal.table.HostName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an origin listens and how it is spoken to: a host and a port or a Unix domain socket, in HTTP/1.1 or HTTP/2, in
 * clear text or over TLS.
 *
 * <p>The host is a name or an IP address. A name is resolved when a connection is opened, not before, and again after a
 * short while, so a target whose address changes is followed. Immutable.
 */
public final class Target {

    /** Most systems have room for 108 bytes with a zero at the end. */
    private static final int MAX_SOCKET_PATH_LENGTH = 107;

    private final String host;
    private final int port;
    private final @Nullable Path socketPath;
    private final OriginProtocol protocol;
    private final @Nullable OriginTls tls;

    Target(String host, int port, OriginProtocol protocol, @Nullable OriginTls tls) {
        this(host, port, null, protocol, tls);
    }

    private Target(String host, int port, @Nullable Path socketPath, OriginProtocol protocol, @Nullable OriginTls tls) {
        this.host = host;
        this.port = port;
        this.socketPath = socketPath;
        this.protocol = protocol;
        this.tls = tls;
    }

    /**
     * Reads a target.
     *
     * <table>
     *   <caption>What can be written</caption>
     *   <tr><th>Form</th><th>Protocol</th><th>Port if left out</th></tr>
     *   <tr><td>{@code app-1:8080}, {@code [::1]:3000}, {@code http://app-1:8080}</td><td>HTTP/1.1</td><td>80</td></tr>
     *   <tr><td>{@code https://app-1:8443}</td><td>HTTP/1.1 over TLS</td><td>443</td></tr>
     *   <tr><td>{@code h2c://app-1:8080}</td><td>HTTP/2 in clear text, without asking first</td><td>80</td></tr>
     *   <tr><td>{@code h2://app-1:8443}</td><td>HTTP/2 over TLS</td><td>443</td></tr>
     *   <tr><td>{@code unix:/run/app.sock}</td><td>HTTP/1.1 over a Unix domain socket</td><td></td></tr>
     * </table>
     *
     * <p>With TLS, {@link OriginTls#systemTrust()} decides whom to trust; {@link #withTls} replaces that.
     *
     * @param text the target; an IPv6 address stands in brackets
     * @return the target
     * @throws IllegalArgumentException if it is of no such form, a URL with a path for instance; the message says what to
     *     write
     */
    public static Target of(String text) {
        return TargetReader.read(Objects.requireNonNull(text, "text"));
    }

    /**
     * Makes a target of its parts, for HTTP/1.1 in clear text.
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
        return new Target(normalized, port, OriginProtocol.HTTP_1_1, null);
    }

    /**
     * Makes a target of a Unix domain socket, for HTTP/1.1.
     *
     * @param socketPath the absolute path of the socket, which need not exist yet
     * @return the target
     * @throws IllegalArgumentException if the path is relative, or longer than the 107 bytes that systems allow
     */
    public static Target ofUnixSocket(Path socketPath) {
        Path path = socketPath.normalize();
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(
                    "target unix:" + socketPath + ": is relative (write unix:/path/to/socket)");
        }
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH_LENGTH) {
            throw new IllegalArgumentException("target unix:" + path + ": a path of " + length + " bytes (expected: "
                    + MAX_SOCKET_PATH_LENGTH + " at most; systems allow no more)");
        }
        return new Target("localhost", 0, path, OriginProtocol.HTTP_1_1, null);
    }

    /**
     * Sets whom to trust, and as whom to appear there, in place of what was set before.
     *
     * @param newTls the settings
     * @return a target that differs in that only
     * @throws IllegalArgumentException if the target is reached in clear text
     */
    public Target withTls(OriginTls newTls) {
        Objects.requireNonNull(newTls, "newTls");
        if (tls == null) {
            throw new IllegalArgumentException(
                    "target " + this + ": is reached in clear text, which settings for TLS do"
                            + " not change (write https:// or h2://)");
        }
        return new Target(host, port, socketPath, protocol, newTls);
    }

    /**
     * {@return the host in lower case, a name as A-labels; an IPv6 address in brackets; {@code localhost} for a Unix
     * domain socket}
     */
    public String host() {
        return host;
    }

    /** {@return the port, from 1 to 65535; 0 for a Unix domain socket} */
    public int port() {
        return port;
    }

    /** {@return the Unix domain socket; null if the target is a host and a port} */
    public @Nullable Path socketPath() {
        return socketPath;
    }

    /** {@return the version of HTTP that is spoken there} */
    public OriginProtocol protocol() {
        return protocol;
    }

    /** {@return the settings for TLS; null if the target is reached in clear text} */
    public @Nullable OriginTls tls() {
        return tls;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that
                && port == that.port
                && protocol == that.protocol
                && host.equals(that.host)
                && Objects.equals(socketPath, that.socketPath)
                && Objects.equals(tls, that.tls);
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, port, socketPath, protocol, tls);
    }

    /**
     * {@return the target as {@link #of(String)} reads it, such as {@code app-1:8080} or {@code https://app-1:443}} What
     * {@link #withTls} has set is not part of it.
     */
    @Override
    public String toString() {
        if (socketPath != null) {
            return "unix:" + socketPath;
        }
        String scheme = protocol == OriginProtocol.HTTP_2
                ? (tls == null ? "h2c://" : "h2://")
                : (tls == null ? "" : "https://");
        return scheme + host + ":" + port;
    }
}
