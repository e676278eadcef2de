package dev.gatehouse.undertow;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs the delegated tasks of TLS engines: those of {@link GateEngine} that only wait when their wait is over, on whatever
 * thread ends it, and all others on threads of its own, since they compute, and those of a foreign context may wait for a
 * certificate. One for all servers of the JVM, since Undertow does not tell when a server has stopped; it holds no thread
 * for long that has nothing to do.
 */
final class HandshakeExecutor implements Executor {

    private static final int MAX_QUEUED = 10_000;
    private static final HandshakeExecutor INSTANCE = new HandshakeExecutor(create());

    /**
     * The wait that an engine has handed out as a task on this thread. Undertow passes each task on within the call in
     * which it gets it, wrapped into one of its own.
     */
    private static final ThreadLocal<HandshakeWait> HANDED_OUT = new ThreadLocal<>();

    private final Executor threads;

    private HandshakeExecutor(Executor threads) {
        this.threads = threads;
    }

    static HandshakeExecutor instance() {
        return INSTANCE;
    }

    /** Announces that the next command of this thread is the wait, and what Undertow does after it. */
    static void announce(HandshakeWait wait) {
        HANDED_OUT.set(wait);
    }

    /** Takes an announcement back, in case another executor got the wait. */
    static void announceNone() {
        HANDED_OUT.remove();
    }

    @Override
    public void execute(Runnable command) {
        HandshakeWait wait = HANDED_OUT.get();
        if (wait == null) {
            threads.execute(command);
        } else {
            HANDED_OUT.remove();
            wait.atEnd(command);
        }
    }

    private static Executor create() {
        try {
            return virtualThreads();
        } catch (Throwable noVirtualThreads) {
            return pool();
        }
    }

    /** {@code Thread.ofVirtual().name("gatehouse-handshake-", 0).factory()}, where the JVM has it. */
    private static Executor virtualThreads() throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
        MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
        MethodHandle name =
                lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class));
        MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
        ThreadFactory threads =
                (ThreadFactory) factory.invoke(name.invoke(ofVirtual.invoke(), "gatehouse-handshake-", 0L));
        return task -> threads.newThread(task).start();
    }

    static Executor pool() {
        AtomicLong number = new AtomicLong();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                GatehouseUndertow.MAX_HANDSHAKE_THREADS,
                GatehouseUndertow.MAX_HANDSHAKE_THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(MAX_QUEUED),
                task -> {
                    Thread thread = new Thread(task, "gatehouse-handshake-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
