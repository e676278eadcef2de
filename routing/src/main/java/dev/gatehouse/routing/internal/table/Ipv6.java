package dev.gatehouse.routing.internal.table;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The text of IPv6 addresses in brackets, brought into the form of RFC 5952, so that equal addresses are equal text. */
final class Ipv6 {

    private static final int MAX_TEXT_LENGTH = 45;

    private Ipv6() {}

    static @Nullable String normalize(String bracketed) {
        if (!bracketed.endsWith("]") || bracketed.length() > MAX_TEXT_LENGTH + 2) {
            return null;
        }
        byte[] address = parse(bracketed);
        return address == null ? null : "[" + format(address) + "]";
    }

    /** In brackets the platform takes the text for an address and never asks a name server. */
    private static byte @Nullable [] parse(String bracketed) {
        if (!bracketed.chars().skip(1).limit(bracketed.length() - 2L).allMatch(Ipv6::isAddressCharacter)) {
            return null;
        }
        try {
            byte[] address = InetAddress.getByName(bracketed).getAddress();
            return address.length == 4 ? mapped(address) : address;
        } catch (UnknownHostException notAnAddress) {
            return null;
        }
    }

    /** The platform turns an IPv4-mapped address into an IPv4 address; as a host the two are different. */
    private static byte[] mapped(byte[] ipv4) {
        byte[] address = new byte[16];
        address[10] = (byte) 0xff;
        address[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, address, 12, 4);
        return address;
    }

    private static boolean isAddressCharacter(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    }

    private static String format(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
            i += length;
        }
        return format(groups, runStart, runLength);
    }

    private static String format(int[] groups, int runStart, int runLength) {
        StringBuilder text = new StringBuilder(MAX_TEXT_LENGTH);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
