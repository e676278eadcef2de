package dev.gatehouse.acme.internal.dns;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Runs calls with the same key one after the other, in the order in which they came, on workers that do not wait for each
 * other. Holds the keys of calls under way only.
 */
final class CallsInOrder {

    private final Executor worker;
    private final Map<String, CompletableFuture<?>> lastByKey = new HashMap<>();

    CallsInOrder(Executor worker) {
        this.worker = worker;
    }

    /** Runs a call, which may block; the stage ends as the call does. */
    <T> CompletionStage<T> run(String key, Callable<T> call) {
        CompletableFuture<T> mine;
        synchronized (lastByKey) {
            CompletableFuture<?> previous = lastByKey.getOrDefault(key, CompletableFuture.completedFuture(null));
            mine = previous.handleAsync((ended, failure) -> resultOf(call), worker);
            lastByKey.put(key, mine);
        }
        CompletionStage<T> unused = mine.whenComplete((ended, failure) -> forget(key, mine));
        return mine.minimalCompletionStage();
    }

    private void forget(String key, CompletableFuture<?> ended) {
        synchronized (lastByKey) {
            lastByKey.remove(key, ended);
        }
    }

    private static <T> T resultOf(Callable<T> call) {
        try {
            return call.call();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }
}
