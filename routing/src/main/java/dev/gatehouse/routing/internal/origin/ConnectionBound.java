package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.internal.loop.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many connections a target may have, all loops together, and who waits for one. Each connection, open or being
 * opened, has a place; a place that becomes free goes to whoever has waited longest. Safe for use by several threads.
 */
final class ConnectionBound {

    /** Somebody who has neither a connection nor a place for one. */
    interface Waiter {

        /** The loop whose connections it can use. */
        EventLoop loop();

        /** Since when it waits, as a time of its loop. */
        long waitingSince();

        /** Gives it a place; it must call {@link #left} in the end. Called by any thread. */
        void mayConnect();

        /** Gives it an open connection that is idle. Called on the thread of its loop. */
        void mayUse(Http1Connection idle);
    }

    /** What becomes of one who wants a place. */
    enum Entry {
        /** It has one. */
        PLACE,
        /** It is told later. */
        WAITS,
        /** Too many are waiting. */
        REFUSED
    }

    /** So much longer one must have waited than another to get a connection that would have to be opened anew for it. */
    private static final long UNFAIR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int maxConnections;
    private final int maxWaiting;
    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private int places;
    private volatile boolean anyWaiting;

    ConnectionBound(int maxConnections, int maxWaiting) {
        this.maxConnections = maxConnections;
        this.maxWaiting = maxWaiting;
    }

    /** Takes a place, or a turn. */
    synchronized Entry enter(Waiter waiter) {
        if (places < maxConnections) {
            places++;
            return Entry.PLACE;
        }
        if (waiting.size() >= maxWaiting) {
            return Entry.REFUSED;
        }
        waiting.add(waiter);
        anyWaiting = true;
        return Entry.WAITS;
    }

    /** Takes a place only if there is one. */
    synchronized boolean tryEnter() {
        boolean free = places < maxConnections;
        places += free ? 1 : 0;
        return free;
    }

    /** Gives a place back. */
    void left() {
        Waiter next;
        synchronized (this) {
            Iterator<Waiter> first = waiting.iterator();
            next = first.hasNext() ? first.next() : null;
            if (next == null) {
                places--;
            } else {
                remove(next);
            }
        }
        if (next != null) {
            next.mayConnect();
        }
    }

    /** Gives a turn up. One that has just been given a place gets it nevertheless. */
    synchronized void giveUp(Waiter waiter) {
        remove(waiter);
    }

    private void remove(Waiter waiter) {
        waiting.remove(waiter);
        anyWaiting = !waiting.isEmpty();
    }

    boolean isAwaited() {
        return anyWaiting;
    }

    /**
     * Finds whom an idle connection of a loop is to be given to.
     *
     * @return one who waits there; null if nobody does, or if others have waited so much longer that the connection has to
     *     be closed for them
     */
    synchronized @Nullable Waiter nextOf(EventLoop loop) {
        Waiter longest = null;
        for (Waiter waiter : waiting) {
            longest = longest == null ? waiter : longest;
            if (waiter.loop() == loop) {
                if (waiter.waitingSince() - longest.waitingSince() > UNFAIR_NANOS) {
                    return null;
                }
                remove(waiter);
                return waiter;
            }
        }
        return null;
    }
}
