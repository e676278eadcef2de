package dev.gatehouse.testing.internal.acme.wire;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads that tell in a thread dump whose they are. */
public final class NamedThreads implements ThreadFactory {
    private final String prefix;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Makes a factory.
     *
     * @param prefix what the names begin with
     */
    public NamedThreads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, prefix + '-' + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
