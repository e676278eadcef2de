package dev.gatehouse.routing.internal.buffer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that wait for the disk, so that no other thread does. An exchange has at most one task in the queue besides
 * the one that closes its file, so exchanges bound the queue.
 */
public final class SpoolWorkers implements Executor, AutoCloseable {

    private static final int THREADS = 4;

    private final ThreadPoolExecutor threads;

    /** Makes workers; their threads start with the first task and end after some idle time. */
    public SpoolWorkers() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "gatehouse-spool-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has a task done.
     *
     * @param task may wait for the disk
     */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Ends the threads when they have done what was handed over, so that every file is closed. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
