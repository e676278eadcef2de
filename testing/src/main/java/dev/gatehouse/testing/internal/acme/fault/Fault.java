package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.AcmeResource;
import java.util.Set;

/** Something that goes wrong, and what it is meant for. */
public sealed interface Fault {

    /**
     * Something that happens to a request.
     *
     * @param resources the resources that it is meant for, none for all
     * @param effect what happens
     */
    record OfRequest(Set<AcmeResource> resources, FaultEffect effect) implements Fault {
        /** Makes the set immutable. */
        public OfRequest {
            resources = Set.copyOf(resources);
        }

        boolean isMeantFor(AcmeResource resource) {
            return resources.isEmpty() || resources.contains(resource);
        }
    }

    /**
     * Something that happens to an order, its validations, its certificate or its renewal.
     *
     * @param names the names that it is meant for, of which one has to be among those of the order; none for all
     * @param misconduct what happens
     */
    record OfOrder(Set<String> names, Misconduct misconduct) implements Fault {
        /** Makes the set immutable. */
        public OfOrder {
            names = Set.copyOf(names);
        }

        boolean isMeantFor(Set<String> ordered) {
            return names.isEmpty() || names.stream().anyMatch(ordered::contains);
        }
    }
}
