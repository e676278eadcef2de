package dev.gatehouse.acme.internal.order;

import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What binds an ACME account to one that somebody has elsewhere at the certificate authority (RFC 8555, section 7.3.4).
 *
 * @param keyId its name there
 * @param macKey its secret, which is never shown
 */
public record ExternalAccount(String keyId, SecretKey macKey) {

    /** All authorities take this algorithm, however long the key is; some take no other. */
    static final String MAC_ALGORITHM = "HS256";

    private static final int SHORTEST_KEY = 16;

    static ExternalAccount of(String keyId, String macKey) {
        if (keyId.isBlank()) {
            throw new IllegalArgumentException(
                    "keyId: empty (expected: the key id that the certificate authority gave)");
        }
        return new ExternalAccount(keyId, new SecretKeySpec(decode(macKey.strip()), "HmacSHA256"));
    }

    private static byte[] decode(String macKey) {
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(macKey);
        } catch (IllegalArgumentException notBase64Url) {
            throw new IllegalArgumentException(
                    "macKey: not base64url, of " + macKey.length()
                            + " characters (expected: the MAC key as the certificate authority gave it, in the letters A-Z a-z 0-9 - _)");
        }
        if (key.length < SHORTEST_KEY) {
            throw new IllegalArgumentException("macKey: " + key.length + " bytes (expected: at least " + SHORTEST_KEY
                    + "). Copy the whole MAC key.");
        }
        return key;
    }

    @Override
    public String toString() {
        return "external account " + keyId;
    }
}
