package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/**
 * Asks until the answer is final. Between two questions nothing waits: the timer calls back. The certificate authority's
 * {@code Retry-After} is followed within bounds; without one the pauses grow, with jitter.
 */
final class Polling {

    private static final Duration SHORTEST = Duration.ofMillis(25);
    private static final int MAX_LOST_ANSWERS = 3;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(30);

    private final IssuanceContext context;
    private final Duration limit;

    Polling(IssuanceContext context, Duration limit) {
        this.context = context;
        this.limit = limit;
    }

    /** Asks once. It may block. */
    @FunctionalInterface
    interface Question {

        /** Returns the final answer, or a request to ask again. */
        Answer ask() throws AcmeException;
    }

    /**
     * An answer.
     *
     * @param isFinal whether there is nothing more to ask
     * @param retryAfter when the authority wants to be asked again, if it has said so
     */
    record Answer(boolean isFinal, Optional<Instant> retryAfter) {

        static Answer ofFinal() {
            return new Answer(true, Optional.empty());
        }

        static Answer ofPending(Optional<Instant> retryAfter) {
            return new Answer(false, retryAfter);
        }
    }

    /**
     * Asks for the first time on the calling thread, and then on workers.
     *
     * @param what names what is waited for, in the message of a time-out
     */
    CompletionStage<Void> until(String what, Question question) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        ask(what, tolerant(question), done, 0, context.clock().instant().plus(limit));
        return done.minimalCompletionStage();
    }

    /** An answer that is lost on the way is asked for again, and means nothing until several in a row are. */
    private static Question tolerant(Question question) {
        AtomicInteger lostInARow = new AtomicInteger();
        return () -> {
            try {
                Answer answer = question.ask();
                lostInARow.set(0);
                return answer;
            } catch (AcmeNetworkException lost) {
                if (lostInARow.incrementAndGet() > MAX_LOST_ANSWERS) {
                    throw lost;
                }
                return Answer.ofPending(Optional.empty());
            }
        };
    }

    private void ask(String what, Question question, CompletableFuture<Void> done, int attempt, Instant deadline) {
        try {
            Answer answer = question.ask();
            if (answer.isFinal()) {
                done.complete(null);
            } else if (context.clock().instant().isAfter(deadline)) {
                done.completeExceptionally(new IssuanceException(
                        Kind.AUTHORITY_FAILED,
                        what + " was still pending after " + limit.toSeconds()
                                + " s. The certificate authority is slow; it will be tried again.",
                        null,
                        null));
            } else {
                Duration pause = pauseBefore(attempt + 1, answer.retryAfter());
                context.timer().schedule(() -> ask(what, question, done, attempt + 1, deadline), pause);
            }
        } catch (AcmeException | RuntimeException failure) {
            done.completeExceptionally(failure);
        }
    }

    /**
     * A Retry-After in the past is normal: it has whole seconds, and comes from another clock. It means no more than that the
     * authority has no wish, so that the pauses grow by themselves.
     */
    private Duration pauseBefore(int attempt, Optional<Instant> retryAfter) {
        Duration wanted = retryAfter
                .map(instant -> Duration.between(context.clock().instant(), instant))
                .filter(pause -> pause.compareTo(SHORTEST) > 0)
                .map(pause -> atMost(LONGEST_RETRY_AFTER, pause))
                .orElseGet(() -> atMost(LONGEST, SHORTEST.multipliedBy(1L << Math.min(attempt - 1, 10))));
        return wanted.plusMillis(context.random().nextLong(Math.max(1, wanted.toMillis() / 5)));
    }

    private static Duration atMost(Duration longest, Duration pause) {
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
