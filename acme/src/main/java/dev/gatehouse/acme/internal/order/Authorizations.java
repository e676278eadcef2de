package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.internal.work.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the authorizations of one order, several at a time. One that fails does not stop the others: what is valid then
 * stays valid for the next order, and all names that are at fault are known at once. A failure that is not that of a name
 * stops everything. When the order has failed, authorizations that are still pending are given up, since authorities allow
 * an account only so many.
 */
final class Authorizations {

    private static final Logger log = LoggerFactory.getLogger(Authorizations.class);

    /** The requests of an order go out one after the other; what overlaps is the validation and the propagation in DNS. */
    static final int AT_ONCE = 16;

    private final IssuanceContext context;
    private final Polling polling;
    private final TriedChallenges tried;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Authorizations(IssuanceContext context, Polling polling, TriedChallenges tried) {
        this.context = context;
        this.polling = polling;
        this.tried = tried;
    }

    /** Completes when all are valid. Fails with {@link Kind#VALIDATION_FAILED} if that may be mended by another order. */
    CompletionStage<Void> answerAll(List<Authorization> authorizations) {
        Queue<Authorization> waiting = new ConcurrentLinkedQueue<>(authorizations);
        List<CompletableFuture<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < Math.min(AT_ONCE, authorizations.size()); lane++) {
            lanes.add(answerNext(waiting).toCompletableFuture());
        }
        return CompletableFuture.allOf(lanes.toArray(CompletableFuture<?>[]::new))
                .thenCompose(answered -> failures.isEmpty()
                        ? CompletableFuture.<Void>completedFuture(null)
                        : giveUp(authorizations)
                                .thenCompose(
                                        givenUp -> CompletableFuture.failedFuture(failure(authorizations.size()))));
    }

    private CompletionStage<Void> answerNext(Queue<Authorization> waiting) {
        Authorization authorization = waiting.poll();
        if (authorization == null) {
            return CompletableFuture.completedFuture(null);
        }
        return new AuthorizationAnswer(authorization, context, polling, tried)
                .run()
                .handle((valid, failure) -> {
                    if (failure != null) {
                        failures.add(failure);
                        if (!isOfTheName(failure)) {
                            waiting.clear();
                        }
                    }
                    return null;
                })
                .thenCompose(next -> answerNext(waiting));
    }

    private Throwable failure(int names) {
        return failures.stream()
                .filter(failure -> !isOfTheName(failure))
                .findFirst()
                .orElseGet(() -> tried.failure(names > 1));
    }

    private static boolean isOfTheName(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof NotAuthorizedException;
    }

    private CompletionStage<Void> giveUp(List<Authorization> authorizations) {
        return Steps.on(context.worker(), () -> {
            authorizations.forEach(Authorizations::giveUp);
            return null;
        });
    }

    private static void giveUp(Authorization authorization) {
        try {
            if (authorization.getStatus() == Status.PENDING) {
                authorization.deactivate();
            }
        } catch (AcmeException | RuntimeException kept) {
            log.debug(
                    "{}: stays pending, the authority does not give it up ({})",
                    authorization.getLocation(),
                    kept.getMessage());
        }
    }

    /** No challenge of a name worked; what became of each is in {@link TriedChallenges}. It has no stack trace. */
    static final class NotAuthorizedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotAuthorizedException() {
            super(null, null, false, false);
        }
    }
}
