package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.internal.acme.wire.Identifier;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Names for addresses where only names will do: SNI cannot carry an address (RFC 8738 section 6). */
final class ReverseNames {

    private ReverseNames() {}

    /** {@return the name itself, or for an address its name in the reverse zone} */
    static String serverName(Identifier identifier) {
        return identifier.type() == Identifier.Type.DNS ? identifier.value() : reverse(bytes(identifier.value()));
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address + " was accepted as an address", e);
        }
    }

    private static String reverse(byte[] address) {
        StringBuilder name = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            int octet = address[i] & 0xff;
            if (address.length == 4) {
                name.append(octet).append('.');
            } else {
                name.append(Integer.toHexString(octet & 0xf)).append('.');
                name.append(Integer.toHexString(octet >> 4)).append('.');
            }
        }
        return name.append(address.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
