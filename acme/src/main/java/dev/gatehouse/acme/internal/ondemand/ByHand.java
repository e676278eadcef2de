package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.RevocationReason;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.acme.internal.work.Steps;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What people ask for: to renew a certificate now, and to revoke one. */
final class ByHand {

    private final PipelineTools tools;
    private final Prospects prospects;
    private final Function<SubjectName, List<CertificatePlan>> plans;
    private final Renewals.Takeoff takeoff;

    /** With what finds the plans that a name belongs to, and what begins a flight. */
    ByHand(
            PipelineTools tools,
            Prospects prospects,
            Function<SubjectName, List<CertificatePlan>> plans,
            Renewals.Takeoff takeoff) {
        this.tools = tools;
        this.prospects = prospects;
        this.plans = plans;
        this.takeoff = takeoff;
    }

    CompletionStage<Void> renew(SubjectName name) {
        return forEachPlan(name, plan -> load(plan).thenCompose(entry -> renew(plan, entry)));
    }

    CompletionStage<Void> revoke(SubjectName name, RevocationReason reason) {
        return forEachPlan(name, plan -> load(plan).thenCompose(entry -> revoke(plan, entry, reason)));
    }

    private CompletionStage<Void> forEachPlan(SubjectName name, Function<CertificatePlan, CompletionStage<?>> work) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (CertificatePlan plan : plans.apply(name)) {
            all = all.thenCompose(before -> work.apply(plan).thenApply(done -> null));
        }
        return all;
    }

    private CompletionStage<CertificateArchive.Entry> load(CertificatePlan plan) {
        return Steps.on(tools.storageWorker(), () -> tools.archive().load(plan));
    }

    private CompletionStage<?> renew(CertificatePlan plan, CertificateArchive.Entry entry) {
        if (entry.certificate().isEmpty() && !plan.isManaged()) {
            throw new IllegalArgumentException(
                    plan + ": it has no certificate, and it is not managed. Manage it, or let a visitor ask for it.");
        }
        Errand errand = entry.certificate()
                .map(stored ->
                        Errand.renewal(new Errand.Renewal(stored.credential(), "it was asked for by hand", false)))
                .orElseGet(Errand::background);
        return takeoff.fly(plan, errand.pressing());
    }

    private CompletionStage<?> revoke(CertificatePlan plan, CertificateArchive.Entry entry, RevocationReason reason) {
        StoredCertificate stored = entry.certificate()
                .orElseThrow(() -> new IllegalArgumentException(
                        plan + ": storage has no certificate for it, so there is none to revoke."));
        Credential revoked = stored.credential();
        Issuer issuer = tools.issuers()
                .issuerOf(stored.issuer())
                .orElseThrow(() -> new IllegalArgumentException(plan + ": its certificate is from " + stored.issuer()
                        + ", which is not among the issuers. Revoke it there."));
        boolean isInUse = plan.isManaged() || tools.residents().find(plan.id()).isPresent();
        CompletionStage<?> renewed = isInUse ? renew(plan, entry) : CompletableFuture.completedFuture(null);
        return renewed.thenCompose(ready -> issuer.revoke(revoked, reason, tools.context()))
                .thenRunAsync(() -> forget(plan, entry.version(), isInUse), tools.storageWorker())
                .thenRun(() -> tools.context()
                        .events()
                        .accept(new CertificateEvent.Revoked(plan.subject(), revoked.notAfter(), reason, isInUse)));
    }

    private void forget(CertificatePlan plan, long version, boolean isReplaced) {
        if (isReplaced) {
            return;
        }
        tools.residents().remove(plan.id());
        prospects.remove(plan.id());
        RecordKey key = CertificateArchive.keyOf(plan.id());
        try {
            tools.context().storage().delete(key, version);
        } catch (StaleRecordException anotherNode) {
            throw new CompletionException(new IOException(
                    plan + ": it is revoked, and another node has stored a newer one meanwhile, which stays.",
                    anotherNode));
        } catch (IOException unwritable) {
            throw new CompletionException(new IOException(
                    plan + ": it is revoked, but its record " + key + " could not be deleted. Delete it.", unwritable));
        }
    }
}
