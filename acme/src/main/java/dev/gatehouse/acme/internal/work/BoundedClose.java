package dev.gatehouse.acme.internal.work;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;

/** Waits for what is to end before something is closed, and no longer than allowed. */
public final class BoundedClose {

    private BoundedClose() {}

    /** Closes something that comes from the user; what it throws is logged. */
    public static void orWarn(AutoCloseable closeable, Logger log, String what) {
        try {
            closeable.close();
        } catch (Exception unclosable) {
            log.warn("{} could not be closed: {}", what, String.valueOf(unclosable));
        }
    }

    /**
     * Blocks until work has ended, or the time is over, which is logged.
     *
     * @param what names the work, at the beginning of a sentence
     * @param remedy what becomes of it otherwise, whole sentences
     */
    public static void await(CompletableFuture<Void> work, Duration time, Logger log, String what, String remedy) {
        try {
            work.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            log.warn("{} did not end within {} ms. {}", what, time.toMillis(), remedy);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
