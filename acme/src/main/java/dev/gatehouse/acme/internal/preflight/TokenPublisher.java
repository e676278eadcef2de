package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.acme.Http01Challenges;

/** Lets this server answer a challenge path, as {@link Http01Challenges#publish} does. */
@FunctionalInterface
public interface TokenPublisher {

    /** The answer is there until the publication is closed. */
    Http01Challenges.Publication publish(String token, String answer);
}
