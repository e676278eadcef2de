package dev.gatehouse.tls;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The signature schemes of TLS (RFC 8446, section 4.2.3) by the names that the JDK's provider has for them. */
final class SignatureSchemes {

    /** What a TLS 1.2 client without the extension can verify (RFC 5246, section 7.4.1.4.1). */
    static final TlsCodePoints TLS_1_2_DEFAULTS = TlsCodePoints.of(0x0201, 0x0202, 0x0203);

    private SignatureSchemes() {}

    /**
     * Each name once, at its first place. A scheme without a name is kept as a number, so that a list of such schemes is
     * not taken for a missing list.
     */
    static List<String> jsseNames(TlsCodePoints schemes) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < schemes.size(); i++) {
            String name = jsseName(schemes.get(i));
            names.add(name == null ? TlsCodePoints.hex(schemes.get(i)) : name);
        }
        return List.copyOf(names);
    }

    /** The same as asking the key type about all names, without making a list of them. */
    static boolean areForKeysOf(KeyType keyType, TlsCodePoints schemes) {
        for (int i = 0; i < schemes.size(); i++) {
            String name = jsseName(schemes.get(i));
            if (name != null && keyType.fits(name)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String jsseName(int scheme) {
        return switch (scheme) {
            case 0x0403 -> "SHA256withECDSA";
            case 0x0503 -> "SHA384withECDSA";
            case 0x0603 -> "SHA512withECDSA";
            case 0x0303 -> "SHA224withECDSA";
            case 0x0203 -> "SHA1withECDSA";
            case 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b -> "RSASSA-PSS";
            case 0x0401 -> "SHA256withRSA";
            case 0x0501 -> "SHA384withRSA";
            case 0x0601 -> "SHA512withRSA";
            case 0x0301 -> "SHA224withRSA";
            case 0x0201 -> "SHA1withRSA";
            case 0x0101 -> "MD5withRSA";
            case 0x0402 -> "SHA256withDSA";
            case 0x0302 -> "SHA224withDSA";
            case 0x0202 -> "SHA1withDSA";
            case 0x0807 -> "Ed25519";
            case 0x0808 -> "Ed448";
            default -> null;
        };
    }
}
