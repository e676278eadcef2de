package dev.gatehouse.routing.internal.tls;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which handshakes compute: keys, signatures, chains, and whatever a user's own key or trust manager does,
 * which may wait for something. Safe for use by several threads.
 */
public final class TlsTasks implements AutoCloseable {

    /** How many handshakes may wait for a thread. */
    static final int MAX_WAITING = 1000;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ThreadPoolExecutor threads;

    /** Makes the threads when they are needed, at most one for every two processors. */
    public TlsTasks() {
        int count = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                count, count, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "gatehouse-tls-" + NUMBERS.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has a task done.
     *
     * @param task may compute, and block
     * @throws RejectedExecutionException if too many are waiting, or this has been closed
     */
    void execute(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
