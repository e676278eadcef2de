package dev.gatehouse.examples;

import dev.gatehouse.acme.ChallengeOrder;
import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.Challenges;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.tls.SubjectName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets an issuer that is used without a manager answer HTTP-01, and nothing else. */
record Http01Only(Http01Challenges answers) implements Challenges {

    @Override
    public Set<ChallengeType> types() {
        return Set.of(ChallengeType.HTTP_01);
    }

    @Override
    public ChallengeOrder choose(SubjectName name, Set<ChallengeType> offered) {
        return new ChallengeOrder(List.of(ChallengeType.HTTP_01), Map.of());
    }

    @Override
    public CompletionStage<ChallengePublication> publish(
            ChallengeType type, SubjectName name, String token, String keyAuthorization) {
        Http01Challenges.Publication published = answers.publish(token, keyAuthorization);
        return CompletableFuture.completedFuture(() -> {
            published.close();
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public void validated(ChallengeType type, SubjectName name) {
        // There is no other type to prefer.
    }

    @Override
    public void failed(ChallengeType type, SubjectName name) {
        // There is no other type to go over to.
    }
}
