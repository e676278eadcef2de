package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.internal.preflight.PreflightQuestion;
import dev.gatehouse.acme.internal.preflight.PreflightReport;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One order at one issuer: bounded in time, its result looked at, its failure explained. */
final class IssuerAttempt {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final Duration LONGEST_ORDER = Duration.ofMinutes(10);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final SubjectName name;
    private final Issuer issuer;
    private final PreflightReport warnings;
    private final AttemptLog cost = new AttemptLog();

    /** With what the look before the order has found. */
    IssuerAttempt(FlightContext flight, Issuer issuer, PreflightReport warnings) {
        this.flight = flight;
        this.tools = flight.tools();
        this.name = flight.subject();
        this.issuer = issuer;
        this.warnings = warnings;
    }

    /** The stage fails with nothing but an {@link IssuanceException}. */
    CompletionStage<Credential> run(IssuanceRequest request) {
        return issue(request)
                .thenApply(this::checked)
                .exceptionallyCompose(failure -> explain(failure).thenCompose(CompletableFuture::failedFuture));
    }

    /** What it has cost beyond the last order. */
    AttemptLog cost() {
        return cost;
    }

    private CompletionStage<Credential> issue(IssuanceRequest request) {
        try {
            return bounded(issuer.issue(request, tools.context().alsoTelling(cost::note)));
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
        if (!flight.plan().isSatisfiedBy(issued.coverage())) {
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

    /** After a challenge that failed, looks at everything that could be the cause. */
    private CompletionStage<IssuanceException> explain(Throwable failure) {
        IssuanceException cause = asIssuanceException(FlightContext.causeOf(failure));
        Optional<ServerName> failed = failedName(cause);
        if (cause.kind() != Kind.VALIDATION_FAILED || tools.preflight().isEmpty() || failed.isEmpty()) {
            return CompletableFuture.completedFuture(withFindings(cause, warnings));
        }
        return issuer.terms(tools.context())
                .thenCompose(terms -> tools.preflight()
                        .get()
                        .explain(new PreflightQuestion(
                                failed.get(), terms.caaIdentities(), terms.account(), terms.challengeTypes())))
                .handle((report, unexplained) -> withFindings(cause, unexplained == null ? report : warnings));
    }

    private Optional<ServerName> failedName(IssuanceException cause) {
        return cause.name().orElse(name) instanceof ServerName exact ? Optional.of(exact) : Optional.empty();
    }

    private IssuanceException asIssuanceException(Throwable failure) {
        if (failure instanceof IssuanceException expected) {
            return expected;
        }
        log.error("{}: the issuer {} failed in an unexpected way.", name, issuer.identity(), failure);
        return new IssuanceException("The issuer failed in an unexpected way (" + failure + ").", failure);
    }

    private static IssuanceException withFindings(IssuanceException cause, PreflightReport report) {
        return report.findings().isEmpty() ? cause : cause.saying(FlightContext.sentence(cause) + " " + report.text());
    }
}
