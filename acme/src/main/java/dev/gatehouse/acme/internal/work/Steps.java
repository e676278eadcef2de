package dev.gatehouse.acme.internal.work;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Runs work that may block, and may throw what it likes, on a worker. */
public final class Steps {

    private Steps() {}

    /** The stage fails with what the work throws. */
    public static <T> CompletionStage<T> on(Executor worker, Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Exception failure) {
                        throw new CompletionException(failure);
                    }
                },
                worker);
    }
}
