package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A challenge (RFC 8555 section 7.1.5).
 *
 * @param type how control is to be proved
 * @param token the random value of this challenge, base64url
 * @param status pending, processing, and then valid or invalid
 * @param validated when it became valid
 * @param error why it became invalid
 */
public record Challenge(
        AcmeChallenge type,
        String token,
        Status status,
        @Nullable Instant validated,
        @Nullable Problem error) {

    /** Where a challenge is in its life. */
    public enum Status {
        PENDING("pending"),
        PROCESSING("processing"),
        VALID("valid"),
        INVALID("invalid");

        private final String token;

        Status(String token) {
            this.token = token;
        }

        /** {@return the value of the {@code status} member} */
        public String token() {
            return token;
        }
    }

    static Challenge pending(AcmeChallenge type, String token) {
        return new Challenge(type, token, Status.PENDING, null, null);
    }

    Challenge processing() {
        return new Challenge(type, token, Status.PROCESSING, null, null);
    }

    Challenge valid(Instant when) {
        return new Challenge(type, token, Status.VALID, when, null);
    }

    Challenge invalid(Problem why) {
        return new Challenge(type, token, Status.INVALID, null, why);
    }
}
