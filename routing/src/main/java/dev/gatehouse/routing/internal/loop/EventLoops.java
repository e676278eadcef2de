package dev.gatehouse.routing.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The loops of one router, which share its exchanges in turn. Safe for use by several threads. */
public final class EventLoops implements AutoCloseable {

    private final List<SelectorLoop> loops;
    private final AtomicInteger turn = new AtomicInteger();

    private EventLoops(List<SelectorLoop> loops) {
        this.loops = List.copyOf(loops);
    }

    /**
     * Starts loops.
     *
     * @param threadNamePrefix what the thread names begin with; a number follows
     * @param count how many
     * @param ticker the clock of their timers
     * @return the loops
     */
    public static EventLoops start(String threadNamePrefix, int count, LongSupplier ticker) {
        List<SelectorLoop> loops = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            loops.add(new SelectorLoop(threadNamePrefix + i, ticker));
        }
        loops.forEach(SelectorLoop::start);
        return new EventLoops(loops);
    }

    /**
     * {@return the loop that an exchange is to be served by: that of its host if there is one, else the one whose thread is
     * calling, or else the next in turn}
     *
     * @param hosts the loop of the host, or null
     */
    public EventLoop choose(@Nullable EventLoop hosts) {
        if (hosts != null) {
            return hosts;
        }
        if (Thread.currentThread() instanceof LoopThread thread && loops.contains(thread.loop)) {
            return thread.loop;
        }
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /** {@return all loops} */
    public List<SelectorLoop> all() {
        return loops;
    }

    /** Ends all loops. */
    @Override
    public void close() {
        loops.forEach(SelectorLoop::close);
    }
}
