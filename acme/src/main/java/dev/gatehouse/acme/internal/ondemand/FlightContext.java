package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** One flight as its steps see it: for whom it is, and what they all do. */
final class FlightContext {

    private final PipelineTools tools;
    private final PermissionRequest request;
    private final boolean hasVisitor;
    private final Instant started;

    FlightContext(PipelineTools tools, PermissionRequest request, boolean hasVisitor) {
        this.tools = tools;
        this.request = request;
        this.hasVisitor = hasVisitor;
        this.started = tools.context().clock().instant();
    }

    PipelineTools tools() {
        return tools;
    }

    PermissionRequest request() {
        return request;
    }

    ServerName name() {
        return request.name();
    }

    /** Whether a handshake waits, or at least did when the flight began. */
    boolean hasVisitor() {
        return hasVisitor;
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

    void tell(CertificateEvent event) {
        tools.context().events().accept(event);
    }

    /** Shows a certificate from storage to handshakes. */
    void serve(StoredCertificate stored) {
        tools.residents().put(name(), stored.credential(), stored.issuer());
        tell(new CertificateEvent.Loaded(name(), stored.credential()));
    }

    /** The end of a flight that tried something in vain. */
    Refusal fail(Step step, String reason, Instant nextTry) {
        tell(new CertificateEvent.Failed(name(), step, reason, nextTry));
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
        tell(new CertificateEvent.Limited(name(), refusal.limit(), refusal.reason(), refusal.freesAt()));
    }

    /** Runs a step that may block on storage. */
    <T> CompletionStage<T> onStorage(Callable<T> step) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return step.call();
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Exception failure) {
                        throw new CompletionException(failure);
                    }
                },
                tools.storageWorker());
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
