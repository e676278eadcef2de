package dev.gatehouse.testing.internal.dns;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults of one server that are still to happen. Thread safe. */
public final class DnsFaultPlan {
    private final List<Planned> planned = new ArrayList<>();

    /**
     * Plans a fault behind those that are planned already.
     *
     * @param queries the queries that it is meant for
     * @param times how many of them it meets
     * @param effect what happens
     */
    public synchronized void add(Predicate<DnsQuestion> queries, int times, DnsFaultEffect effect) {
        planned.add(new Planned(queries, times, effect));
    }

    synchronized Optional<DnsFaultEffect> take(DnsQuestion question) {
        for (Iterator<Planned> each = planned.iterator(); each.hasNext(); ) {
            Planned fault = each.next();
            if (fault.queries.test(question)) {
                if (fault.left < Integer.MAX_VALUE && --fault.left == 0) {
                    each.remove();
                }
                return Optional.of(fault.effect);
            }
        }
        return Optional.empty();
    }

    /** {@return how many faults have not yet met all the queries they are for} */
    public synchronized int size() {
        return planned.size();
    }

    /** Gives up all of them. */
    public synchronized void clear() {
        planned.clear();
    }

    private static final class Planned {
        private final Predicate<DnsQuestion> queries;
        private final DnsFaultEffect effect;
        private int left;

        private Planned(Predicate<DnsQuestion> queries, int times, DnsFaultEffect effect) {
            this.queries = queries;
            this.left = times;
            this.effect = effect;
        }
    }
}
