package dev.gatehouse.undertow;

import java.util.concurrent.CompletableFuture;

/**
 * The time in which a handshake waits for something, in the form of a delegated task: Undertow leaves the connection alone
 * until the task has run. A {@link HandshakeExecutor} runs it when the wait is over, so that it holds no thread; another
 * executor would run it at once and lend it a thread.
 *
 * <p>Safe for use by several threads.
 */
final class HandshakeWait implements Runnable {

    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private boolean askedBefore;

    /** {@return a wait for nothing: it makes Undertow call the engine again, on the stack of its own} */
    static HandshakeWait none() {
        HandshakeWait none = new HandshakeWait();
        none.end();
        return none;
    }

    void end() {
        over.complete(null);
    }

    /** Runs a command when the wait is over, on the thread that ends it. */
    void atEnd(Runnable command) {
        over.thenRun(command);
    }

    @Override
    public void run() {
        over.join();
    }

    /**
     * Notes that the listener of the connection has run, on the I/O thread. It always runs once at the beginning of a
     * wait. If it runs again, the client has sent something or has left, and the wait ends for having a look.
     */
    void noticeListener() {
        if (askedBefore) {
            end();
        }
        askedBefore = true;
    }
}
