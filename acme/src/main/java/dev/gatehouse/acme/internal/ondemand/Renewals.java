package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.acme.internal.renewal.RenewalMoment;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for each certificate what is due: issues the first one of a managed name, asks the authority when to renew, renews.
 * Before it orders it looks into storage, where another node may have been earlier. Whatever fails is entered again for later.
 */
final class Renewals {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final Duration STORAGE_PAUSE = Duration.ofMinutes(1);
    private static final Duration IDLE_LOOK = Duration.ofDays(1);
    private static final Duration LONGEST_SPREAD = Duration.ofHours(1);
    private static final Duration LONGEST_REST = Duration.ofHours(1);
    private static final int SHARE_OF_REST = 20;

    private final PipelineTools tools;
    private final Prospects prospects;
    private final Takeoff takeoff;
    private final RenewalQuestions questions;
    private final RenewalPermission permission;
    private final LastUses lastUses;
    private final GroupKeeper groups;

    /** Begins a flight for a certificate, or finds the one that is under way. */
    @FunctionalInterface
    interface Takeoff {
        CompletionStage<Credential> fly(CertificatePlan plan, Errand errand);
    }

    Renewals(PipelineTools tools, Prospects prospects, LastUses lastUses, GroupKeeper groups, Takeoff takeoff) {
        this.tools = tools;
        this.prospects = prospects;
        this.lastUses = lastUses;
        this.groups = groups;
        this.takeoff = takeoff;
        this.questions = new RenewalQuestions(tools);
        this.permission = new RenewalPermission(tools);
    }

    /** A certificate is served from now on: issued, or found in storage. */
    void published(CertificatePlan plan, Credential credential) {
        if (!plan.isManaged() && !tools.isOnDemand()) {
            return;
        }
        Duration twentieth = RenewalMoment.lifetimeOf(credential).dividedBy(SHARE_OF_REST);
        Instant earliest = now().plus(twentieth.compareTo(LONGEST_REST) < 0 ? twentieth : LONGEST_REST);
        RenewalMoment moment = RenewalMoment.byLifetime(credential);
        Prospect known = prospects.find(plan.id()).orElseGet(() -> Prospect.of(plan));
        Prospect next = known.inPlan(plan)
                .with(credential, moment, questions.first(credential))
                .resting(earliest);
        prospects.put(next, next.next(now()));
        groups.served(plan);
    }

    /** An attempt for a certificate that is managed or renewed came to nothing; it is made again. */
    void failed(CertificatePlan plan, Refusal refusal) {
        Optional<Prospect> present = prospects.find(plan.id());
        if (refusal.kind() == Refusal.Kind.CLOSED
                || present.filter(p -> p.plan().equals(plan)).isEmpty()) {
            return;
        }
        prospects.put(present.get().failed(refusal), later(refusal.until()));
    }

    /** Many that wait for the same limit do not all come at once. */
    private Instant later(Instant wanted) {
        Instant earliest = now().plusSeconds(1);
        Duration spread = Duration.ofMillis(100).multipliedBy(prospects.postponed() + 10L);
        Duration within = spread.compareTo(LONGEST_SPREAD) < 0 ? spread : LONGEST_SPREAD;
        return (wanted.isAfter(earliest) ? wanted : earliest)
                .plusMillis(tools.context().random().nextLong(within.toMillis()));
    }

    /** Does what is due for a certificate. Does not block. */
    CompletionStage<?> begin(CertificateId id) {
        Optional<Prospect> due = prospects.find(id);
        if (due.isEmpty()) {
            prospects.done();
            return CompletableFuture.completedFuture(null);
        }
        return work(due.get()).whenComplete((done, failure) -> {
            if (failure != null) {
                tellUnexpected(due.get(), FlightContext.causeOf(failure));
            }
            prospects.ensureTime(id, later(now().plus(STORAGE_PAUSE)));
            prospects.done();
        });
    }

    private CompletionStage<?> work(Prospect due) {
        try {
            return CompletableFuture.supplyAsync(() -> look(due), tools.storageWorker())
                    .thenCompose(sight -> decide(sight));
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(closed);
        }
    }

    private void tellUnexpected(Prospect due, Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            log.debug("{}: not looked after now, there is too much work, or the manager is closed", due.plan());
        } else if (failure instanceof Refusal || failure instanceof IOException) {
            log.debug("{}: {}", due.plan(), failure.getMessage());
        } else {
            log.error("{}: looking after it broke off in an unexpected way.", due.plan(), failure);
        }
    }

    /**
     * What was found when something was due.
     *
     * @param prospect what lies ahead, as known now
     * @param present the valid certificate, if there is one
     */
    private record Sight(Prospect prospect, Optional<StoredCertificate> present) {}

    /** Reads storage only if need be. */
    private Sight look(Prospect due) {
        CertificatePlan plan = groups.current(due.plan());
        Optional<StoredCertificate> resident = tools.residents()
                .find(plan.id())
                .map(found -> new StoredCertificate(found.credential(), found.issuer()))
                .filter(found -> found.credential().isValidAt(now()));
        Optional<StoredCertificate> stored =
                resident.isEmpty() || due.isRenewalDue(now()) ? read(plan) : Optional.empty();
        Optional<StoredCertificate> best = resident;
        if (stored.isPresent()
                && resident.filter(known -> !isLater(stored.get(), known)).isEmpty()) {
            best = stored;
            if (resident.isPresent()) {
                new FlightContext(tools, plan, Errand.background()).serve(stored.get());
            }
        }
        Prospect known = prospects.find(plan.id()).orElse(due);
        return new Sight(
                best.map(found -> lastUses.note(known, found.credential())).orElse(known), best);
    }

    private static boolean isLater(StoredCertificate stored, StoredCertificate known) {
        return stored.credential().notBefore().isAfter(known.credential().notBefore());
    }

    private Optional<StoredCertificate> read(CertificatePlan plan) {
        try {
            return tools.archive().load(plan).validAt(now());
        } catch (IOException unreadable) {
            log.warn(
                    "{}: not looked after now, storage cannot be read. {} It is tried again in {} s.",
                    plan,
                    unreadable.getMessage(),
                    STORAGE_PAUSE.toSeconds());
            throw new Unreadable(unreadable);
        }
    }

    /** Ends a piece of work without a further word. */
    private static final class Unreadable extends CompletionException {
        private static final long serialVersionUID = 1L;

        Unreadable(IOException cause) {
            super(cause);
        }
    }

    private CompletionStage<?> decide(Sight sight) {
        Prospect prospect = sight.prospect();
        if (prospects.find(prospect.id()).isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (sight.present().isEmpty()) {
            return withoutCertificate(prospect);
        }
        Credential present = sight.present().get().credential();
        if (prospect.plan().isManaged() && !prospect.plan().isSatisfiedBy(present.coverage())) {
            return takeoff.fly(prospect.plan(), Errand.background());
        }
        Prospect known =
                prospect.isOf(present) ? prospect : prospect.with(present, RenewalMoment.byLifetime(present), now());
        prospects.enter(known);
        if (lastUses.isIdle(known, present)) {
            return idle(known, present);
        }
        if (known.isRenewalDue(now())) {
            return renew(known.released(), known, present);
        }
        return known.isQuestionDue(now())
                ? questions
                        .ask(known, sight.present().get())
                        .thenAccept(next -> prospects.replace(known, next, next.next(now())))
                : again(known, known, known.next(now()));
    }

    private CompletionStage<Boolean> again(Prospect before, Prospect after, Instant next) {
        prospects.replace(before, after, next);
        return CompletableFuture.completedFuture(true);
    }

    private CompletionStage<?> withoutCertificate(Prospect prospect) {
        if (prospect.plan().isManaged()) {
            return takeoff.fly(prospect.plan(), Errand.background());
        }
        boolean isDenied = prospect.failure()
                .filter(refusal -> refusal.step() == Step.PERMISSION)
                .isPresent();
        if (isDenied && tools.residents().find(prospect.id()).isPresent()) {
            tools.residents().remove(prospect.id());
            tell(new CertificateEvent.Dropped(
                    prospect.plan().subject(),
                    prospect.notAfter().orElse(now()),
                    "the permission does not allow it any more"));
        }
        prospects.remove(prospect.id());
        return CompletableFuture.completedFuture(null);
    }

    /** What nobody uses is not renewed, but looked at again as long as it is in memory. */
    private CompletionStage<?> idle(Prospect known, Credential present) {
        boolean isForgotten = tools.residents().find(known.id()).isEmpty();
        if (known.hold().isEmpty() && (isForgotten || known.isRenewalDue(now()))) {
            tell(new CertificateEvent.NotRenewed(known.plan().subject(), present.notAfter(), lastUses.reason(known)));
        }
        if (isForgotten) {
            prospects.remove(known.id());
            return CompletableFuture.completedFuture(null);
        }
        Prospect held = known.isRenewalDue(now()) ? known.held(lastUses.reason(known)) : known;
        return again(
                known, held, earlier(now().plus(IDLE_LOOK), present.notAfter().plusSeconds(1)));
    }

    private CompletionStage<?> renew(Prospect next, Prospect before, Credential present) {
        prospects.replace(before, next, now().plus(STORAGE_PAUSE));
        if (next.plan().isManaged()) {
            return flyRenewal(groups.rejoined(next.plan()), next, present);
        }
        if (!(next.plan().subject() instanceof ServerName name)) {
            return CompletableFuture.completedFuture(null);
        }
        return permission
                .ask(name, present)
                .thenCompose(answer -> answer.verdict() == Verdict.ALLOWED
                        ? flyRenewal(next.plan(), next, present)
                        : forbidden(next, present, answer));
    }

    private CompletionStage<Boolean> forbidden(Prospect next, Credential present, RenewalPermission.Answer answer) {
        Refusal refusal = Refusal.decided(Step.PERMISSION, answer.reason(), answer.askedAgain());
        boolean isNew = next.failure()
                .filter(before -> before.step() == Step.PERMISSION)
                .isEmpty();
        if (isNew && answer.verdict() == Verdict.DENIED) {
            tell(new CertificateEvent.NotRenewed(next.plan().subject(), present.notAfter(), refusal.reason()));
        }
        Instant look = earlier(answer.askedAgain(), present.notAfter()).plusSeconds(1);
        return again(next, next.failed(refusal), look);
    }

    private CompletionStage<Boolean> flyRenewal(CertificatePlan plan, Prospect known, Credential present) {
        RenewalMoment moment = known.renewal().orElseGet(() -> RenewalMoment.byLifetime(present));
        Errand.Renewal renewal = new Errand.Renewal(present, moment.reason(), moment.isAnnounced());
        return takeoff.fly(plan, Errand.renewal(renewal)).thenApply(renewed -> true);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void tell(CertificateEvent event) {
        tools.context().events().accept(event);
    }

    private Instant now() {
        return tools.context().clock().instant();
    }
}
