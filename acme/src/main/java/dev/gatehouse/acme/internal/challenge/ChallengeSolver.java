package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.tls.SubjectName;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers challenges of one type. Safe for use by several threads; nothing blocks. */
interface ChallengeSolver {

    ChallengeType type();

    /** Why challenges of this type cannot be answered now, a clause without a full stop; empty if they can. */
    default Optional<String> hindrance() {
        return Optional.empty();
    }

    /** Completes when the certificate authority may look. What is published of a failure is taken back already. */
    CompletionStage<ChallengePublication> publish(SubjectName name, String token, String keyAuthorization);

    /** Begins to take back what is being published, and publishes nothing any more. */
    default CompletionStage<Void> withdrawAll() {
        return CompletableFuture.completedFuture(null);
    }

    /** Ends what still goes on. */
    default void close() {}
}
