package dev.gatehouse.undertow;

import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * An engine that can be asked for the application protocol while one of its tasks waits for a certificate.
 *
 * <p>The JDK's engine runs a delegated task under its lock, and takes the same lock to tell the application protocol.
 * Undertow asks for it on the I/O thread right after it has handed the task to an executor; without this, that thread
 * would stand still for as long as the task waits, and with it every other connection of the thread.
 */
final class WaitingEngine extends DelegatingEngine {

    private final SSLEngine engine;
    private final AtomicInteger tasksUnderWay = new AtomicInteger();

    WaitingEngine(SSLEngine engine) {
        super(engine.getPeerHost(), engine.getPeerPort());
        this.engine = engine;
    }

    @Override
    SSLEngine engine() {
        return engine;
    }

    /** Counted from the moment it is handed out, and so before another thread can take the lock. */
    @Override
    public @Nullable Runnable getDelegatedTask() {
        Runnable task = engine.getDelegatedTask();
        if (task == null) {
            return null;
        }
        tasksUnderWay.incrementAndGet();
        return () -> {
            try {
                task.run();
            } finally {
                tasksUnderWay.decrementAndGet();
            }
        };
    }

    /** Null, for "not known yet", while a task is under way. */
    @Override
    public @Nullable String getApplicationProtocol() {
        return tasksUnderWay.get() > 0 ? null : engine.getApplicationProtocol();
    }

    @Override
    public @Nullable String getHandshakeApplicationProtocol() {
        return tasksUnderWay.get() > 0 ? null : engine.getHandshakeApplicationProtocol();
    }
}
