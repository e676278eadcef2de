package dev.gatehouse.routing.internal.buffer;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory all buffers of a router may take together. Safe for use by several threads. */
public final class MemoryBudget {

    private final long bytes;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * Makes a budget of which nothing is taken.
     *
     * @param bytes its size
     */
    public MemoryBudget(long bytes) {
        this.bytes = bytes;
    }

    boolean tryReserve(long wanted) {
        long before = reserved.get();
        while (before + wanted <= bytes) {
            if (reserved.compareAndSet(before, before + wanted)) {
                return true;
            }
            before = reserved.get();
        }
        return false;
    }

    void release(long amount) {
        reserved.addAndGet(-amount);
    }

    /** {@return how many bytes are taken} */
    public long reserved() {
        return reserved.get();
    }
}
