package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.internal.budget.CaBudget;
import dev.gatehouse.acme.internal.budget.CaCircuit;
import dev.gatehouse.acme.internal.budget.CaPauses;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.tls.SubjectName;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Keeps orders from a certificate authority that would refuse them: while it has asked for a pause, while it does not work,
 * and while its limits are used up. Learns from the outcome of each order. Its methods may block on storage.
 */
final class AuthorityGuard {

    private final InstantSource clock;
    private final CaPauses pauses;
    private final CaCircuit circuit;
    private final CaBudget budget;

    AuthorityGuard(Issuer issuer, CertificateStorage storage, InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.pauses = new CaPauses(issuer.identity(), storage, clock);
        this.circuit = new CaCircuit(issuer.identity(), clock, random);
        this.budget = new CaBudget(issuer.limits(), issuer.identity(), storage, clock);
    }

    /** A pause that concerns one of the names, so that nothing further need be looked at. */
    Optional<LimitRefusal> pausing(Set<SubjectName> names) {
        return pauses.pausing(names);
    }

    /**
     * Lets an order through, or tells what is in the way; with whether it counts towards none of the authority's limits. Who
     * is let through tells the outcome.
     */
    Admission admit(Set<SubjectName> names, boolean isExempt) {
        Optional<LimitRefusal> open = pausing(names).or(circuit::admit);
        if (open.isPresent()) {
            return new Admission(names, isExempt, Optional.empty(), open);
        }
        CaBudget.Admission spent = budget.admit(names, isExempt);
        if (spent.refusal().isPresent()) {
            circuit.unused();
        }
        return new Admission(names, isExempt, Optional.of(spent), spent.refusal());
    }

    CaCircuit.Status circuit() {
        return circuit.status();
    }

    /** What is used of the authority's limits for a name, in words. */
    String forecast(SubjectName name) {
        return budget.forecast(name);
    }

    /** The way of one order through the guard. */
    final class Admission {

        private final Set<SubjectName> names;
        private final boolean isExempt;
        private final Optional<CaBudget.Admission> spent;
        private final Optional<LimitRefusal> refusal;

        private Admission(
                Set<SubjectName> names,
                boolean isExempt,
                Optional<CaBudget.Admission> spent,
                Optional<LimitRefusal> refusal) {
            this.names = names;
            this.isExempt = isExempt;
            this.spent = spent;
            this.refusal = refusal;
        }

        Optional<LimitRefusal> refusal() {
            return refusal;
        }

        /** Counts the orders that came before the last one, and what failed in them. Before the outcome is told. */
        void costMore(AttemptLog cost) {
            if (!isExempt) {
                budget.orderedAgain(cost.earlierOrders());
            }
            cost.failedEarlier().forEach(budget::validationFailed);
        }

        void issued() {
            circuit.answered();
        }

        /** Learns from a failure. The pause that follows from it, if any. */
        Optional<LimitRefusal> failed(IssuanceException failure) {
            spent.ifPresent(CaBudget.Admission::notIssued);
            String message = String.valueOf(failure.getMessage());
            switch (failure.kind()) {
                case AUTHORITY_FAILED -> {
                    circuit.failed(message);
                    return failure.retryAfter()
                            .map(wait ->
                                    pauses.unavailable(message, clock.instant().plus(wait)));
                }
                case RATE_LIMITED -> {
                    circuit.answered();
                    return Optional.of(pauses.rateLimited(
                            names,
                            message,
                            failure.retryAfter().map(wait -> clock.instant().plus(wait))));
                }
                case VALIDATION_FAILED -> {
                    circuit.answered();
                    failure.name().map(Set::of).orElse(names).forEach(budget::validationFailed);
                }
                case REFUSED -> circuit.answered();
            }
            return Optional.empty();
        }
    }
}
