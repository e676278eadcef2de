package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.tls.SubjectName;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Answers HTTP-01 challenges, through whatever server gives out {@link Http01Challenges}. */
public final class Http01Solver implements ChallengeSolver {

    private final Http01Challenges challenges;
    private final PublishedAnswers answers;

    public Http01Solver(Http01Challenges challenges, Executor worker) {
        this.challenges = challenges;
        this.answers = new PublishedAnswers(worker);
    }

    @Override
    public ChallengeType type() {
        return ChallengeType.HTTP_01;
    }

    @Override
    public CompletionStage<ChallengePublication> publish(SubjectName name, String token, String keyAuthorization) {
        return answers.publish(() -> challenges.publish(token, keyAuthorization));
    }
}
