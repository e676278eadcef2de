package dev.gatehouse.tls;

import dev.gatehouse.tls.InvalidNameException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name by which a client asks for a server: a host name in its A-label form, lower case and without a trailing dot,
 * or an IP address. Two names are equal if and only if they mean the same server, whatever their spelling was.
 *
 * <p>This is the only place where names are normalised: SNI bytes, {@code Host} fields, configuration and the names in
 * certificates all come through here. Labels may have underscores and double hyphens, as names in use do.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ServerName implements SubjectName {

    private final String value;
    private final boolean ipAddress;

    /** The value without its first label, made when first asked for; all threads make an equal one. */
    private @Nullable String parentValue;

    private ServerName(String value, boolean ipAddress) {
        this.value = value;
        this.ipAddress = ipAddress;
    }

    /**
     * Reads a name from configuration or a certificate.
     *
     * @param name a host name, in Unicode or A-label form, with or without a trailing dot, or an IP address, with or
     *     without brackets
     * @return the normalised name
     * @throws InvalidNameException if it is neither
     */
    public static ServerName of(String name) {
        Optional<String> address = HostNames.ipAddress(name);
        if (address.isPresent()) {
            return new ServerName(address.get(), true);
        }
        return new ServerName(HostNames.normalize(name), false);
    }

    /**
     * Reads the host name of an SNI extension (RFC 6066, section 3). The bytes are taken as they are on the wire: a
     * trailing dot or an underscore, which {@link javax.net.ssl.SNIHostName} refuses, is no obstacle.
     *
     * @param encoded the bytes of the {@code HostName}
     * @return the normalised name
     * @throws InvalidNameException if it is not a name
     */
    public static ServerName ofSni(byte[] encoded) {
        return HostNames.isNormal(encoded)
                ? new ServerName(new String(encoded, StandardCharsets.ISO_8859_1), false)
                : of(new String(encoded, StandardCharsets.UTF_8));
    }

    /**
     * Reads the value of a {@code Host} field or {@code :authority}, with or without a port.
     *
     * @param authority host and optional port; an IPv6 address is in brackets
     * @return the normalised name
     * @throws InvalidNameException if the host is not a name or the port is not a number from 0 to 65535
     */
    public static ServerName ofHost(String authority) {
        int portColon = authority.lastIndexOf(':');
        if (portColon < 0 || portColon < authority.lastIndexOf(']')) {
            return of(authority);
        }
        if (!isPort(authority, portColon + 1)) {
            throw new InvalidNameException(authority, Reason.MALFORMED_PORT);
        }
        return of(authority.substring(0, portColon));
    }

    private static boolean isPort(String text, int from) {
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || port > 6553) {
                return false;
            }
            port = port * 10 + digit;
        }
        return port <= 65535;
    }

    /** {@return whether this is an IP address, which no client sends as SNI and no wildcard covers} */
    public boolean isIpAddress() {
        return ipAddress;
    }

    /** {@return the name in its one normal form} */
    @Override
    public String value() {
        return value;
    }

    /**
     * Takes the left-most label away.
     *
     * @return the name without its first label, or empty if this has one label or is an IP address
     */
    public Optional<ServerName> parent() {
        return parentValue().isEmpty() ? Optional.empty() : Optional.of(new ServerName(parentValue(), false));
    }

    /** The value of {@link #parent()}, or an empty string: the key under which a wildcard name is looked up. */
    String parentValue() {
        String parent = parentValue;
        if (parent == null) {
            int dot = value.indexOf('.');
            parent = ipAddress || dot < 0 ? "" : value.substring(dot + 1);
            parentValue = parent;
        }
        return parent;
    }

    @Override
    public boolean covers(ServerName name) {
        return equals(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerName that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** {@return the same as {@link #value()}} */
    @Override
    public String toString() {
        return value;
    }
}
