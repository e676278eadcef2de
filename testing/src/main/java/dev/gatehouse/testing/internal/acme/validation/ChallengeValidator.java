package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;

/** Checks one type of challenge. Called on a validation thread; may block until the time-out it was given. */
@FunctionalInterface
public interface ChallengeValidator {

    /**
     * Returns if and only if control was proved.
     *
     * @param identifier what has to be controlled, never with a star
     * @param token the challenge's token
     * @param keyAuthorization what the client has to show for it
     * @throws ProblemException why it was not proved
     */
    void validate(Identifier identifier, String token, String keyAuthorization) throws ProblemException;
}
