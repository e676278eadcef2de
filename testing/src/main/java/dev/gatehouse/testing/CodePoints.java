package dev.gatehouse.testing;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names in JSSE of what is a number on the wire. */
final class CodePoints {
    private static final Map<Integer, String> CIPHER_SUITES = Map.of(
            0x1301, "TLS_AES_128_GCM_SHA256",
            0x1302, "TLS_AES_256_GCM_SHA384",
            0x1303, "TLS_CHACHA20_POLY1305_SHA256",
            0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final SortedMap<String, Integer> VERSIONS = new TreeMap<>(
            Map.of("SSLv3", 0x0300, "TLSv1", 0x0301, "TLSv1.1", 0x0302, "TLSv1.2", 0x0303, "TLSv1.3", 0x0304));

    private CodePoints() {}

    static String cipherSuite(int code) {
        return CIPHER_SUITES.getOrDefault(code, hex(code));
    }

    static String version(int code) {
        return VERSIONS.entrySet().stream()
                .filter(entry -> entry.getValue() == code)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> hex(code));
    }

    static int version(String name) {
        Integer code = VERSIONS.get(name);
        if (code == null) {
            throw new IllegalArgumentException(
                    "protocols: '" + name + "' (expected: one of " + VERSIONS.keySet() + ")");
        }
        return code;
    }

    static @Nullable String signatureScheme(@Nullable Integer code) {
        if (code == null) {
            return null;
        }
        for (SignatureScheme scheme : SignatureScheme.values()) {
            if (scheme.code() == code) {
                return scheme.toString();
            }
        }
        return hex(code);
    }

    private static String hex(int code) {
        return String.format("0x%04x", code);
    }
}
