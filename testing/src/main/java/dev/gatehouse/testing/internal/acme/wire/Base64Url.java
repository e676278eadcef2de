package dev.gatehouse.testing.internal.acme.wire;

import java.util.Base64;
import java.util.regex.Pattern;

/** The one encoding of bytes in ACME: base64url without padding (RFC 8555 section 6.1). */
public final class Base64Url {
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9_-]*");

    private Base64Url() {}

    /** {@return whether the text is what the encoding makes; padding is not} */
    public static boolean isEncoded(String text) {
        return TEXT.matcher(text).matches() && text.length() % 4 != 1;
    }

    /** {@return the text of the bytes} */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Decodes a value that a client sent.
     *
     * @param text the value
     * @param subject what it is, for the message: {@code Member 'csr' of the payload}
     * @return its bytes
     * @throws ProblemException {@code malformed} when it is not encoded so
     */
    public static byte[] decode(String text, String subject) throws ProblemException {
        if (!isEncoded(text)) {
            throw Problem.of(ProblemType.MALFORMED, subject + " is not base64url. Encode it so, without padding.")
                    .exception();
        }
        return Base64.getUrlDecoder().decode(text);
    }
}
