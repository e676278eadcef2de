package dev.gatehouse.routing.internal.tls;

import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * What one engine has others compute. It must be left alone meanwhile, also by questions, which would wait. Belongs to the
 * thread of the loop.
 */
final class EngineTasks {

    private final SSLEngine engine;
    private final TlsTasks threads;
    private final LaterOnLoop later;
    private boolean running;

    EngineTasks(SSLEngine engine, TlsTasks threads, LaterOnLoop later) {
        this.engine = engine;
        this.threads = threads;
        this.later = later;
    }

    boolean areRunning() {
        return running;
    }

    /** Begins; what is to be done afterwards is done on the thread of the loop. */
    void begin(Runnable afterwards) throws SSLException {
        running = true;
        try {
            threads.execute(() -> {
                try {
                    runAll();
                } finally {
                    later.run(() -> {
                        running = false;
                        afterwards.run();
                    });
                }
            });
        } catch (RejectedExecutionException full) {
            running = false;
            throw new SSLException("more than " + TlsTasks.MAX_WAITING + " handshakes wait for a thread", full);
        }
    }

    private void runAll() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
