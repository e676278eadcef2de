package dev.gatehouse.testing;

/** How control over an identifier is proved to an {@link AcmeTestServer}. */
public enum AcmeChallenge {
    /** A file fetched by HTTP (RFC 8555 section 8.3). */
    HTTP_01("http-01"),
    /** A TXT record (RFC 8555 section 8.4), the only challenge for wildcard names. */
    DNS_01("dns-01"),
    /** A certificate shown under the protocol {@code acme-tls/1} (RFC 8737). */
    TLS_ALPN_01("tls-alpn-01");

    private final String token;

    AcmeChallenge(String token) {
        this.token = token;
    }

    /** {@return the name of the challenge on the wire, such as {@code http-01}} */
    public String token() {
        return token;
    }
}
