package dev.gatehouse.routing.internal.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A thread with channels, timers and buffers. Whatever it owns is touched by this thread only; other threads hand it tasks
 * with {@link #execute}, which is the only method they may call besides {@link #isInside}.
 *
 * <p>A router has loops of its own ({@link SelectorLoop}). A host adapter whose server has threads of this kind makes loops
 * of those, so that an exchange and its origin are served by one thread. Two loops with the same thread are equal.
 */
public interface EventLoop extends Executor {

    /**
     * Has a task done by the thread of the loop, after those handed over before it and never on the stack of the caller.
     *
     * @param task must not block
     * @throws RejectedExecutionException if the loop has ended
     */
    @Override
    void execute(Runnable task);

    /** {@return whether the calling thread is the one of this loop} */
    boolean isInside();

    /** {@return the time of the loop's clock, in nanoseconds} */
    long now();

    /**
     * Arms a timer, or moves it if it is armed. Only inside the loop.
     *
     * @param timer what acts
     * @param deadline when, as a time of {@link #now}
     */
    void arm(Timer timer, long deadline);

    /**
     * Takes a timer back; does nothing if it is not armed. Only inside the loop.
     *
     * @param timer the timer
     */
    void disarm(Timer timer);

    /** {@return the buffers of the loop; only inside the loop} */
    BufferPool buffers();

    /**
     * Begins to connect. Only inside the loop.
     *
     * @param address where to: an {@link java.net.InetSocketAddress}, or a {@link java.net.UnixDomainSocketAddress}, which
     *     only the router's own loops know
     * @param listener is told how it ended, never before this method has returned, and what happens on the channel then
     * @return the channel
     * @throws IOException if that cannot even begin
     */
    LoopChannel connect(SocketAddress address, ChannelListener listener) throws IOException;
}
