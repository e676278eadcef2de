package dev.gatehouse.acme.internal.work;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many orders are open at one certificate authority at once. There are several kinds of lanes, so that neither names
 * that have failed before nor renewals hold up a visitor: one who waits for a fresh name meets only fresh names. What waits for a
 * lane waits without a thread, first come first served.
 *
 * <p>Safe for use by several threads.
 */
public final class OrderLanes {

    /** Who gets which lane. */
    public enum Lane {
        /** Names that somebody waits for and that have not failed lately. */
        FRESH,
        /** Names that have failed lately. */
        FAILING,
        /** Names that nobody waits for: renewals and managed names. */
        BACKGROUND
    }

    private final Executor starter;
    private final Map<Lane, OrderPace> paces = new EnumMap<>(Lane.class);
    private final Map<Lane, Integer> free = new EnumMap<>(Lane.class);
    private final Map<Lane, Queue<CompletableFuture<Void>>> inLine = new EnumMap<>(Lane.class);

    /**
     * Makes lanes that are all free.
     *
     * @param lanes how many there are of each kind
     * @param starter where work goes on that had to wait for its lane
     * @param pace makes what says how quickly work begins in the lanes of one kind
     */
    public OrderLanes(Map<Lane, Integer> lanes, Executor starter, Supplier<OrderPace> pace) {
        this.starter = starter;
        for (Lane lane : Lane.values()) {
            paces.put(lane, pace.get());
            free.put(lane, lanes.getOrDefault(lane, 1));
            inLine.put(lane, new ArrayDeque<>());
        }
    }

    /** Runs work in a lane, now or when one is free; the lane is free again when the stage of the work is complete. */
    public <T> CompletionStage<T> run(Lane lane, Supplier<CompletionStage<T>> work) {
        return enter(lane)
                .thenCompose(entered -> Objects.requireNonNull(paces.get(lane)).turn())
                .thenCompose(turn -> start(work))
                .whenComplete((result, failure) -> leave(lane));
    }

    /** How many orders wait for a lane. */
    public synchronized int waiting() {
        return inLine.values().stream().mapToInt(Queue::size).sum();
    }

    private synchronized CompletionStage<Void> enter(Lane lane) {
        int places = free.getOrDefault(lane, 0);
        if (places > 0) {
            free.put(lane, places - 1);
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waitingFor(lane).add(turn);
        return turn;
    }

    private void leave(Lane lane) {
        CompletableFuture<Void> next = nextInLine(lane);
        if (next != null) {
            starter.execute(() -> next.complete(null));
        }
    }

    private synchronized @Nullable CompletableFuture<Void> nextInLine(Lane lane) {
        CompletableFuture<Void> next = waitingFor(lane).poll();
        if (next == null) {
            free.merge(lane, 1, Integer::sum);
        }
        return next;
    }

    private Queue<CompletableFuture<Void>> waitingFor(Lane lane) {
        return Objects.requireNonNull(inLine.get(lane));
    }

    private static <T> CompletionStage<T> start(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}
