package dev.gatehouse.tls;

/**
 * The keys that the cipher suites of TLS 1.2 can be used with. In TLS 1.3 a cipher suite says nothing about keys.
 */
final class CipherSuiteAuthentication {

    private static final int EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;
    private static final int FALLBACK_SCSV = 0x5600;
    private static final int FIRST_OF_TLS_1_3 = 0x1300;
    private static final int LAST_OF_TLS_1_3 = 0x13ff;

    private CipherSuiteAuthentication() {}

    /** Whether one of the suites can be used in TLS 1.2 with such a key. EdDSA keys use the suites for ECDSA (RFC 8422). */
    static boolean isPossible(TlsCodePoints cipherSuites, KeyType keyType) {
        boolean ecdsaWanted = keyType != KeyType.RSA;
        for (int i = 0; i < cipherSuites.size(); i++) {
            int suite = cipherSuites.get(i);
            if (isCipherSuiteOfTls12(suite) && isEcdsa(suite) == ecdsaWanted) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCipherSuiteOfTls12(int suite) {
        return suite != EMPTY_RENEGOTIATION_INFO_SCSV
                && suite != FALLBACK_SCSV
                && (suite < FIRST_OF_TLS_1_3 || suite > LAST_OF_TLS_1_3);
    }

    /** The suites named {@code TLS_ECDHE_ECDSA_WITH_…} in the registry. */
    private static boolean isEcdsa(int suite) {
        return switch (suite) {
            case 0xc006, 0xc007, 0xc008, 0xc009, 0xc00a -> true;
            case 0xc023, 0xc024, 0xc02b, 0xc02c, 0xcca9 -> true;
            case 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af -> true;
            case 0xc048, 0xc049, 0xc05c, 0xc05d -> true;
            case 0xc072, 0xc073, 0xc086, 0xc087 -> true;
            default -> false;
        };
    }
}
