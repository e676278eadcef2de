package dev.gatehouse.tls.source;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does something with each of many elements on all processors; with each of a few on the calling thread alone. */
final class BulkWork {

    private static final int FEW = 64;
    private static final int MAX_THREADS = 8;

    private BulkWork() {}

    /**
     * Returns when all is done.
     *
     * @param elements the elements
     * @param work is called by several threads at once, for each element once
     */
    static <T> void forEach(List<T> elements, Consumer<T> work) {
        int helpers = elements.size() < FEW ? 0 : Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS) - 1;
        Share<T> share = new Share<>(elements, work);
        List<Thread> threads = new ArrayList<>(helpers);
        for (int i = 1; i <= helpers; i++) {
            Thread thread = new Thread(share, "gatehouse-certificates-load-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        share.run();
        threads.forEach(BulkWork::join);
        share.rethrow();
    }

    /** An interrupt is kept for the caller: what the helpers read is of no use to anyone unless they end first. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Share<T> implements Runnable {

        private final List<T> elements;
        private final Consumer<T> work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Share(List<T> elements, Consumer<T> work) {
            this.elements = elements;
            this.work = work;
        }

        @Override
        public void run() {
            try {
                for (int i = next.getAndIncrement(); i < elements.size(); i = next.getAndIncrement()) {
                    work.accept(elements.get(i));
                }
            } catch (RuntimeException | Error unexpected) {
                failure.compareAndSet(null, unexpected);
                next.set(elements.size());
            }
        }

        void rethrow() {
            Throwable unexpected = failure.get();
            if (unexpected instanceof Error error) {
                throw error;
            }
            if (unexpected instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
