package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.answer.Durations;
import java.util.concurrent.TimeUnit;

/**
 * How long a client may let others wait for its request content: at a stretch no longer than the idle time-out, and in all
 * no longer than that and what the content so far takes at the least rate. Only time in which nothing but the client was
 * waited for counts. For one thread at a time.
 */
public final class ClientPace {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Service service;
    private final long idleNanos;
    private final long bytesPerSecond;
    private long received;
    private long waitedNanos;
    private long waitingSince;

    /**
     * Makes the pace of a request whose content has not begun.
     *
     * @param service whose limits count
     */
    public ClientPace(Service service) {
        this.service = service;
        idleNanos = service.requestIdleTimeout().toNanos();
        bytesPerSecond = service.minRequestRate();
    }

    /**
     * Notes content.
     *
     * @param bytes how much has come
     */
    public void received(int bytes) {
        received += bytes;
    }

    /**
     * Begins to wait for the client.
     *
     * @param now the time in nanoseconds
     */
    public void waits(long now) {
        waitingSince = now;
    }

    /**
     * Ends the wait for the client.
     *
     * @param now the time in nanoseconds
     */
    public void goesOn(long now) {
        waitedNanos += now - waitingSince;
    }

    /** {@return how many nanoseconds the client has from the beginning of this wait on, at least 1; 0 for no limit} */
    public long allowance() {
        return idleNanos == 0 ? 0 : Math.max(1, Math.min(idleNanos, atLeastRate()));
    }

    private long atLeastRate() {
        if (bytesPerSecond == 0) {
            return Long.MAX_VALUE;
        }
        long seconds = received / bytesPerSecond;
        long rest = received % bytesPerSecond * SECOND / bytesPerSecond;
        return idleNanos + seconds * SECOND + rest - waitedNanos;
    }

    /** {@return what the client did, when its time is over} */
    public String problem() {
        return idleNanos <= atLeastRate()
                ? "the client sent nothing for " + Durations.text(service.requestIdleTimeout())
                : "the client sent less than " + bytesPerSecond + " bytes per second";
    }

    /** {@return what can be done about it} */
    public String remedy() {
        return idleNanos <= atLeastRate()
                ? "Raise requestIdleTimeout if clients are that slow"
                : "Lower minRequestRate if clients are that slow";
    }
}
