package dev.gatehouse.acme.internal.events;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.internal.work.Daemons;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells events to listeners, in order, on a thread of their own: no listener holds up a certificate or disturbs another.
 * Between the two is a bounded queue; events that find it full are lost, counted, and said once for each such spell.
 */
public final class Listeners implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CertificateManager.class);

    private static final int QUEUE = 10_000;
    private static final int LAST_WORDS_SECONDS = 2;

    private final List<Consumer<? super CertificateEvent>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean isLosing = new AtomicBoolean();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 15, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), Daemons.named("gatehouse-events-"));

    Listeners() {
        thread.allowCoreThreadTimeOut(true);
    }

    public void add(Consumer<? super CertificateEvent> listener) {
        listeners.add(listener);
    }

    public void remove(Consumer<? super CertificateEvent> listener) {
        listeners.remove(listener);
    }

    /** How many events were lost so far. */
    public long lost() {
        return lost.get();
    }

    void tell(CertificateEvent event) {
        if (listeners.isEmpty()) {
            return;
        }
        try {
            thread.execute(() -> tellAll(event));
        } catch (RejectedExecutionException full) {
            lost.incrementAndGet();
            if (!thread.isShutdown() && isLosing.compareAndSet(false, true)) {
                log.warn(
                        "{}: listeners are too slow, {} events wait for them; events are lost from here on until they"
                                + " have caught up. Do long work elsewhere.",
                        event.name(),
                        QUEUE);
            }
        }
    }

    private void tellAll(CertificateEvent event) {
        for (Consumer<? super CertificateEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException failure) {
                log.error("{}: a listener failed on {}. Mend it.", event.name(), event, failure);
            }
        }
        if (isLosing.get() && thread.getQueue().isEmpty() && isLosing.compareAndSet(true, false)) {
            log.info("Listeners have caught up; {} events were lost so far.", lost);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
