package dev.gatehouse.acme.dns;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The TXT record that answers a DNS-01 challenge. Immutable.
 *
 * @param name where it goes, in lower case and without a dot at the end; aliases are already followed
 * @param domain the domain that is validated, without {@code *.}
 * @param token the token of the challenge
 * @param keyAuthorization the key authorization (RFC 8555, section 8.1); not a secret
 * @param timeToLive how long resolvers may remember the record; whole seconds, 1 second to 1 day
 */
public record ChallengeRecord(String name, String domain, String token, String keyAuthorization, Duration timeToLive) {

    /** The label that the validated domain is put behind. */
    public static final String PREFIX = "_acme-challenge.";

    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME = Pattern.compile("[a-z0-9_][a-z0-9_-]*(\\.[a-z0-9_-]+)*");
    private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(1);
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,512}");
    private static final Pattern KEY_AUTHORIZATION = Pattern.compile("[A-Za-z0-9_-]{1,512}\\.[A-Za-z0-9_-]{1,512}");

    /**
     * Checks the parts. What comes from a certificate authority and from aliases in DNS goes into commands and requests,
     * so no more than the usual characters are taken.
     *
     * @param name where it goes
     * @param domain the domain that is validated
     * @param token the token of the challenge
     * @param keyAuthorization the key authorization
     * @param timeToLive how long resolvers may remember the record
     * @throws IllegalArgumentException if one is out of its range
     */
    public ChallengeRecord {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("Record name '" + name + "' has " + name.length()
                    + " characters; DNS takes 1 to " + LONGEST_NAME + ".");
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Record name '" + name
                    + "' is not made of lower-case letters, digits, '-' and '_'. Point the alias at another name.");
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    domain + ": the token of its dns-01 challenge is not base64url text; the certificate authority must"
                            + " be mended.");
        }
        if (!KEY_AUTHORIZATION.matcher(keyAuthorization).matches()) {
            throw new IllegalArgumentException(
                    domain + ": the key authorization of its dns-01 challenge is not of the form TOKEN.THUMBPRINT.");
        }
        if (timeToLive.compareTo(Duration.ofSeconds(1)) < 0 || timeToLive.compareTo(LONGEST_TIME_TO_LIVE) > 0) {
            throw new IllegalArgumentException("timeToLive: " + timeToLive + " (expected: 1 second to 1 day)");
        }
    }

    /** {@return the text of the record: the SHA-256 digest of the key authorization, base64url} */
    public String value() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }

    /** {@return the name and the value, as messages show them} */
    @Override
    public String toString() {
        return name + " TXT \"" + value() + "\"";
    }
}
