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

    /** A pause that concerns a name, so that nothing further need be looked at. */
    Optional<LimitRefusal> pausing(SubjectName name) {
        return pauses.pausing(Set.of(name));
    }

    /**
     * Lets an order through, or tells what is in the way. Who is let through tells the outcome. An order that replaces a
     * certificate of this authority is exempt from most limits.
     */
    Admission admit(SubjectName name, boolean replacesCertificate) {
        Optional<LimitRefusal> open = pausing(name).or(circuit::admit);
        if (open.isPresent()) {
            return new Admission(name, Optional.empty(), open);
        }
        CaBudget.Admission spent = budget.admit(Set.of(name), replacesCertificate);
        if (spent.refusal().isPresent()) {
            circuit.unused();
        }
        return new Admission(name, Optional.of(spent), spent.refusal());
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

        private final SubjectName name;
        private final Optional<CaBudget.Admission> spent;
        private final Optional<LimitRefusal> refusal;

        private Admission(SubjectName name, Optional<CaBudget.Admission> spent, Optional<LimitRefusal> refusal) {
            this.name = name;
            this.spent = spent;
            this.refusal = refusal;
        }

        Optional<LimitRefusal> refusal() {
            return refusal;
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
                            Set.of(name),
                            message,
                            failure.retryAfter().map(wait -> clock.instant().plus(wait))));
                }
                case VALIDATION_FAILED -> {
                    circuit.answered();
                    budget.validationFailed(name);
                }
                case REFUSED -> circuit.answered();
            }
            return Optional.empty();
        }
    }
}
