package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.AcmeResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The faults that are still to happen. Thread safe. */
public final class FaultPlan {
    private final List<Planned> planned = new ArrayList<>();

    /**
     * Plans a fault behind those that are planned already.
     *
     * @param fault what goes wrong
     * @param times how often
     */
    public synchronized void add(Fault fault, int times) {
        planned.add(new Planned(fault, times));
    }

    /** {@return what shall happen to a request for the resource; the fault has met one request more} */
    public Optional<FaultEffect> take(AcmeResource resource) {
        return take(fault -> fault instanceof Fault.OfRequest request && request.isMeantFor(resource))
                .map(met -> ((Fault.OfRequest) met.fault()).effect());
    }

    /**
     * Finds what goes wrong with an order. One fault of each kind can meet the same order.
     *
     * @param kind the kind of misconduct that is possible at this point
     * @param names the names of the order
     * @return the misconduct and how often it happened before; it has happened once more now
     */
    public <T extends Misconduct> Optional<Met<T>> take(Class<T> kind, Collection<String> names) {
        Set<String> ordered = Set.copyOf(names);
        return take(fault -> fault instanceof Fault.OfOrder order
                        && kind.isInstance(order.misconduct())
                        && order.isMeantFor(ordered))
                .map(met -> new Met<>(kind.cast(((Fault.OfOrder) met.fault()).misconduct()), met.earlier()));
    }

    /** {@return how many faults have not happened as often as they shall} */
    public synchronized int size() {
        return planned.size();
    }

    /** Gives up every fault that is still planned. */
    public synchronized void clear() {
        planned.clear();
    }

    private synchronized Optional<Taken> take(Predicate<Fault> wanted) {
        for (Iterator<Planned> faults = planned.iterator(); faults.hasNext(); ) {
            Planned candidate = faults.next();
            if (wanted.test(candidate.fault)) {
                int earlier = candidate.met++;
                if (candidate.met == candidate.times) {
                    faults.remove();
                }
                return Optional.of(new Taken(candidate.fault, earlier));
            }
        }
        return Optional.empty();
    }

    /**
     * Misconduct that happens now.
     *
     * @param misconduct what happens
     * @param earlier how often it happened before
     */
    public record Met<T extends Misconduct>(T misconduct, int earlier) {}

    private record Taken(Fault fault, int earlier) {}

    private static final class Planned {
        private final Fault fault;
        private final int times;
        private int met;

        private Planned(Fault fault, int times) {
            this.fault = fault;
            this.times = times;
        }
    }
}
