package dev.gatehouse.acme.internal.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/** What counts as one client: an IPv4 address, or the /64 of an IPv6 address, of which one customer has all. */
record ClientNetwork(String text) {

    private static final int NETWORK_BYTES = 8;

    /** Empty for a loopback address: behind it is a proxy, and with it everybody. */
    static Optional<ClientNetwork> of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Optional.empty();
        }
        return Optional.of(new ClientNetwork(
                address instanceof Inet6Address ? network(address.getAddress()) : address.getHostAddress()));
    }

    private static String network(byte[] address) {
        String digits = HexFormat.of().formatHex(address, 0, NETWORK_BYTES);
        return digits.substring(0, 4) + ':' + digits.substring(4, 8) + ':' + digits.substring(8, 12) + ':'
                + digits.substring(12) + "::/64";
    }

    @Override
    public String toString() {
        return text;
    }
}
