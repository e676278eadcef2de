package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.CertificateHealth;
import dev.gatehouse.acme.CertificateStatistics;
import dev.gatehouse.acme.CertificateStatus;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.ManagedCertificate;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.RevocationReason;
import dev.gatehouse.acme.StorageCleaner;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.limits.OrderLimits;
import dev.gatehouse.acme.internal.permission.PermissionMemory;
import dev.gatehouse.acme.internal.preflight.Preflight;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.acme.internal.work.OrderLanes;
import dev.gatehouse.acme.internal.work.OrderLanes.Lane;
import dev.gatehouse.acme.internal.work.OrderPace;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of certificates that are not in memory, or are to be replaced: storage, permission, limits, preflight, order, store,
 * publish; one {@link CertificateFlight} for each. What was refused or has failed is remembered for a while, so that the next
 * handshakes for such a name cost nothing, and what has failed is tried again behind the scenes.
 */
public final class CertificatePipeline {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final int MAX_FLIGHTS = 2_000;
    private static final Map<Lane, Integer> LANES = Map.of(Lane.FRESH, 32, Lane.FAILING, 8, Lane.BACKGROUND, 8);
    private static final Duration UNEXPECTED_PAUSE = Duration.ofMinutes(1);
    private static final Duration CLEANING_BEGINS = Duration.ofMinutes(10);

    private final PipelineTools tools;
    private final InstantSource clock;
    private final Refusals refusals;
    private final Flights flights;
    private final Retries retries;
    private final ManagedNames managed;
    private final Prospects prospects;
    private final Renewals renewals;
    private final FirstAttempts firstAttempts = new FirstAttempts();
    private final ManagedWork managedWork;
    private final ByHand byHand;
    private final StatusBook book;

    /**
     * What a manager lends its pipeline.
     *
     * @param context what the issuer is lent
     * @param alarms call back later
     * @param questionWorker runs what may block on a hook or on name servers
     * @param storageWorker runs what may block on storage
     * @param index what handshakes choose from
     * @param residents the issued certificates in it
     * @param given certificates from elsewhere in it
     * @param leaseLength how long an order is this node's without a sign of life
     */
    public record Host(
            IssuanceContext context,
            Alarms alarms,
            Executor questionWorker,
            Executor storageWorker,
            CertificateIndex index,
            Residents residents,
            List<Credential> given,
            Duration leaseLength) {}

    /** With the policy for names that are not managed; empty if there is none. */
    public CertificatePipeline(Optional<OnDemand> onDemand, ManagedNames managed, List<Issuer> issuers, Host host) {
        IssuanceContext context = host.context();
        OnDemand policy = onDemand.orElseGet(() -> OnDemand.permittedBy(name -> false));
        this.clock = context.clock();
        this.managed = managed;
        this.refusals = new Refusals(clock);
        this.retries = new Retries(clock, host.alarms(), this::tryAgain);
        this.flights = new Flights(
                MAX_FLIGHTS, policy.maximumWaiters(), policy.waitAtMost(), clock, host.alarms(), this::turnedAway);
        this.prospects = new Prospects(clock, host.alarms(), this::begin);
        GroupKeeper groups = new GroupKeeper(
                managed, new GroupSplits(context.storage()), prospects, host.residents(), clock, context.events());
        CertificateArchive archive = new CertificateArchive(context.storage(), clock);
        this.tools = new PipelineTools(
                policy,
                onDemand.isPresent(),
                new IssuerChain(issuers, context),
                context,
                host.alarms(),
                host.storageWorker(),
                host.index(),
                host.residents(),
                archive,
                new PermissionMemory(
                        policy,
                        host.questionWorker(),
                        clock,
                        asked -> context.events().accept(new CertificateEvent.Asked(asked.name()))),
                new OrderLimits(policy, context.storage(), clock),
                new BackOff(context.storage(), clock, context.random()),
                onDemand.flatMap(OnDemand::preflight)
                        .map(checks -> new Preflight(
                                checks, host.questionWorker(), context.http01()::publish, context.random())),
                new OrderLanes(LANES, context.worker(), () -> new OrderPace(clock, host.alarms(), context.worker())),
                refusals,
                new UnsavedCertificates(archive, clock, host.alarms(), host.storageWorker()),
                groups,
                this::published,
                host.leaseLength());
        Duration window = policy.renewWhileUsedWithin();
        LastUses lastUses = new LastUses(host.residents(), new UseRecords(context.storage(), window), window, clock);
        this.renewals = new Renewals(tools, prospects, lastUses, groups, this::launch);
        this.managedWork = new ManagedWork(tools, managed, prospects, firstAttempts);
        this.byHand = new ByHand(tools, prospects, managedWork::plansFor, this::launch);
        this.book =
                new StatusBook(host.residents(), refusals, flights, retries, prospects, managed, host.given(), clock);
    }

    /** Begins what needs no visitor. Touches neither storage nor network on the caller's thread. */
    public void start(Collection<ManagedCertificate> certificates) {
        managedWork.start(certificates);
        new Housekeeping(StorageCleaner.of(tools.context().storage(), clock), tools.alarms(), tools.storageWorker())
                .nextAfter(CLEANING_BEGINS.plusSeconds(tools.context().random().nextLong(CLEANING_BEGINS.toSeconds())));
    }

    /** Manages certificates from now on, all or none. Complete when the first attempt for each is over. */
    public CompletionStage<Void> manage(Collection<ManagedCertificate> certificates) {
        return managedWork.manage(certificates);
    }

    /** Manages them no longer, all or none. */
    public void unmanage(Collection<SubjectName> names) {
        managedWork.unmanage(names).forEach(plan -> {
            refusals.forget(plan.subject());
            retries.forget(plan.subject());
        });
    }

    public CompletionStage<Void> renew(SubjectName name) {
        return byHand.renew(name);
    }

    public CompletionStage<Void> revoke(SubjectName name, RevocationReason reason) {
        return byHand.revoke(name, reason);
    }

    /** Whether there is a way to a certificate for a name: it is managed, or there is a policy for names that are not. */
    public boolean serves(ServerName name) {
        return tools.isOnDemand() || managed.planFor(name).isPresent();
    }

    /** Notes that a client asks for a name. */
    public void used(ServerName name) {
        tools.residents().used(managed.idFor(name));
    }

    /**
     * Finds or issues the certificate of a name for a handshake. Never blocks; the stage fails with a {@link Refusal} if
     * there is none, and within the bound on waiting.
     */
    public CompletionStage<Credential> obtain(PermissionRequest request) {
        CertificatePlan plan =
                managed.planFor(request.name()).orElseGet(() -> CertificatePlan.onDemand(request.name()));
        SubjectName subject = plan.subject();
        Optional<Refusal> refusal = refusals.holding(subject);
        if (refusal.isPresent()) {
            retries.askedFor(subject);
            log.debug("{}: refused, as it was shortly before", subject);
            return CompletableFuture.failedFuture(refusal.get());
        }
        return flights.await(plan.id(), () -> fly(new FlightContext(tools, plan, Errand.visit(request))));
    }

    /** Ends all waiting at once, and starts nothing any more; orders under way go on. */
    public void ground() {
        retries.close();
        prospects.close();
        firstAttempts.close();
        flights.ground(Refusal.closed());
    }

    /** Complete when the orders that are under way have come to an end. */
    public CompletableFuture<Void> allLanded() {
        return flights.allLanded();
    }

    /** Stores, as far as storage lets it, what it would not take before. Blocks. */
    public void saveUnsaved() {
        tools.unsaved().saveAll();
    }

    public Optional<CertificateStatus> status(SubjectName name) {
        return book.of(name);
    }

    public List<CertificateStatus> statuses(@Nullable SubjectName after, int limit) {
        return book.after(after, limit);
    }

    public CompletionStage<String> forecast(SubjectName name) {
        return CompletableFuture.supplyAsync(() -> tools.issuers().forecast(name), tools.storageWorker());
    }

    public CertificateHealth health() {
        return new HealthReport(tools, prospects).now();
    }

    /** With how many events were lost, which others count. */
    public CertificateStatistics statistics(long lostEvents) {
        return new CertificateStatistics(
                book.countByState(),
                book.earliestNotAfter(),
                flights.size(),
                flights.waiting(),
                tools.lanes().waiting(),
                retries.size(),
                lostEvents);
    }

    private void begin(CertificateId id) {
        renewals.begin(id).whenComplete((done, failure) -> firstAttempts.ended(id));
    }

    private void published(CertificatePlan plan, Credential credential) {
        if (plan.isManaged() && managed.groupOf(plan.subject()).isEmpty()) {
            tools.residents().remove(plan.id());
            return;
        }
        renewals.published(plan, credential);
        if (plan.isManaged()) {
            bringCompanions(plan);
        }
    }

    /** Which of several keys a client can verify is known only when they are in memory side by side. */
    private void bringCompanions(CertificatePlan plan) {
        managedWork.plansFor(plan.subject()).stream()
                .filter(other -> !other.id().equals(plan.id()))
                .filter(other -> tools.residents().find(other.id()).isEmpty())
                .forEach(other -> launch(other, Errand.background()));
    }

    private CompletionStage<Credential> launch(CertificatePlan plan, Errand errand) {
        return flights.launch(plan.id(), () -> fly(new FlightContext(tools, plan, errand)));
    }

    private CompletionStage<?> tryAgain(SubjectName failing) {
        return failing instanceof ServerName name
                ? launch(CertificatePlan.onDemand(name), Errand.background())
                : CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Credential> fly(FlightContext flight) {
        CompletionStage<Credential> flown;
        try {
            flown = new CertificateFlight(flight).takeOff();
        } catch (RejectedExecutionException tooMuch) {
            flown = CompletableFuture.failedFuture(tooMuch);
        }
        return flown.handle((credential, failure) -> {
            if (failure == null) {
                refusals.forget(flight.subject());
                retries.forget(flight.subject());
                return credential;
            }
            throw remember(flight, asRefusal(flight, FlightContext.causeOf(failure)));
        });
    }

    private Refusal asRefusal(FlightContext flight, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        if (failure instanceof RejectedExecutionException) {
            return Refusal.decided(Step.LIMITS, "there is too much work, or the manager was closed", clock.instant());
        }
        log.error("{}: the way to its certificate broke off in an unexpected way.", flight.subject(), failure);
        return flight.fail(
                Step.ORDER,
                "Something unexpected happened (" + failure + ").",
                clock.instant().plus(UNEXPECTED_PAUSE));
    }

    private Refusal remember(FlightContext flight, Refusal refusal) {
        SubjectName name = flight.subject();
        refusals.put(name, refusal, flight.hasVisitor());
        if (flight.plan().isManaged() || flight.errand().renewal().isPresent()) {
            renewals.failed(flight.plan(), refusal);
        } else if (!refusal.isRetried()) {
            retries.forget(name);
        } else if (flight.hasVisitor()) {
            retries.failed(name, refusal.until());
        } else {
            retries.failedAgain(name, refusal.until());
        }
        return refusal;
    }

    private void turnedAway(SubjectName name, String reason) {
        tools.context().events().accept(new CertificateEvent.Limited(name, "maximumWaiters", reason, clock.instant()));
    }
}
