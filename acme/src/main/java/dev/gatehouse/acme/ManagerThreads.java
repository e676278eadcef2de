package dev.gatehouse.acme;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one manager. Questions and orders have pools of their own, so that a slow permission does not hold up
 * orders. The queues are bounded; flights are bounded below that, and each has one task at a time.
 */
final class ManagerThreads implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CertificateManager.class);

    private static final int QUESTION_THREADS = 4;
    private static final int ORDER_THREADS = 7;
    private static final int QUEUE = 4_000;

    private final ThreadPoolExecutor questions = pool("gatehouse-ask-", QUESTION_THREADS);
    private final ThreadPoolExecutor orders = pool("gatehouse-order-", ORDER_THREADS);
    private final ScheduledThreadPoolExecutor timer;

    ManagerThreads() {
        timer = new ScheduledThreadPoolExecutor(1, daemons("gatehouse-acme-timer-"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    Executor questions() {
        return questions;
    }

    Executor orders() {
        return orders;
    }

    void schedule(Runnable work, Duration delay) {
        ScheduledFuture<?> unused = timer.schedule(() -> hand(work), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void hand(Runnable work) {
        try {
            orders.execute(work);
        } catch (RejectedExecutionException closed) {
            log.debug("A step of an order was dropped: the manager is closed");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        questions.shutdownNow();
        orders.shutdownNow();
    }

    private static ThreadPoolExecutor pool(String prefix, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), daemons(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
