package dev.gatehouse.testing.internal.acme.state;

import java.security.PublicKey;

/**
 * The public key of an account.
 *
 * @param publicKey the key
 * @param thumbprint its JWK thumbprint (RFC 7638, SHA-256, base64url), which key authorizations end with
 */
public record AccountKey(PublicKey publicKey, String thumbprint) {

    /** {@return the key authorization for a challenge's token (RFC 8555 section 8.1)} */
    public String authorize(String token) {
        return token + "." + thumbprint;
    }
}
