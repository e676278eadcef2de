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
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way of one certificate that is not in memory, or is to be replaced: storage, permission, limits, preflight, and then the order. Each step ends the
 * flight by a {@link Refusal} or hands on to the next. No step holds a thread while it waits.
 */
final class CertificateFlight {

    private static final Duration STORAGE_PAUSE = Duration.ofSeconds(10);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final SubjectName name;

    CertificateFlight(FlightContext flight) {
        this.flight = flight;
        this.tools = flight.tools();
        this.name = flight.subject();
    }

    /** Begins. The stage fails with a {@link Refusal}, or with something unexpected. */
    CompletionStage<Credential> takeOff() {
        Optional<Errand.Renewal> renewal = flight.errand().renewal();
        if (renewal.isPresent()) {
            return issue(new Found(Optional.empty(), renewal.map(Errand.Renewal::previous)));
        }
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
     * @param previous one that is to be replaced: it has expired, or it lacks a name
     */
    private record Found(Optional<Credential> usable, Optional<Credential> previous) {}

    /** Another flight may have landed between the caller's look at memory and this one's start. */
    private Found find() {
        Optional<Credential> inMemory = inMemory();
        if (inMemory.filter(this::isUsable).isPresent()) {
            return new Found(inMemory, Optional.empty());
        }
        CertificateArchive.Entry entry = readArchive();
        entry.damage().ifPresent(damage -> flight.tell(new CertificateEvent.DamagedRecord(name, damage)));
        Optional<StoredCertificate> valid = entry.validAt(flight.now());
        if (valid.isPresent()) {
            serveBeforeAsking(valid.get());
            Optional<Credential> served = valid.map(StoredCertificate::credential);
            return served.filter(this::isUsable).isPresent()
                    ? new Found(served, Optional.empty())
                    : new Found(Optional.empty(), served);
        }
        Optional<Credential> expired =
                entry.certificate().map(StoredCertificate::credential).or(() -> inMemory);
        if (tools.refusals().last(name).isEmpty()) {
            expired.filter(credential -> flight.now().isAfter(credential.notAfter()))
                    .ifPresent(credential -> flight.tell(new CertificateEvent.Expired(name, credential.notAfter())));
        }
        return new Found(Optional.empty(), expired);
    }

    /** For a visitor whatever covers the name, wherever it is from; else the certificate itself. */
    private Optional<Credential> inMemory() {
        return flight.plan().isManaged() && !flight.hasVisitor()
                ? tools.residents().find(flight.plan().id()).map(Residents.Resident::credential)
                : flight.requestedName().flatMap(requested -> tools.index().select(ClientHello.of(requested)));
    }

    private boolean isUsable(Credential credential) {
        return flight.hasVisitor()
                        && flight.requestedName()
                                .filter(credential.coverage()::covers)
                                .isPresent()
                ? flight.isValid(credential)
                : flight.isWanted(credential);
    }

    private CertificateArchive.Entry readArchive() {
        try {
            return tools.archive().load(flight.plan());
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
        if (flight.plan().isManaged()) {
            return;
        }
        CompletionStage<Void> unused = tools.permission()
                .decide(flight.permissionRequest(), true)
                .thenAccept(decision ->
                        tellDecision(decision, Optional.of(stored.credential().notAfter())));
    }

    /** Nobody is asked for managed names; of a renewal the permission was asked before it took off. */
    private CompletionStage<Void> permit(Found found) {
        if (flight.plan().isManaged() || flight.errand().renewal().isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        return tools.permission()
                .decide(flight.permissionRequest(), found.previous().isPresent())
                .thenAccept(decision -> {
                    Instant askedAgain = tellDecision(decision, Optional.empty());
                    if (decision.verdict() == PermissionDecision.Verdict.DENIED) {
                        dropExpired();
                    }
                    if (!decision.isAllowed()) {
                        throw Refusal.decided(Step.PERMISSION, decision.reason(), askedAgain);
                    }
                });
    }

    /** What has expired is shown for want of another, but not against a denial. */
    private void dropExpired() {
        CertificateId id = flight.plan().id();
        tools.residents()
                .find(id)
                .map(Residents.Resident::credential)
                .filter(credential -> flight.now().isAfter(credential.notAfter()))
                .ifPresent(expired -> {
                    tools.residents().remove(id);
                    flight.tell(new CertificateEvent.Dropped(
                            name, expired.notAfter(), "the permission does not allow it any more"));
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
        failing.filter(pause ->
                        pause.isPausedAt(flight.now()) && !flight.errand().isPressing())
                .ifPresent(pause -> {
                    throw Refusal.failed(Step.ORDER, pause.lastError(), pause.nextTry());
                });
        tools.issuers().pausing(flight.plan().names()).ifPresent(pause -> {
            throw flight.postponed(pause);
        });
        if (flight.hasVisitor() && !flight.plan().isManaged()) {
            tools.limits().admit(flight.permissionRequest()).ifPresent(limit -> {
                throw flight.limited(limit);
            });
        }
        if (failing.isPresent()) {
            return Lane.FAILING;
        }
        return flight.hasVisitor() ? Lane.FRESH : Lane.BACKGROUND;
    }

    /** Hands on what does not forbid an order but may explain its failure. */
    private CompletionStage<PreflightReport> lookAhead() {
        Optional<ServerName> onlyName = flight.plan().onlyName();
        if (tools.preflight().isEmpty()
                || onlyName.isEmpty()
                || !tools.issuers().alwaysProvesControl()) {
            return CompletableFuture.completedFuture(new PreflightReport(List.of()));
        }
        return question(onlyName.get())
                .thenCompose(tools.preflight().get()::check)
                .thenCompose(report -> flight.onStorage(() -> judge(report)));
    }

    private CompletionStage<PreflightQuestion> question(ServerName onlyName) {
        return tools.issuers()
                .terms()
                .thenApply(terms -> new PreflightQuestion(
                        onlyName, terms.caaIdentities(), terms.account(), terms.challengeTypes()));
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
        return new LeasedOrder(flight, found.previous(), warnings).run(lane);
    }
}
