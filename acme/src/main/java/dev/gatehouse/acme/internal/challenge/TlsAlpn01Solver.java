package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.TlsAlpn01Challenges;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** Answers TLS-ALPN-01 challenges, through TLS gates. */
public final class TlsAlpn01Solver implements ChallengeSolver {

    private final TlsAlpn01Challenges challenges;
    private final BooleanSupplier isServed;
    private final PublishedAnswers answers;

    /**
     * @param isServed whether there is a gate, here or on another node
     */
    public TlsAlpn01Solver(TlsAlpn01Challenges challenges, BooleanSupplier isServed, Executor worker) {
        this.challenges = challenges;
        this.isServed = isServed;
        this.answers = new PublishedAnswers(worker);
    }

    @Override
    public ChallengeType type() {
        return ChallengeType.TLS_ALPN_01;
    }

    @Override
    public Optional<String> hindrance() {
        return isServed.getAsBoolean()
                ? Optional.empty()
                : Optional.of("no server of this manager has a TLS gate that could answer it");
    }

    @Override
    public CompletionStage<ChallengePublication> publish(SubjectName name, String token, String keyAuthorization) {
        return answers.publish(() -> challenges.publish((ServerName) name, keyAuthorization));
    }
}
