package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.preflight.PreflightFinding;
import dev.gatehouse.acme.internal.preflight.PreflightQuestion;
import dev.gatehouse.acme.internal.preflight.PreflightReport;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.acme.internal.work.OrderLanes.Lane;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of one name that is not in memory: storage, permission, limits, preflight, and then the order. Each step ends the
 * flight by a {@link Refusal} or hands on to the next. No step holds a thread while it waits.
 */
final class OnDemandFlight {

    private static final Duration STORAGE_PAUSE = Duration.ofSeconds(10);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final ServerName name;

    OnDemandFlight(FlightContext flight) {
        this.flight = flight;
        this.tools = flight.tools();
        this.name = flight.name();
    }

    /** Begins. The stage fails with a {@link Refusal}, or with something unexpected. */
    CompletionStage<Credential> takeOff() {
        return flight.onStorage(this::find)
                .thenCompose(found -> found.usable().isPresent()
                        ? CompletableFuture.completedFuture(found.usable().get())
                        : issue(found));
    }

    private CompletionStage<Credential> issue(Found found) {
        return permit(found)
                .thenCompose(permitted -> flight.onStorage(this::admit))
                .thenCompose(lane -> lookAhead().thenCompose(warnings -> order(found, lane, warnings)));
    }

    /**
     * What is known of a name when its flight begins.
     *
     * @param usable a credential that can be served now
     * @param expired one that cannot any more
     */
    private record Found(Optional<Credential> usable, Optional<Credential> expired) {}

    /** Another flight may have landed between the caller's look at memory and this one's start. */
    private Found find() {
        Optional<Credential> inMemory = tools.index().select(ClientHello.of(name));
        if (inMemory.filter(flight::isValid).isPresent()) {
            return new Found(inMemory, Optional.empty());
        }
        CertificateArchive.Entry entry = readArchive();
        entry.damage().ifPresent(damage -> flight.tell(new CertificateEvent.DamagedRecord(name, damage)));
        Optional<StoredCertificate> valid = entry.validAt(flight.now());
        if (valid.isPresent()) {
            serveBeforeAsking(valid.get());
            return new Found(valid.map(StoredCertificate::credential), Optional.empty());
        }
        Optional<Credential> expired =
                entry.certificate().map(StoredCertificate::credential).or(() -> inMemory);
        if (tools.refusals().last(name).isEmpty()) {
            expired.ifPresent(credential -> flight.tell(new CertificateEvent.Expired(name, credential.notAfter())));
        }
        return new Found(Optional.empty(), expired);
    }

    private CertificateArchive.Entry readArchive() {
        try {
            return tools.archive().load(name);
        } catch (IOException unreadable) {
            throw flight.fail(
                    Step.STORAGE,
                    FlightContext.sentence(unreadable) + " Mend the storage.",
                    flight.now().plus(STORAGE_PAUSE));
        }
    }

    /** The permission is refreshed behind it, and cannot take away any more what is valid. */
    private void serveBeforeAsking(StoredCertificate stored) {
        flight.serve(stored);
        CompletionStage<Void> unused = tools.permission()
                .decide(flight.request(), true)
                .thenAccept(decision ->
                        tellDecision(decision, Optional.of(stored.credential().notAfter())));
    }

    private CompletionStage<Void> permit(Found found) {
        return tools.permission()
                .decide(flight.request(), found.expired().isPresent())
                .thenAccept(decision -> {
                    Instant askedAgain = tellDecision(decision, Optional.empty());
                    if (!decision.isAllowed()) {
                        throw Refusal.decided(Step.PERMISSION, decision.reason(), askedAgain);
                    }
                });
    }

    private Instant tellDecision(PermissionDecision decision, Optional<Instant> servedUntil) {
        Instant askedAgain = flight.now().plus(rememberedFor(decision));
        flight.tell(
                decision.isAllowed()
                        ? new CertificateEvent.Permitted(name, decision.reason())
                        : new CertificateEvent.Denied(
                                name, decision.verdict(), decision.reason(), askedAgain, servedUntil));
        return askedAgain;
    }

    private Duration rememberedFor(PermissionDecision decision) {
        return decision.validFor().orElseGet(() -> switch (decision.verdict()) {
            case ALLOWED -> tools.policy().remembering().allowed();
            case DENIED -> tools.policy().remembering().denied();
            case UNKNOWN -> tools.policy().remembering().unknown();
        });
    }

    /** Attempts that nobody waits for take no place from those that somebody waits for. */
    private Lane admit() {
        Optional<BackOff.Failing> failing = tools.backOff().find(name);
        failing.filter(pause -> flight.now().isBefore(pause.nextTry())).ifPresent(pause -> {
            throw Refusal.failed(Step.ORDER, pause.lastError(), pause.nextTry());
        });
        tools.issuers().pausing(name).ifPresent(pause -> {
            throw flight.postponed(pause);
        });
        if (flight.hasVisitor()) {
            tools.limits().admit(flight.request()).ifPresent(limit -> {
                throw flight.limited(limit);
            });
        }
        return flight.hasVisitor() && failing.isEmpty() ? Lane.FRESH : Lane.FAILING;
    }

    /** Hands on what does not forbid an order but may explain its failure. */
    private CompletionStage<PreflightReport> lookAhead() {
        return tools.preflight()
                .filter(preflight -> tools.issuers().alwaysProvesControl())
                .map(preflight -> question()
                        .thenCompose(preflight::check)
                        .thenCompose(report -> flight.onStorage(() -> judge(report))))
                .orElseGet(() -> CompletableFuture.completedFuture(new PreflightReport(List.of())));
    }

    private CompletionStage<PreflightQuestion> question() {
        return tools.issuers()
                .terms()
                .thenApply(terms ->
                        new PreflightQuestion(name, terms.caaIdentities(), terms.account(), terms.challengeTypes()));
    }

    private PreflightReport judge(PreflightReport report) {
        if (!report.findings().isEmpty()) {
            List<String> sentences =
                    report.findings().stream().map(PreflightFinding::sentence).toList();
            flight.tell(new CertificateEvent.PreflightFindings(name, sentences, !report.isBlocking()));
        }
        if (report.isBlocking()) {
            BackOff.Failing failing = tools.backOff().failed(name, report.text(), Duration.ZERO);
            throw flight.fail(Step.PREFLIGHT, report.text(), failing.nextTry());
        }
        return report;
    }

    private CompletionStage<Credential> order(Found found, Lane lane, PreflightReport warnings) {
        return new LeasedOrder(flight, found.expired(), warnings).run(lane);
    }
}
