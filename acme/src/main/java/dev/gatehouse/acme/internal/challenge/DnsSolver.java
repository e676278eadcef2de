package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.dns.Dns01Publication;
import dev.gatehouse.acme.dns.Dns01Solver;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** Answers DNS-01 challenges, and now and then has records removed that a crash has left in DNS. */
public final class DnsSolver implements ChallengeSolver {

    /** No order takes this long, on whichever node. */
    static final Duration LEFTOVER_AGE = Duration.ofHours(1);

    static final Duration FIRST_LOOK = Duration.ofMinutes(1);
    static final Duration NEXT_LOOK = Duration.ofHours(6);

    private final Dns01Solver solver;
    private final IssuanceContext.Timer timer;
    private final Set<Dns01Publication> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public DnsSolver(Dns01Solver solver, IssuanceContext.Timer timer) {
        this.solver = solver;
        this.timer = timer;
        timer.schedule(this::removeLeftovers, FIRST_LOOK);
    }

    @Override
    public ChallengeType type() {
        return ChallengeType.DNS_01;
    }

    @Override
    public CompletionStage<ChallengePublication> publish(SubjectName name, String token, String keyAuthorization) {
        Dns01Publication publication;
        try {
            publication = solver.publish(name.value(), token, keyAuthorization);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        pending.add(publication);
        return publication
                .ready()
                .whenComplete((report, failure) -> pending.remove(publication))
                .thenApply(report -> publication::withdraw);
    }

    @Override
    public CompletionStage<Void> withdrawAll() {
        closed = true;
        return CompletableFuture.allOf(pending.stream()
                .map(publication -> publication.withdraw().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private void removeLeftovers() {
        if (closed) {
            return;
        }
        try {
            solver.removeLeftovers(LEFTOVER_AGE)
                    .whenComplete((removed, failure) -> timer.schedule(this::removeLeftovers, NEXT_LOOK));
        } catch (RejectedExecutionException closing) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        solver.close();
    }
}
