package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.work.Workers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Does all work on the test's thread, in the order in which it comes up. So a test is over with a thing when its call returns,
 * and runs the same each time. For one thread.
 */
final class DirectWorkers implements Workers, Executor {

    private final ManualTime time;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean isRunning;

    DirectWorkers(ManualTime time) {
        this.time = time;
    }

    /** What comes up while a task runs is done after it, so that the stack does not grow. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
                next.run();
            }
        } finally {
            isRunning = false;
        }
    }

    @Override
    public Executor questions() {
        return this;
    }

    @Override
    public Executor storage() {
        return this;
    }

    @Override
    public Executor orders() {
        return this;
    }

    @Override
    public Alarm after(Duration delay, Runnable call) {
        return time.after(delay, call);
    }

    @Override
    public void close() {
        tasks.clear();
    }
}
