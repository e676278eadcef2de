package dev.gatehouse.tls.source;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that looks in regular intervals, and at once when asked. */
final class WatchThread implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WatchedCertificates.class);

    private static final int MAX_REQUESTS = 64;
    private static final Duration MAX_CLOSE = Duration.ofSeconds(5);

    private final Duration interval;
    private final Runnable look;
    private final Runnable release;
    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(MAX_REQUESTS);
    private final Thread thread = new Thread(this::run, "gatehouse-certificates-watch");
    private volatile boolean closed;

    WatchThread(Duration interval, Runnable look, Runnable release) {
        this.interval = interval;
        this.look = look;
        this.release = release;
        thread.setDaemon(true);
    }

    private record Request(Runnable work, CompletableFuture<Void> done) {

        void run() {
            try {
                work.run();
                done.complete(null);
            } catch (RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        }
    }

    void start() {
        thread.start();
    }

    /** Runs something on the thread and waits for it. */
    void runNow(Runnable work) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException(
                    "A listener cannot reload: it runs on the thread that would." + " Reload from another thread.");
        }
        Request request = new Request(work, new CompletableFuture<>());
        if (closed || !requests.offer(request)) {
            throw new CancellationException(
                    closed
                            ? "The watch is closed."
                            : "There are " + MAX_REQUESTS + " reloads waiting. Try again later.");
        }
        if (!thread.isAlive()) {
            cancelRequests();
        }
        request.done.join();
    }

    private void run() {
        try {
            while (!closed) {
                Request request = requests.poll(interval.toNanos(), TimeUnit.NANOSECONDS);
                if (request != null) {
                    request.run();
                } else if (!closed) {
                    look.run();
                }
            }
        } catch (InterruptedException stop) {
            closed = true;
        } finally {
            cancelRequests();
            release.run();
        }
    }

    private void cancelRequests() {
        for (Request request = requests.poll(); request != null; request = requests.poll()) {
            request.done.completeExceptionally(new CancellationException("The watch is closed."));
        }
    }

    @Override
    public void close() {
        closed = true;
        requests.offer(new Request(() -> {}, new CompletableFuture<>()));
        if (Thread.currentThread() == thread || !awaitEnd()) {
            return;
        }
        cancelRequests();
    }

    private boolean awaitEnd() {
        try {
            thread.join(MAX_CLOSE.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.warn(
                    "Watching certificates: a look takes longer than {}, and ends by itself. Is a file system stuck?",
                    MAX_CLOSE);
        }
        return !thread.isAlive();
    }
}
