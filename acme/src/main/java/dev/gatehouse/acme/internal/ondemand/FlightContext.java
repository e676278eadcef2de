package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.acme.internal.work.Steps;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One flight as its steps see it: for whom it is, and what they all do. */
final class FlightContext {

    private final PipelineTools tools;
    private final CertificatePlan plan;
    private final Errand errand;
    private final Instant started;

    FlightContext(PipelineTools tools, CertificatePlan plan, Errand errand) {
        this.tools = tools;
        this.plan = plan;
        this.errand = errand;
        this.started = tools.context().clock().instant();
    }

    PipelineTools tools() {
        return tools;
    }

    CertificatePlan plan() {
        return plan;
    }

    Errand errand() {
        return errand;
    }

    /** The name under which its events go. */
    SubjectName subject() {
        return plan.subject();
    }

    /** Whether a handshake waits, or at least did when the flight began. */
    boolean hasVisitor() {
        return errand.visitor().isPresent();
    }

    /** The name that somebody asks for, or else the one that can be asked for. */
    Optional<ServerName> requestedName() {
        return errand.visitor()
                .map(PermissionRequest::name)
                .or(() -> subject() instanceof ServerName exact ? Optional.of(exact) : Optional.empty());
    }

    /** Whom to ask for, of a name that is not managed. */
    PermissionRequest permissionRequest() {
        return errand.visitor()
                .orElseGet(() -> new PermissionRequest(requestedName().orElseThrow(), Optional.empty()));
    }

    Instant now() {
        return tools.context().clock().instant();
    }

    Duration elapsed() {
        return Duration.between(started, now());
    }

    boolean isValid(Credential credential) {
        return credential.isValidAt(now());
    }

    /** Whether a certificate makes the flight needless: valid, with all names, and newer than the one to be replaced. */
    boolean isWanted(Credential credential) {
        return isValid(credential)
                && plan.isSatisfiedBy(credential.coverage())
                && errand.renewal()
                        .map(renewal -> isLater(credential, renewal.previous()))
                        .orElse(true);
    }

    private static boolean isLater(Credential credential, Credential previous) {
        return !credential.notBefore().isBefore(previous.notBefore())
                && !credential.serialNumber().equals(previous.serialNumber());
    }

    void tell(CertificateEvent event) {
        tools.context().events().accept(event);
    }

    /** Shows a certificate from storage to handshakes. */
    void serve(StoredCertificate stored) {
        publish(stored.credential(), stored.issuer());
        tell(new CertificateEvent.Loaded(subject(), stored.credential()));
    }

    /** Serves a certificate from now on. One that is renewed comes into memory only if the earlier one is there. */
    void publish(Credential credential, String issuer) {
        boolean isRenewal = errand.renewal().isPresent();
        if (!isRenewal || plan.isManaged() || tools.residents().find(plan.id()).isPresent()) {
            boolean isAskedFor = hasVisitor() || !plan.isManaged() && !isRenewal;
            tools.residents().put(plan.id(), credential, issuer, isAskedFor);
        }
        tools.published().accept(plan, credential);
    }

    /** The end of a flight that tried something in vain. */
    Refusal fail(Step step, String reason, Instant nextTry) {
        tell(new CertificateEvent.Failed(subject(), step, reason, nextTry));
        return Refusal.failed(step, reason, nextTry);
    }

    /** The end of a flight that a limit of ours forbids. */
    Refusal limited(LimitRefusal refusal) {
        tellOf(refusal);
        return Refusal.decided(Step.LIMITS, refusal.reason(), refusal.freesAt());
    }

    /** The end of a flight to an authority that may not be asked now. */
    Refusal postponed(LimitRefusal refusal) {
        tellOf(refusal);
        return Refusal.postponed(refusal.reason(), refusal.freesAt());
    }

    private void tellOf(LimitRefusal refusal) {
        tell(new CertificateEvent.Limited(subject(), refusal.limit(), refusal.reason(), refusal.freesAt()));
    }

    /** Runs a step that may block on storage. */
    <T> CompletionStage<T> onStorage(Callable<T> step) {
        return Steps.on(tools.storageWorker(), step);
    }

    /** What a failure says, as a sentence. */
    static String sentence(Throwable failure) {
        String text = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
        return text.endsWith(".") ? text : text + ".";
    }

    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
