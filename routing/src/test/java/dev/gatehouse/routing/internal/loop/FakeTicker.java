package dev.gatehouse.routing.internal.loop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still until a test moves it. It begins shortly before an overflow. */
public final class FakeTicker implements LongSupplier {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Moves the clock when the loops have done what they were given, and lets them do what is due then. */
    public void advance(Duration duration, EventLoops loops) {
        settle(loops);
        advance(duration);
        settle(loops);
        settle(loops);
    }

    /** Returns when every loop has made one more turn. */
    private static void settle(EventLoops loops) {
        for (SelectorLoop loop : loops.all()) {
            CompletableFuture<Void> turned = new CompletableFuture<>();
            loop.execute(() -> turned.complete(null));
            turned.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
