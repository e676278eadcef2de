package dev.gatehouse.acme.dns;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;

/** Runs work when a test moves the clock. */
final class ManualTimer implements IssuanceContext.Timer {

    private final ManualClock clock;
    private final Executor worker;
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(Instant due, Runnable work) {}

    ManualTimer(ManualClock clock, Executor worker) {
        this.clock = clock;
        this.worker = worker;
    }

    @Override
    public synchronized void schedule(Runnable work, Duration delay) {
        entries.add(new Entry(clock.instant().plus(delay), work));
    }

    /** Waits until something is scheduled, then moves the clock and starts what is due. */
    void advance(Duration duration) {
        await().until(() -> pending() > 0);
        advanceNow(duration);
    }

    /** The same, whether something is scheduled or not. */
    void advanceNow(Duration duration) {
        clock.advance(duration);
        takeDue().forEach(entry -> worker.execute(entry.work()));
    }

    synchronized int pending() {
        return entries.size();
    }

    private synchronized List<Entry> takeDue() {
        List<Entry> due = entries.stream()
                .filter(entry -> !entry.due().isAfter(clock.instant()))
                .sorted(Comparator.comparing(Entry::due))
                .toList();
        entries.removeAll(due);
        return due;
    }
}
