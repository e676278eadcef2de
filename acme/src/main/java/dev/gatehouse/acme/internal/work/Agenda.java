package dev.gatehouse.acme.internal.work;

import dev.gatehouse.acme.internal.work.Alarms.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for which name, or certificate, at what time: one entry for each name, in the order of time, and one alarm for the first
 * of them. To enter, move and strike out costs the logarithm of the number of names; nothing is ever scanned, and a name that
 * waits holds neither a thread nor anything else.
 *
 * <p>At most a fixed number of names are at work at once; the others that are due wait their turn. So ever so many names
 * that fail for ever take a bounded share.
 *
 * <p>Safe for use by several threads. Its lock is never held while work is started.
 */
public final class Agenda<K extends Comparable<? super K>> {

    /** The system's clock may be a little behind the timer; an alarm that comes early is set again. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** A clock that is set forward must not be noticed late. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Alarms alarms;
    private final Consumer<K> work;
    private final int maxNames;
    private final int maxAtWork;

    private final TreeSet<Entry<K>> inOrder =
            new TreeSet<>(Comparator.comparing((Entry<K> entry) -> entry.at).thenComparing(entry -> entry.name));
    private final Map<K, Entry<K>> byName = new HashMap<>();
    private int atWork;
    private @Nullable Alarm alarm;
    private @Nullable Instant alarmAt;
    private boolean closed;

    /**
     * What is to be done for a name.
     *
     * @param at when
     * @param name for which name
     */
    private record Entry<K>(Instant at, K name) {}

    /**
     * Makes an empty agenda.
     *
     * @param maxNames how many names are kept; of more, those whose time is the farthest away are left out
     * @param maxAtWork how many names are at work at once
     * @param work starts the work for a name that is due, without blocking; {@link #done} says when it is over
     */
    public Agenda(InstantSource clock, Alarms alarms, int maxNames, int maxAtWork, Consumer<K> work) {
        this.clock = clock;
        this.alarms = alarms;
        this.maxNames = maxNames;
        this.maxAtWork = maxAtWork;
        this.work = work;
    }

    /**
     * Enters a name, or moves it.
     *
     * @return the name that was left out for it because the agenda is full, perhaps the same
     */
    public Optional<K> put(K name, Instant at) {
        Optional<K> leftOut = Optional.empty();
        synchronized (this) {
            removeEntry(name);
            Entry<K> entry = new Entry<>(at, name);
            byName.put(name, entry);
            inOrder.add(entry);
            if (byName.size() > maxNames) {
                Entry<K> farthest = inOrder.last();
                removeEntry(farthest.name);
                leftOut = Optional.of(farthest.name);
            }
        }
        work();
        return leftOut;
    }

    /** Strikes a name out. */
    public synchronized void remove(K name) {
        removeEntry(name);
    }

    /** When a name is due, if it is on the agenda. */
    public synchronized Optional<Instant> timeOf(K name) {
        return Optional.ofNullable(byName.get(name)).map(entry -> entry.at);
    }

    /** How many names wait. */
    public synchronized int size() {
        return byName.size();
    }

    /** The work for a name is over; exactly once for each name that was given to it. */
    public void done() {
        synchronized (this) {
            atWork--;
        }
        work();
    }

    /** Starts nothing any more. */
    public synchronized void close() {
        closed = true;
        inOrder.clear();
        byName.clear();
        if (alarm != null) {
            alarm.cancel();
        }
    }

    private void work() {
        List<K> due = takeDue();
        due.forEach(work);
    }

    private synchronized List<K> takeDue() {
        List<K> due = new ArrayList<>();
        Instant now = clock.instant();
        while (!closed
                && atWork < maxAtWork
                && !inOrder.isEmpty()
                && !inOrder.first().at.isAfter(now)) {
            K name = inOrder.first().name;
            removeEntry(name);
            atWork++;
            due.add(name);
        }
        setAlarm(now);
        return due;
    }

    /** With all places taken, {@link #done} goes on. */
    private void setAlarm(Instant now) {
        if (closed || inOrder.isEmpty() || atWork >= maxAtWork) {
            return;
        }
        Instant next = inOrder.first().at;
        if (alarm != null && next.equals(alarmAt)) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
        }
        Duration delay = Duration.between(now, next);
        Duration shortened = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        alarmAt = next;
        alarm = alarms.after(shortened.compareTo(SHORTEST) < 0 ? SHORTEST : shortened, this::ring);
    }

    private void ring() {
        synchronized (this) {
            alarm = null;
            alarmAt = null;
        }
        work();
    }

    private void removeEntry(K name) {
        Entry<K> entry = byName.remove(name);
        if (entry != null) {
            inOrder.remove(entry);
        }
    }
}
