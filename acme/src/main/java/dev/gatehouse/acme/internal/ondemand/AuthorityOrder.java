package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.LeaseLostException;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.acme.internal.preflight.PreflightQuestion;
import dev.gatehouse.acme.internal.preflight.PreflightReport;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The order itself, the lease in hand: through the authority's guard, to the issuer, into storage, into memory. */
final class AuthorityOrder {

    private static final Logger log = LoggerFactory.getLogger(OnDemandPipeline.class);

    private static final Duration LONGEST_ORDER = Duration.ofMinutes(10);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final ServerName name;
    private final Optional<Credential> previous;
    private final PreflightReport warnings;
    private final HeldLease lease;
    private final long version;

    AuthorityOrder(
            FlightContext flight,
            Optional<Credential> previous,
            PreflightReport warnings,
            HeldLease lease,
            long version) {
        this.flight = flight;
        this.tools = flight.tools();
        this.name = flight.name();
        this.previous = previous;
        this.warnings = warnings;
        this.lease = lease;
        this.version = version;
    }

    CompletionStage<Credential> place() {
        return flight.onStorage(() -> tools.authority().admit(name)).thenCompose(admission -> {
            admission.refusal().ifPresent(limit -> {
                throw flight.postponed(limit);
            });
            return issue().handle((issued, failure) -> failure == null
                            ? flight.onStorage(() -> publish(issued, admission))
                            : explain(failure)
                                    .thenCompose(explained ->
                                            flight.<Credential>onStorage(() -> fail(explained, admission))))
                    .thenCompose(outcome -> outcome);
        });
    }

    private CompletionStage<Credential> issue() {
        String issuer = tools.issuer().identity();
        flight.tell(
                previous.isPresent()
                        ? new CertificateEvent.Renewing(
                                name, issuer, previous.get().notAfter(), "it has expired")
                        : new CertificateEvent.Ordering(name, issuer));
        try {
            return bounded(tools.issuer().issue(IssuanceRequest.of(name), tools.context()))
                    .thenApply(this::checked);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** An issuer that never answers must not keep lane and lease for ever. */
    private CompletionStage<Credential> bounded(CompletionStage<Credential> issuing) {
        CompletableFuture<Credential> bounded = new CompletableFuture<>();
        var alarm = tools.alarms()
                .after(
                        LONGEST_ORDER,
                        () -> bounded.completeExceptionally(new IssuanceException(
                                Kind.AUTHORITY_FAILED,
                                "No result within " + LONGEST_ORDER.toMinutes() + " min. It will be tried again.",
                                null,
                                null)));
        issuing.whenComplete((issued, failure) -> {
            alarm.cancel();
            if (failure == null) {
                bounded.complete(issued);
            } else {
                bounded.completeExceptionally(FlightContext.causeOf(failure));
            }
        });
        return bounded;
    }

    /** What an authority sends is not always what was ordered. */
    private Credential checked(Credential issued) {
        if (!issued.coverage().covers(name)) {
            throw new IssuanceException(
                    Kind.AUTHORITY_FAILED,
                    "The certificate that came is for " + issued.coverage() + ". Tell the certificate authority.",
                    null,
                    null);
        }
        if (!flight.isValid(issued)) {
            throw new IssuanceException(
                    Kind.AUTHORITY_FAILED,
                    "The certificate that came is valid from " + issued.notBefore() + " to " + issued.notAfter()
                            + ". Check the clock of this machine.",
                    null,
                    null);
        }
        return issued;
    }

    private Credential publish(Credential issued, AuthorityGuard.Admission admission) {
        admission.issued();
        Credential served = store(issued);
        if (served == issued) {
            String issuer = tools.issuer().identity();
            tools.residents().put(name, issued, issuer);
            flight.tell(
                    previous.isPresent()
                            ? new CertificateEvent.Renewed(name, issuer, issued, flight.elapsed())
                            : new CertificateEvent.Issued(name, issuer, issued, flight.elapsed()));
        }
        tools.backOff().succeeded(name);
        return served;
    }

    /** A certificate that cannot be stored is served all the same: the visitor is here, and the order has been spent. */
    private Credential store(Credential issued) {
        try {
            tools.archive().store(name, issued, version, WriteTerms.none().fencedBy(lease.current()));
            return issued;
        } catch (LeaseLostException | StaleRecordException overtaken) {
            return compareWithStored(issued, overtaken);
        } catch (IOException | RuntimeException unwritable) {
            return keepInMemory(issued, unwritable);
        }
    }

    /** Whoever has lost the lease writes nothing. The other node's certificate is as good as this one. */
    private Credential compareWithStored(Credential issued, IOException overtaken) {
        try {
            Optional<StoredCertificate> stored = tools.archive().load(name).validAt(flight.now());
            if (stored.isPresent()) {
                log.warn(
                        "{}: another node has ordered it meanwhile; its certificate is kept and the one issued here is"
                                + " not. {}",
                        name,
                        overtaken.getMessage());
                flight.serve(stored.get());
                return stored.get().credential();
            }
            return keepInMemory(issued, overtaken);
        } catch (IOException unreadable) {
            return keepInMemory(issued, unreadable);
        }
    }

    private Credential keepInMemory(Credential issued, Exception why) {
        flight.fail(
                Step.STORE,
                "It was issued and is served, but kept in memory only: " + FlightContext.sentence(why),
                flight.now().plus(UnsavedCertificates.PAUSE));
        tools.unsaved().add(name, issued);
        return issued;
    }

    /** After a challenge that failed, looks at everything that could be the cause. */
    private CompletionStage<IssuanceException> explain(Throwable failure) {
        IssuanceException cause = asIssuanceException(FlightContext.causeOf(failure));
        if (cause.kind() != Kind.VALIDATION_FAILED || tools.preflight().isEmpty()) {
            return CompletableFuture.completedFuture(withFindings(cause, warnings));
        }
        return tools.issuer()
                .terms(tools.context())
                .thenCompose(terms -> tools.preflight()
                        .get()
                        .explain(new PreflightQuestion(
                                name, terms.caaIdentities(), terms.account(), terms.challengeTypes())))
                .handle((report, unexplained) -> withFindings(cause, unexplained == null ? report : warnings));
    }

    private IssuanceException asIssuanceException(Throwable failure) {
        if (failure instanceof IssuanceException expected) {
            return expected;
        }
        log.error(
                "{}: the issuer {} failed in an unexpected way.",
                name,
                tools.issuer().identity(),
                failure);
        return new IssuanceException("The issuer failed in an unexpected way (" + failure + ").", failure);
    }

    private static IssuanceException withFindings(IssuanceException cause, PreflightReport report) {
        return report.findings().isEmpty()
                ? cause
                : new IssuanceException(
                        cause.kind(),
                        FlightContext.sentence(cause) + " " + report.text(),
                        cause,
                        cause.retryAfter().orElse(null));
    }

    private Credential fail(IssuanceException cause, AuthorityGuard.Admission admission) {
        Optional<Instant> pause = admission.failed(cause).map(LimitRefusal::freesAt);
        Duration atLeast = pause.map(until -> Duration.between(flight.now(), until))
                .or(cause::retryAfter)
                .filter(wait -> !wait.isNegative())
                .orElse(Duration.ZERO);
        String reason = FlightContext.sentence(cause);
        BackOff.Failing failing = tools.backOff().failed(name, reason, atLeast);
        throw flight.fail(Step.ORDER, reason, failing.nextTry());
    }
}
