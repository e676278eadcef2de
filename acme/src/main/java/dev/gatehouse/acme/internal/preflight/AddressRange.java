package dev.gatehouse.acme.internal.preflight;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The addresses that begin with the same bits. */
record AddressRange(InetAddress first, int prefixLength) {

    /** Reads {@code 192.0.2.0/24} or {@code 2001:db8::/32}; never a name, which would be looked up. */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(0, slash).matches("[0-9a-fA-F.:]+")) {
            throw new IllegalArgumentException("'" + text + "' is not an address range. Write it as 192.0.2.0/24.");
        }
        try {
            return new AddressRange(
                    InetAddress.getByName(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        } catch (UnknownHostException | NumberFormatException malformed) {
            throw new IllegalArgumentException("'" + text + "' is not an address range.", malformed);
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((mine[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
