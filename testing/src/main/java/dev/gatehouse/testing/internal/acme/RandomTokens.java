package dev.gatehouse.testing.internal.acme;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Makes values that cannot be guessed, for nonces and tokens: 128 random bits, base64url (RFC 8555 section 11.3). */
final class RandomTokens implements Supplier<String> {
    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String get() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
