package dev.gatehouse.undertow;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** How long a client may keep a handshake waiting. For use on the connection's I/O thread. */
final class HandshakeDeadline {

    private final Duration timeout;
    private final Runnable whenPassed;
    private XnioExecutor.@Nullable Key timer;
    private boolean passed;

    HandshakeDeadline(Duration timeout, Runnable whenPassed) {
        this.timeout = timeout;
        this.whenPassed = whenPassed;
    }

    /** Starts the clock, unless it runs already. */
    void start() {
        XnioIoThread thread = XnioIoThread.currentThread();
        if (timer != null || passed || thread == null) {
            return;
        }
        try {
            timer = thread.executeAfter(this::pass, timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException serverStopped) {
            pass();
        }
    }

    void stop() {
        if (timer != null) {
            timer.remove();
            timer = null;
        }
    }

    boolean isPassed() {
        return passed;
    }

    private void pass() {
        timer = null;
        passed = true;
        whenPassed.run();
    }
}
