package dev.gatehouse.testing.internal.probe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a ClientHello offers.
 *
 * @param serverNameExtension content of the extension, null for no extension
 * @param versions the {@code ProtocolVersion}s, best first
 * @param cipherSuites code points, best first
 * @param signatureSchemes code points, best first
 * @param applicationProtocols ALPN, best first; empty for no extension
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares offers.
public record HelloOffer(
        byte @Nullable [] serverNameExtension,
        List<Integer> versions,
        List<Integer> cipherSuites,
        List<Integer> signatureSchemes,
        List<byte[]> applicationProtocols) {
    /** TLS 1.2. */
    public static final int TLS_1_2 = 0x0303;
    /** TLS 1.3. */
    public static final int TLS_1_3 = 0x0304;

    boolean offers13() {
        return versions.contains(TLS_1_3);
    }

    /** The version that the message itself names: that of TLS 1.2 for everything later (RFC 8446 section 4.1.2). */
    int legacyVersion() {
        return versions.stream()
                .mapToInt(Integer::intValue)
                .map(version -> Math.min(version, TLS_1_2))
                .max()
                .orElse(TLS_1_2);
    }
}
