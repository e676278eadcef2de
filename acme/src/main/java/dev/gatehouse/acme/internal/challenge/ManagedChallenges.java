package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengeOrder;
import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.Challenges;
import dev.gatehouse.acme.internal.work.BoundedClose;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The challenges of one manager: chosen, answered by a solver for each type, and taken back whatever happens. */
public final class ManagedChallenges implements Challenges {

    private static final Logger log = LoggerFactory.getLogger(ManagedChallenges.class);

    private static final Duration LAST_WITHDRAWALS = Duration.ofSeconds(3);

    private final List<ChallengeSolver> solvers;
    private final ChallengeMemory memory = new ChallengeMemory();
    private final ChallengeChoice choice;
    private final Set<ChallengePublication> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param solvers in the order in which they are preferred
     * @param restriction the only types that may be used
     */
    ManagedChallenges(List<ChallengeSolver> solvers, Set<ChallengeType> restriction) {
        this.solvers = List.copyOf(solvers);
        this.choice = new ChallengeChoice(solvers, restriction, memory);
    }

    @Override
    public Set<ChallengeType> types() {
        return choice.types();
    }

    @Override
    public ChallengeOrder choose(SubjectName name, Set<ChallengeType> offered) {
        return choice.choose(name, offered);
    }

    @Override
    public CompletionStage<ChallengePublication> publish(
            ChallengeType type, SubjectName name, String token, String keyAuthorization) {
        if (closed) {
            return CompletableFuture.failedFuture(closed(name));
        }
        return solverFor(type).publish(name, token, keyAuthorization).thenCompose(published -> kept(name, published));
    }

    private ChallengeSolver solverFor(ChallengeType type) {
        return solvers.stream()
                .filter(solver -> solver.type() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is nothing to answer " + type + " with."));
    }

    private CompletionStage<ChallengePublication> kept(SubjectName name, ChallengePublication published) {
        ChallengePublication kept = new ChallengePublication() {
            @Override
            public CompletionStage<Void> withdraw() {
                open.remove(this);
                return quietly(name, published);
            }
        };
        open.add(kept);
        return closed
                ? kept.withdraw().thenCompose(gone -> CompletableFuture.failedFuture(closed(name)))
                : CompletableFuture.completedFuture(kept);
    }

    private static CompletionStage<Void> quietly(SubjectName name, ChallengePublication published) {
        return published.withdraw().exceptionally(failure -> {
            log.warn(
                    "{}: the answer to a challenge was not taken back ({}). It does no harm, and expires.",
                    name,
                    String.valueOf(failure));
            return null;
        });
    }

    private static IllegalStateException closed(SubjectName name) {
        return new IllegalStateException(name + ": its challenge is not answered, the manager is closed.");
    }

    @Override
    public void validated(ChallengeType type, SubjectName name) {
        memory.validated(type, name);
    }

    @Override
    public void failed(ChallengeType type, SubjectName name) {
        memory.failed(type, name);
    }

    /** Takes back all that is published, while there still are workers, and waits for that a moment. */
    public void close() {
        closed = true;
        List<CompletableFuture<Void>> withdrawals = new ArrayList<>();
        solvers.forEach(solver -> withdrawals.add(solver.withdrawAll().toCompletableFuture()));
        open.forEach(publication -> withdrawals.add(publication.withdraw().toCompletableFuture()));
        BoundedClose.await(
                CompletableFuture.allOf(withdrawals.toArray(CompletableFuture<?>[]::new)),
                LAST_WITHDRAWALS,
                log,
                "Taking back answers to challenges",
                "Those in DNS are removed after the next start, the others expire.");
        solvers.forEach(ChallengeSolver::close);
    }
}
