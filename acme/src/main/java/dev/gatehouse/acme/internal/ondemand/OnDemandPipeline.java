package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.CertificateHealth;
import dev.gatehouse.acme.CertificateStatistics;
import dev.gatehouse.acme.CertificateStatus;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.internal.limits.BackOff;
import dev.gatehouse.acme.internal.limits.OrderLimits;
import dev.gatehouse.acme.internal.permission.PermissionMemory;
import dev.gatehouse.acme.internal.preflight.Preflight;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.acme.internal.work.OrderLanes;
import dev.gatehouse.acme.internal.work.OrderPace;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of names that are not in memory: storage, permission, limits, preflight, order, store, publish; one
 * {@link OnDemandFlight} for each name. What was refused or has failed is remembered for a while, so that the next
 * handshakes for such a name cost nothing, and what has failed is tried again behind the scenes.
 */
public final class OnDemandPipeline {

    private static final Logger log = LoggerFactory.getLogger(OnDemandPipeline.class);

    private static final int MAX_FLIGHTS = 2_000;
    private static final int FRESH_LANES = 32;
    private static final int FAILING_LANES = 8;
    private static final Duration UNEXPECTED_PAUSE = Duration.ofMinutes(1);

    private final PipelineTools tools;
    private final InstantSource clock;
    private final Refusals refusals;
    private final Flights flights;
    private final Retries retries;
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
     * @param leaseLength how long an order is this node's without a sign of life
     */
    public record Host(
            IssuanceContext context,
            Alarms alarms,
            Executor questionWorker,
            Executor storageWorker,
            CertificateIndex index,
            Residents residents,
            Duration leaseLength) {}

    public OnDemandPipeline(OnDemand policy, List<Issuer> issuers, Host host) {
        IssuanceContext context = host.context();
        this.clock = context.clock();
        this.refusals = new Refusals(clock);
        this.retries = new Retries(clock, host.alarms(), this::tryAgain);
        this.flights = new Flights(
                MAX_FLIGHTS, policy.maximumWaiters(), policy.waitAtMost(), clock, host.alarms(), this::turnedAway);
        this.book = new StatusBook(host.residents(), refusals, flights, retries, clock);
        CertificateArchive archive = new CertificateArchive(context.storage(), clock);
        this.tools = new PipelineTools(
                policy,
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
                policy.preflight()
                        .map(checks -> new Preflight(
                                checks, host.questionWorker(), context.http01()::publish, context.random())),
                new OrderLanes(
                        FRESH_LANES,
                        FAILING_LANES,
                        context.worker(),
                        () -> new OrderPace(clock, host.alarms(), context.worker())),
                refusals,
                new UnsavedCertificates(archive, clock, host.alarms(), host.storageWorker()),
                host.leaseLength());
    }

    /**
     * Finds or issues the certificate of a name for a handshake. Never blocks; the stage fails with a {@link Refusal} if
     * there is none, and within the bound on waiting.
     */
    public CompletionStage<Credential> obtain(PermissionRequest request) {
        ServerName name = request.name();
        Optional<Refusal> refusal = refusals.holding(name);
        if (refusal.isPresent()) {
            retries.askedFor(name);
            log.debug("{}: refused, as it was shortly before", name);
            return CompletableFuture.failedFuture(refusal.get());
        }
        return flights.await(name, () -> fly(new FlightContext(tools, request, true)));
    }

    /** Ends all waiting at once, and starts nothing any more; orders under way go on. */
    public void ground() {
        retries.close();
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
        return new HealthReport(tools).now();
    }

    /** With how many events were lost, which others count. */
    public CertificateStatistics statistics(long lostEvents) {
        Instant now = clock.instant();
        return new CertificateStatistics(
                book.countByState(),
                tools.residents().inOrder().values().stream()
                        .map(resident -> resident.credential().notAfter())
                        .filter(notAfter -> notAfter.isAfter(now))
                        .min(Comparator.naturalOrder()),
                flights.size(),
                flights.waiting(),
                tools.lanes().waiting(),
                retries.size(),
                lostEvents);
    }

    private CompletionStage<?> tryAgain(SubjectName failing) {
        if (!(failing instanceof ServerName name)) {
            return CompletableFuture.completedFuture(null);
        }
        PermissionRequest request = new PermissionRequest(name, Optional.empty());
        return flights.launch(name, () -> fly(new FlightContext(tools, request, false)));
    }

    private CompletionStage<Credential> fly(FlightContext flight) {
        CompletionStage<Credential> flown;
        try {
            flown = new OnDemandFlight(flight).takeOff();
        } catch (RejectedExecutionException tooMuch) {
            flown = CompletableFuture.failedFuture(tooMuch);
        }
        return flown.handle((credential, failure) -> {
            if (failure == null) {
                refusals.forget(flight.name());
                retries.forget(flight.name());
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
        log.error("{}: the way to its certificate broke off in an unexpected way.", flight.name(), failure);
        return flight.fail(
                Step.ORDER,
                "Something unexpected happened (" + failure + ").",
                clock.instant().plus(UNEXPECTED_PAUSE));
    }

    private Refusal remember(FlightContext flight, Refusal refusal) {
        ServerName name = flight.name();
        refusals.put(name, refusal, flight.hasVisitor());
        if (!refusal.isRetried()) {
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
