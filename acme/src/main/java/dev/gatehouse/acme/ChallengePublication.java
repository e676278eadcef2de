package dev.gatehouse.acme;

import java.util.concurrent.CompletionStage;

/** The answer to a challenge, ready to be looked at. */
@FunctionalInterface
public interface ChallengePublication {

    /**
     * Takes the answer back. Call it when the certificate authority has looked, and when the order is given up; more than
     * once does no harm. Does not block.
     *
     * @return completes, never with a failure, when the answer is gone or its removal goes on without anybody waiting
     */
    CompletionStage<Void> withdraw();
}
