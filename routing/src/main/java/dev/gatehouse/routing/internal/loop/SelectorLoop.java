package dev.gatehouse.routing.internal.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop with a thread and a selector of its own. {@link #close}, too, may be called by any thread. */
public final class SelectorLoop implements EventLoop, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SelectorLoop.class);
    private static final int MAX_TASKS_PER_TURN = 1024;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final TimerHeap timers = new TimerHeap();
    private final BufferPool buffers = new BufferPool();
    private final LongSupplier ticker;
    private final Selector selector;
    private final LoopThread thread;
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private volatile boolean closing;
    private volatile boolean terminated;

    /**
     * Makes a loop; {@link #start} lets it run.
     *
     * @param threadName the name of its daemon thread
     * @param ticker the clock of its timers, in nanoseconds like {@link System#nanoTime}
     */
    public SelectorLoop(String threadName, LongSupplier ticker) {
        this.ticker = ticker;
        try {
            selector = Selector.open();
        } catch (IOException noFileDescriptors) {
            throw new UncheckedIOException(threadName + ": cannot open a selector", noFileDescriptors);
        }
        thread = new LoopThread(this, threadName);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (terminated && tasks.remove(task)) {
            throw new RejectedExecutionException(thread.getName() + ": closed");
        }
        if (!isInside() && !woken.getAndSet(true)) {
            selector.wakeup();
        }
    }

    @Override
    public boolean isInside() {
        return Thread.currentThread() == thread;
    }

    @Override
    public long now() {
        return ticker.getAsLong();
    }

    @Override
    public void arm(Timer timer, long deadline) {
        timers.arm(timer, deadline);
    }

    @Override
    public void disarm(Timer timer) {
        timers.disarm(timer);
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public LoopChannel connect(SocketAddress address, ChannelListener listener) throws IOException {
        return SelectorChannel.connect(this, selector, address, listener);
    }

    /**
     * Ends the loop: tasks already handed over are done, then its channels are closed. Waits for that, unless called
     * inside the loop.
     */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        if (isInside() || !thread.isAlive()) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void run() {
        try {
            while (!closing) {
                turn();
            }
        } catch (IOException | ClosedSelectorException broken) {
            LOG.error(
                    "{}: the selector failed; the loop has ended. Close the router and build a new one",
                    thread.getName(),
                    broken);
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        if (!tasks.isEmpty()) {
            selector.selectNow(dispatch);
        } else if (timers.isEmpty()) {
            selector.select(dispatch);
        } else {
            long millis = TimeUnit.NANOSECONDS.toMillis(timers.untilFirst(now()) + 999_999);
            if (millis == 0) {
                selector.selectNow(dispatch);
            } else {
                selector.select(dispatch, millis);
            }
        }
        woken.set(false);
        runTasks();
        timers.fire(now());
    }

    private void dispatch(SelectionKey key) {
        if (key.isValid()) {
            try {
                ((SelectorChannel) key.attachment()).ready(key.readyOps());
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError unexpected) {
                logUnexpected(unexpected);
            }
        }
    }

    private void runTasks() {
        for (int i = 0; i < MAX_TASKS_PER_TURN; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            guarded(task);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError unexpected) {
            logUnexpected(unexpected);
        }
    }

    /** Exchanges deal with their own failures; one that does not must not take the others down. */
    private void logUnexpected(Throwable unexpected) {
        LOG.error(
                "{}: a task failed unexpectedly; its exchange may be lost. Report this", thread.getName(), unexpected);
    }

    private void end() {
        terminated = true;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guarded(task);
        }
        for (SelectionKey key : selector.keys()) {
            try {
                key.channel().close();
            } catch (IOException alreadyBroken) {
                LOG.debug("{}: closing a channel failed: {}", thread.getName(), alreadyBroken.toString());
            }
        }
        try {
            selector.close();
        } catch (IOException alreadyBroken) {
            LOG.debug("{}: closing the selector failed: {}", thread.getName(), alreadyBroken.toString());
        }
    }
}
