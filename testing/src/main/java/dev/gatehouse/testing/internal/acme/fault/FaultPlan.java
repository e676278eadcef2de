package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.AcmeResource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The faults that are still to happen. Thread safe. */
public final class FaultPlan {
    private final List<Planned> planned = new ArrayList<>();

    /**
     * Plans a fault behind those that are planned already.
     *
     * @param resources the resources that it is meant for, none for all
     * @param times how many requests it meets
     * @param effect what happens to them
     */
    public synchronized void add(Set<AcmeResource> resources, int times, FaultEffect effect) {
        planned.add(new Planned(Set.copyOf(resources), effect, times));
    }

    /** {@return what shall happen to a request for the resource; the fault has met one request more} */
    public synchronized Optional<FaultEffect> take(AcmeResource resource) {
        for (Iterator<Planned> faults = planned.iterator(); faults.hasNext(); ) {
            Planned fault = faults.next();
            if (fault.resources.isEmpty() || fault.resources.contains(resource)) {
                fault.remaining--;
                if (fault.remaining == 0) {
                    faults.remove();
                }
                return Optional.of(fault.effect);
            }
        }
        return Optional.empty();
    }

    /** {@return how many faults have not met all their requests} */
    public synchronized int size() {
        return planned.size();
    }

    /** Gives up every fault that is still planned. */
    public synchronized void clear() {
        planned.clear();
    }

    private static final class Planned {
        private final Set<AcmeResource> resources;
        private final FaultEffect effect;
        private int remaining;

        private Planned(Set<AcmeResource> resources, FaultEffect effect, int remaining) {
            this.resources = resources;
            this.effect = effect;
            this.remaining = remaining;
        }
    }
}
