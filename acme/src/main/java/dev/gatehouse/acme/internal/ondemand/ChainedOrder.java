package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.acme.internal.preflight.PreflightReport;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a certificate: at the first issuer whose guard lets it through, and at the next ones as long as that can
 * help. Where the last validation at an issuer has failed, the order is rehearsed at its partner before, so that a name that
 * is hopeless uses up no limits of the issuer.
 *
 * <p>Used for one attempt; its steps follow each other, on whatever threads.
 */
final class ChainedOrder {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final SubjectName name;
    private final Predecessor predecessor;
    private final PreflightReport warnings;
    private final List<GuardedIssuer> chain;
    private final ChainFailure failure;

    /** The issuer at which the next order is to be rehearsed before. */
    private Optional<String> rehearse = Optional.empty();

    ChainedOrder(FlightContext flight, Predecessor predecessor, PreflightReport warnings) {
        this.flight = flight;
        this.tools = flight.tools();
        this.name = flight.subject();
        this.predecessor = predecessor;
        this.warnings = warnings;
        this.chain = tools.issuers().inOrder();
        this.failure = new ChainFailure(tools.issuers().isSingle());
    }

    /**
     * A certificate, with who issued it.
     *
     * @param credential the certificate
     * @param issuer the identity of its issuer
     */
    record IssuedBy(Credential credential, String issuer) {}

    /** The stage fails with a {@link ChainFailure} that says what each issuer said. */
    CompletionStage<IssuedBy> place() {
        return flight.onStorage(() -> tools.backOff().find(name).flatMap(BackOff.Failing::rehearse))
                .thenCompose(remembered -> {
                    rehearse = remembered;
                    return tryAt(0);
                });
    }

    private CompletionStage<IssuedBy> tryAt(int index) {
        GuardedIssuer candidate = chain.get(index);
        return isReady(candidate)
                .thenCompose(ready -> ready ? orderAt(candidate) : CompletableFuture.completedFuture(Optional.empty()))
                .thenCompose(issued -> issued.isPresent()
                        ? CompletableFuture.completedFuture(new IssuedBy(issued.get(), candidate.identity()))
                        : goOnAfter(index));
    }

    private CompletionStage<IssuedBy> goOnAfter(int index) {
        if (index + 1 == chain.size() || failure.isFinal()) {
            return CompletableFuture.failedFuture(failure.rehearsing(rehearse));
        }
        flight.tell(new CertificateEvent.FellBack(
                name,
                chain.get(index).identity(),
                failure.lastReason(),
                chain.get(index + 1).identity()));
        return tryAt(index + 1);
    }

    /** Empty if it was not let through, or has failed. */
    private CompletionStage<Optional<Credential>> orderAt(GuardedIssuer candidate) {
        return admit(candidate).thenCompose(admission -> {
            if (admission.refusal().isPresent()) {
                failure.refused(candidate.identity(), admission.refusal().get());
                return CompletableFuture.completedFuture(Optional.empty());
            }
            flight.tell(predecessor.ordering(name, candidate.identity(), reason()));
            return run(candidate, admission, predecessor.requestFor(flight.plan()))
                    .thenApply(Optional::of)
                    .exceptionally(cause -> {
                        failed(candidate, expected(cause));
                        return Optional.empty();
                    });
        });
    }

    private void failed(GuardedIssuer candidate, IssuanceException cause) {
        boolean isRehearsable = candidate.rehearsal().isPresent();
        if (isRehearsable && cause.kind() == Kind.VALIDATION_FAILED) {
            rehearse = Optional.of(candidate.identity());
        } else if (rehearse.equals(Optional.of(candidate.identity()))) {
            rehearse = Optional.empty();
        }
        failure.failed(candidate.identity(), cause, waitAfter(cause));
    }

    /** Whether the order may be placed at an issuer: without a rehearsal, or after one that has passed. */
    private CompletionStage<Boolean> isReady(GuardedIssuer candidate) {
        Optional<GuardedIssuer> partner =
                candidate.rehearsal().filter(present -> rehearse.equals(Optional.of(candidate.identity())));
        return partner.isPresent() ? rehearse(candidate, partner.get()) : CompletableFuture.completedFuture(true);
    }

    private CompletionStage<Boolean> rehearse(GuardedIssuer candidate, GuardedIssuer partner) {
        return admit(partner).thenCompose(admission -> {
            if (admission.refusal().isPresent()) {
                log.info(
                        "{}: not rehearsed before the order, since {}",
                        name,
                        admission.refusal().get().reason());
                return CompletableFuture.completedFuture(true);
            }
            flight.tell(new CertificateEvent.Rehearsing(name, partner.identity()));
            return run(partner, admission, flight.plan().request()).handle((thrownAway, cause) -> {
                if (cause == null) {
                    flight.tell(new CertificateEvent.Rehearsed(name, partner.identity(), candidate.identity()));
                    return true;
                }
                return isInconclusive(partner, expected(cause));
            });
        });
    }

    /** A partner that is down says nothing about the name, and must not keep it from its certificate. */
    private boolean isInconclusive(GuardedIssuer partner, IssuanceException cause) {
        if (cause.kind() == Kind.VALIDATION_FAILED) {
            failure.failedInRehearsal(partner.identity(), cause, waitAfter(cause));
            return false;
        }
        log.warn(
                "{}: the rehearsal at {} says nothing about it, so the order is placed without one. {}",
                name,
                partner.identity(),
                FlightContext.sentence(cause));
        return true;
    }

    private CompletionStage<AuthorityGuard.Admission> admit(GuardedIssuer candidate) {
        return flight.onStorage(() -> candidate.guard().admit(flight.plan().names(), isExempt(candidate)));
    }

    /** A renewal at its own issuer, at the time which that has suggested, counts towards none of its limits. */
    private boolean isExempt(GuardedIssuer candidate) {
        return predecessor.isReplaceableBy(candidate.identity())
                && flight.errand().renewal().filter(Errand.Renewal::isAnnounced).isPresent();
    }

    private String reason() {
        return flight.errand().renewal().map(Errand.Renewal::reason).orElse("it has expired");
    }

    /** Fails with an IssuanceException, of which the guard has learned. */
    private CompletionStage<Credential> run(
            GuardedIssuer candidate, AuthorityGuard.Admission admission, IssuanceRequest request) {
        IssuerAttempt attempt = new IssuerAttempt(flight, candidate.issuer(), warnings);
        return attempt.run(request)
                .handle((issued, cause) -> flight.onStorage(() -> {
                    admission.costMore(attempt.cost());
                    if (cause == null) {
                        admission.issued();
                        return issued;
                    }
                    IssuanceException learned = expected(cause);
                    throw admission
                            .failed(learned)
                            .map(pause -> postponed(learned, pause))
                            .orElse(learned);
                }))
                .thenCompose(outcome -> outcome);
    }

    /** Anything else is a fault of this program, or a manager that was closed, and ends the attempt. */
    private static IssuanceException expected(Throwable failure) {
        if (FlightContext.causeOf(failure) instanceof IssuanceException cause) {
            return cause;
        }
        throw new CompletionException(FlightContext.causeOf(failure));
    }

    /** The pause that follows may be longer than what the authority has said. */
    private IssuanceException postponed(IssuanceException cause, LimitRefusal pause) {
        Duration wait = Duration.between(flight.now(), pause.freesAt());
        return cause.waiting(wait.isNegative() ? Duration.ZERO : wait);
    }

    private Instant waitAfter(IssuanceException cause) {
        return flight.now()
                .plus(cause.retryAfter().filter(wait -> !wait.isNegative()).orElse(Duration.ZERO));
    }
}
