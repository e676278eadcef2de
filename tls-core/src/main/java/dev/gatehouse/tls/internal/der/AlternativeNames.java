package dev.gatehouse.tls.internal.der;

import dev.gatehouse.tls.CredentialException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code GeneralNames} (RFC 5280, section 4.2.1.6). */
final class AlternativeNames {

    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private AlternativeNames() {}

    static List<String> texts(DerReader names) {
        List<String> texts = new ArrayList<>(2);
        while (names.hasMore()) {
            int tag = names.tag();
            byte[] content = names.content(tag);
            if (tag == DNS_NAME) {
                texts.add(new String(content, StandardCharsets.ISO_8859_1));
            } else if (tag == IP_ADDRESS) {
                texts.add(address(content));
            }
        }
        return texts;
    }

    private static String address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException wrongLength) {
            throw new CredentialException("An IP address has " + octets.length + " octets.", wrongLength);
        }
    }
}
