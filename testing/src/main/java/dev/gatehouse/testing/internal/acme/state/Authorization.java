package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An account's authorization for one identifier (RFC 8555 section 7.1.4).
 *
 * @param id the last part of its URL
 * @param accountId whose it is
 * @param identifier what is authorized; never with a star
 * @param wildcard whether it was made for the wildcard name above the identifier
 * @param expires until when it counts
 * @param deactivated whether the client gave it up
 * @param challenges the ways to prove control
 */
public record Authorization(
        String id,
        String accountId,
        Identifier identifier,
        boolean wildcard,
        Instant expires,
        boolean deactivated,
        List<Challenge> challenges) {

    /** Where an authorization is in its life. */
    public enum Status {
        PENDING("pending"),
        VALID("valid"),
        INVALID("invalid"),
        DEACTIVATED("deactivated"),
        EXPIRED("expired");

        private final String token;

        Status(String token) {
            this.token = token;
        }

        /** {@return the value of the {@code status} member} */
        public String token() {
            return token;
        }
    }

    /** Makes the list immutable. */
    public Authorization {
        challenges = List.copyOf(challenges);
    }

    /**
     * Tells the status: it follows from the challenges and from the time. Only a valid authorization expires; one that nobody
     * proved in time is invalid (RFC 8555 section 7.1.6).
     *
     * @param now the time
     * @return the status at that time
     */
    public Status status(Instant now) {
        if (deactivated) {
            return Status.DEACTIVATED;
        }
        if (has(Challenge.Status.INVALID)) {
            return Status.INVALID;
        }
        boolean valid = has(Challenge.Status.VALID);
        if (!now.isBefore(expires)) {
            return valid ? Status.EXPIRED : Status.INVALID;
        }
        return valid ? Status.VALID : Status.PENDING;
    }

    /** {@return the name that it was made for, with the star of a wildcard name} */
    public String authorizedName() {
        return wildcard ? "*." + identifier.value() : identifier.value();
    }

    /** {@return whether a validation is under way} */
    public boolean isProcessing() {
        return has(Challenge.Status.PROCESSING);
    }

    /** {@return the challenge of this type} */
    public Optional<Challenge> challenge(AcmeChallenge type) {
        return challenges.stream().filter(challenge -> challenge.type() == type).findFirst();
    }

    /** {@return the challenge that decided, or all of them while none has (RFC 8555 section 7.1.4)} */
    public List<Challenge> decisiveChallenges() {
        List<Challenge> decided = challenges.stream()
                .filter(challenge ->
                        challenge.status() == Challenge.Status.VALID || challenge.status() == Challenge.Status.INVALID)
                .toList();
        return decided.isEmpty() ? challenges : decided;
    }

    /** {@return why it is invalid, null when no challenge failed} */
    public @Nullable Problem error() {
        for (Challenge challenge : challenges) {
            if (challenge.error() != null) {
                return challenge.error();
            }
        }
        return null;
    }

    Authorization deactivate() {
        return new Authorization(id, accountId, identifier, wildcard, expires, true, challenges);
    }

    Authorization with(AcmeChallenge type, UnaryOperator<Challenge> change) {
        List<Challenge> changed = challenges.stream()
                .map(challenge -> challenge.type() == type ? change.apply(challenge) : challenge)
                .toList();
        return new Authorization(id, accountId, identifier, wildcard, expires, deactivated, changed);
    }

    private boolean has(Challenge.Status status) {
        return challenges.stream().anyMatch(challenge -> challenge.status() == status);
    }
}
