package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.tls.ServerName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Reads {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code 2001:db8::1}, {@code [2001:db8::1]:53} and names. */
public final class HostPort {

    private HostPort() {}

    /** Reads an IP address with or without a port. */
    public static InetSocketAddress address(String subject, String text, int defaultPort) {
        InetSocketAddress endpoint = endpoint(subject, text, defaultPort);
        if (!ServerName.of(endpoint.getHostString()).isIpAddress()) {
            throw new IllegalArgumentException(subject + " '" + text
                    + "' is not an IP address. Write it as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53.");
        }
        return resolve(endpoint);
    }

    /** Reads an IP address or a host name, with or without a port; a host name is not looked up. */
    public static InetSocketAddress endpoint(String subject, String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < 0 || text.indexOf(':') != colon && text.charAt(colon - 1) != ']';
        try {
            ServerName host = ServerName.of(bare ? text : text.substring(0, colon));
            int port = bare ? defaultPort : Integer.parseInt(text.substring(colon + 1));
            return InetSocketAddress.createUnresolved(host.value(), port);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    subject + " '" + text + "' is not an address. Write it as 192.0.2.1, 192.0.2.1:5353,"
                            + " [2001:db8::1]:53 or name.example.com:53.",
                    malformed);
        }
    }

    private static InetSocketAddress resolve(InetSocketAddress literal) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal.getHostString()), literal.getPort());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(literal + " is an address", impossible);
        }
    }

    /** {@return an address as people write it} */
    public static String show(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
