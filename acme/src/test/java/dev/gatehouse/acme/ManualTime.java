package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.work.Alarms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until a test moves it, and alarms that ring when it comes to them, on the test's thread. */
public final class ManualTime implements InstantSource, Alarms {

    private final AtomicLong sequence = new AtomicLong();
    private final PriorityQueue<Entry> alarms =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparing(Entry::number));
    private Instant now = Instant.parse("2026-06-01T12:00:00Z");

    private record Entry(Instant at, long number, Runnable call) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Alarm after(Duration delay, Runnable call) {
        Entry entry = new Entry(now.plus(delay.isNegative() ? Duration.ZERO : delay), sequence.incrementAndGet(), call);
        alarms.add(entry);
        return () -> cancel(entry);
    }

    private synchronized void cancel(Entry entry) {
        alarms.remove(entry);
    }

    /** Moves on to each alarm on the way, and rings it, and then to the end. */
    public void advance(Duration duration) {
        Instant end = instant().plus(duration);
        for (Runnable call = next(end); call != null; call = next(end)) {
            call.run();
        }
    }

    private synchronized Runnable next(Instant end) {
        Entry first = alarms.peek();
        if (first == null || first.at.isAfter(end)) {
            now = end;
            return null;
        }
        alarms.remove();
        now = first.at.isAfter(now) ? first.at : now;
        return first.call;
    }

    /** How many alarms are set. */
    public synchronized int alarms() {
        return alarms.size();
    }

    /** When the next alarm rings. */
    public synchronized Duration untilNextAlarm() {
        Entry first = alarms.peek();
        return first == null ? Duration.ofDays(9999) : Duration.between(now, first.at);
    }
}
