package dev.gatehouse.acme;

import java.util.Optional;

/** How control of a name is proven to a certificate authority. */
public enum ChallengeType {
    /** A file at port 80 of the name (RFC 8555, section 8.3). Not for wildcard names. */
    HTTP_01("http-01"),
    /**
     * A certificate made for the purpose, shown in a handshake at port 443 of the name (RFC 8737). It needs a server behind a
     * {@link dev.gatehouse.tls.TlsGate}. Not for wildcard names.
     */
    TLS_ALPN_01("tls-alpn-01"),
    /** A TXT record in DNS (RFC 8555, section 8.4). It needs a DNS provider. The only one for wildcard names; not for addresses. */
    DNS_01("dns-01");

    private final String token;

    ChallengeType(String token) {
        this.token = token;
    }

    /**
     * Finds a type by its name.
     *
     * @param token such as {@code http-01}
     * @return the type, or empty if it is none of these
     */
    public static Optional<ChallengeType> of(String token) {
        for (ChallengeType type : values()) {
            if (type.token.equals(token)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** {@return the name of the type in ACME, such as {@code http-01}} */
    public String token() {
        return token;
    }

    /** {@return the name of the type in ACME} */
    @Override
    public String toString() {
        return token;
    }
}
