package dev.gatehouse.tls;

import java.util.List;

/**
 * Named sets of protocol versions and cipher suites, from version 5.7 of Mozilla's <a
 * href="https://wiki.mozilla.org/Security/Server_Side_TLS">Server Side TLS</a> guidelines. In both the client's order of
 * cipher suites counts, since only the client knows what its hardware does well. Suites that a provider does not have are
 * left out.
 */
public enum TlsProfile {
    /** For every client of the last ten years: TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3. */
    INTERMEDIATE(
            TlsVersion.TLS_1_2,
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256")),
    /** For clients that speak TLS 1.3: browsers since 2019, Java since 11, OpenSSL since 1.1.1. */
    MODERN(
            TlsVersion.TLS_1_3,
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"));

    private final TlsVersion minVersion;
    private final List<String> cipherSuites;

    TlsProfile(TlsVersion minVersion, List<String> cipherSuites) {
        this.minVersion = minVersion;
        this.cipherSuites = cipherSuites;
    }

    /** {@return the lowest version that is accepted} */
    public TlsVersion minVersion() {
        return minVersion;
    }

    /** {@return the JSSE names of the cipher suites; unmodifiable} */
    public List<String> cipherSuites() {
        return cipherSuites;
    }
}
