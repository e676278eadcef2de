package dev.gatehouse.undertow;

import dev.gatehouse.routing.internal.loop.BufferPool;
import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import dev.gatehouse.routing.internal.loop.Timer;
import dev.gatehouse.routing.internal.loop.TimerHeap;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * An I/O thread of Undertow as a loop of the router: the connection to the origin is served by the thread that serves the
 * client, and no exchange goes from thread to thread.
 *
 * <p>The timers of the router, of which each exchange arms one, are kept here; the thread is only asked to wake up for the
 * first of them.
 */
final class XnioLoop implements EventLoop {

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final XnioIoThread thread;
    private final BufferPool buffers = new BufferPool();
    private final TimerHeap timers = new TimerHeap();
    private final Runnable wake = this::wake;
    private XnioExecutor.@Nullable Key alarm;
    private long alarmTime;

    XnioLoop(XnioIoThread thread) {
        this.thread = thread;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    @Override
    public boolean isInside() {
        return Thread.currentThread() == thread;
    }

    @Override
    public long now() {
        return System.nanoTime();
    }

    @Override
    public void arm(Timer timer, long deadline) {
        timers.arm(timer, deadline);
        setAlarm();
    }

    @Override
    public void disarm(Timer timer) {
        timers.disarm(timer);
    }

    private void wake() {
        alarm = null;
        timers.fire(now());
        setAlarm();
    }

    /** An alarm that is too early does no harm, and comes more rarely than timers are armed and taken back. */
    private void setAlarm() {
        if (timers.isEmpty()) {
            return;
        }
        long now = now();
        long delay = timers.untilFirst(now);
        if (alarm != null) {
            if (alarmTime - (now + delay) <= 0) {
                return;
            }
            alarm.remove();
        }
        alarmTime = now + delay;
        alarm = thread.executeAfter(wake, (delay + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI, TimeUnit.MILLISECONDS);
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public LoopChannel connect(SocketAddress address, ChannelListener listener) throws IOException {
        return XnioChannel.connect(thread, address, listener);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof XnioLoop that && thread == that.thread;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(thread);
    }
}
