package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.tls.ServerName;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name under which a certificate authority asks for an address, since SNI carries no addresses (RFC 8738, section 6). */
public final class ReverseName {

    private ReverseName() {}

    /** The name in reverse DNS of an IP address; a name as it is. */
    public static ServerName of(ServerName name) {
        if (!name.isIpAddress()) {
            return name;
        }
        byte[] address = addressOf(name).getAddress();
        StringBuilder reverse = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            int octet = address[i] & 0xff;
            if (address.length == 4) {
                reverse.append(octet).append('.');
            } else {
                reverse.append(Integer.toHexString(octet & 0xf))
                        .append('.')
                        .append(Integer.toHexString(octet >> 4))
                        .append('.');
            }
        }
        return ServerName.of(reverse.append(address.length == 4 ? "in-addr.arpa" : "ip6.arpa")
                .toString());
    }

    /** No look-up happens: it is an address in its textual form. */
    static InetAddress addressOf(ServerName name) {
        try {
            return InetAddress.getByName(name.value());
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(name + " is no IP address.", impossible);
        }
    }
}
