package dev.gatehouse.testing.internal.dns;

import dev.gatehouse.testing.DnsQuery;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The last queries. Thread safe. */
public final class QueryLog {
    /** How many it remembers. */
    public static final int LONGEST = 10_000;

    private final Deque<DnsQuery> queries = new ArrayDeque<>();

    synchronized void add(DnsQuery query) {
        if (queries.size() == LONGEST) {
            queries.removeFirst();
        }
        queries.addLast(query);
        notifyAll();
    }

    /** {@return the queries, oldest first} */
    public synchronized List<DnsQuery> all() {
        return List.copyOf(queries);
    }

    /** Forgets all. */
    public synchronized void clear() {
        queries.clear();
    }

    /**
     * Waits for queries.
     *
     * @param wanted which of them count
     * @param count how many of them
     * @param nanos how long at most
     * @return the last of so many, or empty when time is over
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized Optional<DnsQuery> await(Predicate<DnsQuery> wanted, int count, long nanos)
            throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (true) {
            Optional<DnsQuery> found =
                    queries.stream().filter(wanted).skip(count - 1L).findFirst();
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (found.isPresent() || left <= 0) {
                return found;
            }
            wait(left);
        }
    }
}
