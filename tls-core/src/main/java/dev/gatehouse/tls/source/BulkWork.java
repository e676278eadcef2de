package dev.gatehouse.tls.source;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
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
        forEachIndex(elements.size(), i -> work.accept(elements.get(i)));
    }

    /**
     * Returns when all is done.
     *
     * @param elements the elements
     * @param work is called by several threads at once, for each element once
     * @return what came of each, in the order of the elements
     */
    static <T, R> List<R> map(List<T> elements, Function<T, R> work) {
        AtomicReferenceArray<R> results = new AtomicReferenceArray<>(elements.size());
        forEachIndex(elements.size(), i -> results.setPlain(i, work.apply(elements.get(i))));
        List<R> list = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            list.add(results.getPlain(i));
        }
        return list;
    }

    private static void forEachIndex(int count, IntConsumer work) {
        int helpers = count < FEW ? 0 : Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS) - 1;
        Share share = new Share(count, work);
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

    private static final class Share implements Runnable {

        private final int count;
        private final IntConsumer work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Share(int count, IntConsumer work) {
            this.count = count;
            this.work = work;
        }

        @Override
        public void run() {
            try {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    work.accept(i);
                }
            } catch (RuntimeException | Error unexpected) {
                failure.compareAndSet(null, unexpected);
                next.set(count);
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
