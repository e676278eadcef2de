package dev.gatehouse.http2;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that nobody is at the other end of a connection any more: by a ping after a silence while exchanges are under
 * way, and when asked to. Safe for use by several threads.
 */
final class KeepAlive {

    /**
     * Servers of gRPC close connections with more than two pings within five minutes, unless they have sent something
     * between them.
     */
    static final Duration DISTANCE = Duration.ofMinutes(6);

    /** The connection, as far as it matters here. */
    interface Peer {

        /** Whether exchanges are under way. */
        boolean isUsed();

        /** Sends a ping. */
        void ping();

        /** Nobody is there. */
        void isGone();
    }

    private final Peer peer;
    private final Scheduler scheduler;
    private final LongSupplier ticker;
    private final long silence;
    private final long timeout;

    private long nextPing;
    private boolean unanswered;
    private boolean stopped;
    private Scheduler.@Nullable Task task;

    KeepAlive(Peer peer, Scheduler scheduler, LongSupplier ticker, Limits limits) {
        this.peer = peer;
        this.scheduler = scheduler;
        this.ticker = ticker;
        silence = limits.pingAfter().toNanos();
        timeout = limits.pingTimeout().toNanos();
        nextPing = ticker.getAsLong() + silence;
    }

    synchronized void start() {
        schedule(silence);
    }

    synchronized void stop() {
        stopped = true;
        if (task != null) {
            task.cancel();
        }
    }

    /**
     * Something has come.
     *
     * @param isContent whether it is more than an answer to a ping
     */
    synchronized void received(boolean isContent) {
        unanswered = false;
        if (isContent) {
            nextPing = ticker.getAsLong() + silence;
        }
    }

    /** Has the connection checked now, since an answer is overdue. */
    void check() {
        synchronized (this) {
            if (stopped || unanswered) {
                return;
            }
            expectAnswer(ticker.getAsLong());
        }
        peer.ping();
    }

    private void expectAnswer(long now) {
        unanswered = true;
        nextPing = now + DISTANCE.toNanos();
        schedule(timeout);
    }

    private void schedule(long delay) {
        if (task != null) {
            task.cancel();
        }
        task = scheduler.schedule(this::look, delay, TimeUnit.NANOSECONDS);
    }

    private void look() {
        boolean used = peer.isUsed();
        Runnable action;
        synchronized (this) {
            if (stopped) {
                return;
            }
            long now = ticker.getAsLong();
            if (unanswered) {
                stopped = true;
                action = peer::isGone;
            } else if (used && nextPing - now <= 0) {
                expectAnswer(now);
                action = peer::ping;
            } else {
                schedule(used ? nextPing - now : Math.max(nextPing - now, silence));
                return;
            }
        }
        action.run();
    }
}
