package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengePublication;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Publishes answers that are put into storage, on a worker, and takes them back there. */
final class PublishedAnswers {

    private final Executor worker;

    PublishedAnswers(Executor worker) {
        this.worker = worker;
    }

    CompletionStage<ChallengePublication> publish(Callable<? extends AutoCloseable> publishing) {
        return CompletableFuture.supplyAsync(
                () -> {
                    AutoCloseable published = call(publishing);
                    AtomicBoolean withdrawn = new AtomicBoolean();
                    return () -> withdrawn.compareAndSet(false, true)
                            ? takeBack(published)
                            : CompletableFuture.completedFuture(null);
                },
                worker);
    }

    private static AutoCloseable call(Callable<? extends AutoCloseable> publishing) {
        try {
            return publishing.call();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }

    /** When the manager is closed there are no workers any more, and the one who closes it does the work. */
    private CompletionStage<Void> takeBack(AutoCloseable published) {
        try {
            return CompletableFuture.runAsync(() -> close(published), worker);
        } catch (RejectedExecutionException closing) {
            close(published);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void close(AutoCloseable published) {
        try {
            published.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
