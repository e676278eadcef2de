package dev.gatehouse.undertow;

import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * The I/O thread of a connection, and whether the connection may be used on others. HTTP/1 is confined to its I/O thread:
 * Undertow's TLS layer below it keeps its state without synchronisation, and an exchange that ends on another thread
 * makes the I/O thread spin until it sees the end.
 */
final class HostThread {

    private final XnioIoThread thread;
    private final boolean confined;

    HostThread(HttpServerExchange exchange, RequestHead head) {
        thread = exchange.getIoThread();
        confined = !head.isMultiplexed();
    }

    /** {@return whether the connection may be used on the thread of the caller} */
    boolean isRight() {
        return !confined || Thread.currentThread() == thread;
    }

    /** Runs a task on the I/O thread, never on the stack of the caller, unless the server has been stopped. */
    void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    /** Runs a task at once if the connection may be used here, else on the I/O thread. */
    void executeWhereRight(Runnable task) {
        if (isRight()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs a task at once if this is the I/O thread, else there. */
    void executeThere(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** {@return what cancels the task; null if the server has been stopped and the task will not run} */
    XnioExecutor.@Nullable Key executeAfter(Runnable task, Duration delay) {
        try {
            return thread.executeAfter(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            return null;
        }
    }
}
