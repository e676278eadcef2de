package dev.gatehouse.acme.internal.work;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one manager. Questions, storage and orders have pools of their own, so that a slow hook or a slow
 * authority does not hold up certificates that are in storage. All are daemons that end when they have been idle for a
 * while; virtual ones where the JVM has them. Nothing waits on them: what waits, waits for an alarm or a stage.
 *
 * <p>The queues are bounded. What feeds them is bounded below that: flights have one task at a time each.
 */
public final class ManagerThreads implements Workers {

    /** As many as orders that may be open at once, so that none waits for the request of another. */
    static final int ORDER_THREADS = 48;

    private static final int QUESTION_THREADS = 8;
    private static final int STORAGE_THREADS = 8;
    private static final int QUEUE = 20_000;
    private static final Duration LAST_WRITES = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(15);

    private final ThreadPoolExecutor questions = pool("gatehouse-ask-", QUESTION_THREADS);
    private final ThreadPoolExecutor storage = pool("gatehouse-storage-", STORAGE_THREADS);
    private final ThreadPoolExecutor orders = pool("gatehouse-order-", ORDER_THREADS);
    private final ScheduledThreadPoolExecutor timer;

    /** Starts no thread yet. */
    public ManagerThreads() {
        timer = new ScheduledThreadPoolExecutor(1, Daemons.platform("gatehouse-acme-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** For the permission and the look before an order. */
    @Override
    public Executor questions() {
        return questions;
    }

    /** For reading and writing storage. */
    @Override
    public Executor storage() {
        return storage;
    }

    /** For requests to certificate authorities. */
    @Override
    public Executor orders() {
        return orders;
    }

    @Override
    public Alarm after(Duration delay, Runnable call) {
        if (timer.isShutdown()) {
            return () -> {};
        }
        ScheduledFuture<?> scheduled = timer.schedule(call, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /**
     * Ends all threads. What is queued is dropped, and what blocks is interrupted, except that storage gets a moment to give
     * back leases.
     */
    @Override
    public void close() {
        timer.shutdownNow();
        List.of(questions, orders).forEach(ThreadPoolExecutor::shutdownNow);
        storage.shutdown();
        try {
            if (!storage.awaitTermination(LAST_WRITES.toSeconds(), TimeUnit.SECONDS)) {
                storage.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            storage.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadPoolExecutor pool(String prefix, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE),
                Daemons.named(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
