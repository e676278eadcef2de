package dev.gatehouse.tls;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The versions of TLS that a server may speak today. TLS 1.0 and 1.1 are deprecated (RFC 8996) and not among them.
 *
 * <p>In order: a later constant is a later version.
 */
public enum TlsVersion {
    /** TLS 1.2, RFC 5246. */
    TLS_1_2("TLSv1.2", 0x0303),
    /** TLS 1.3, RFC 8446. */
    TLS_1_3("TLSv1.3", 0x0304);

    private static final Set<TlsVersion> NONE = Set.of();
    private static final Set<TlsVersion> ONLY_1_2 = Set.of(TLS_1_2);
    private static final Set<TlsVersion> ONLY_1_3 = Set.of(TLS_1_3);
    private static final Set<TlsVersion> BOTH = Collections.unmodifiableSet(EnumSet.of(TLS_1_2, TLS_1_3));

    private final String jsseName;
    private final int wireValue;

    TlsVersion(String jsseName, int wireValue) {
        this.jsseName = jsseName;
        this.wireValue = wireValue;
    }

    /** {@return the name by which JSSE knows the version, such as {@code TLSv1.3}} */
    public String jsseName() {
        return jsseName;
    }

    /** {@return the {@code ProtocolVersion} on the wire, such as {@code 0x0304}} */
    public int wireValue() {
        return wireValue;
    }

    /**
     * Finds the version that a JSSE name stands for.
     *
     * @param jsseName such as {@code TLSv1.3}
     * @return the version, or empty if it is none of these
     */
    public static Optional<TlsVersion> ofJsse(String jsseName) {
        for (TlsVersion version : values()) {
            if (version.jsseName.equals(jsseName)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    /** One of four sets that are made once, in the order of the versions. */
    static Set<TlsVersion> setOf(boolean tls12, boolean tls13) {
        if (tls13) {
            return tls12 ? BOTH : ONLY_1_3;
        }
        return tls12 ? ONLY_1_2 : NONE;
    }

    static Optional<TlsVersion> highestOf(Set<TlsVersion> versions) {
        return versions.stream().max(Comparator.naturalOrder());
    }

    /** {@return the JSSE name} */
    @Override
    public String toString() {
        return jsseName;
    }
}
