package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.internal.preflight.PreflightReport;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.acme.internal.work.OrderLanes.Lane;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An order that one node at a time places for a certificate. It waits for a lane without a lease, and for another node without a
 * lane; what that node stores is served here as well, and if it gives up, the order is placed here after all.
 */
final class LeasedOrder {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final FlightContext flight;
    private final PipelineTools tools;
    private final Optional<Credential> previous;
    private final PreflightReport warnings;

    LeasedOrder(FlightContext flight, Optional<Credential> previous, PreflightReport warnings) {
        this.flight = flight;
        this.tools = flight.tools();
        this.previous = previous;
        this.warnings = warnings;
    }

    CompletionStage<Credential> run(Lane lane) {
        return orderInLane(lane)
                .thenCompose(issued ->
                        issued.isPresent() ? CompletableFuture.completedFuture(issued.get()) : awaitOtherNode(lane));
    }

    /** Empty if another node has the lease. */
    private CompletionStage<Optional<Credential>> orderInLane(Lane lane) {
        return tools.lanes()
                .run(
                        lane,
                        () -> flight.onStorage(this::begin)
                                .thenCompose(begun -> begun.lease().isEmpty()
                                        ? CompletableFuture.completedFuture(begun.found())
                                        : orderUnder(begun.lease().get(), begun.version())));
    }

    /**
     * How things stand under the lease.
     *
     * @param lease the lease, unless another node has it or nothing is left to be done
     * @param found a certificate that another node has stored meanwhile
     * @param version the version of the record
     */
    private record Begun(Optional<HeldLease> lease, Optional<Credential> found, long version) {}

    private Begun begin() throws IOException {
        Optional<HeldLease> lease = HeldLease.take(flight.plan().id(), tools);
        if (lease.isEmpty()) {
            return new Begun(Optional.empty(), Optional.empty(), 0);
        }
        try {
            CertificateArchive.Entry entry = tools.archive().load(flight.plan());
            Optional<StoredCertificate> stored = wanted(entry);
            if (stored.isEmpty()) {
                return new Begun(lease, Optional.empty(), entry.version());
            }
            flight.serve(stored.get());
            lease.get().release();
            return new Begun(Optional.empty(), stored.map(StoredCertificate::credential), entry.version());
        } catch (IOException | RuntimeException unreadable) {
            lease.get().release();
            throw unreadable;
        }
    }

    private CompletionStage<Optional<Credential>> orderUnder(HeldLease lease, long version) {
        return new AuthorityOrder(flight, previous, warnings, lease, version)
                .place()
                .thenApply(Optional::of)
                .whenComplete((issued, failure) -> lease.release());
    }

    private CompletionStage<Credential> awaitOtherNode(Lane lane) {
        flight.tell(new CertificateEvent.OrderedElsewhere(flight.subject()));
        CompletableFuture<Credential> result = new CompletableFuture<>();
        poll(lane, flight.now().plus(LONGEST_WAIT), result);
        return result;
    }

    /** By the alarm, not by a thread: looks into storage, and tries to get the lease. */
    private void poll(Lane lane, Instant deadline, CompletableFuture<Credential> result) {
        Duration jitter = Duration.ofMillis(tools.context().random().nextLong(POLL.toMillis()));
        tools.alarms()
                .after(
                        POLL.plus(jitter),
                        () -> look(lane).whenComplete((found, failure) -> {
                            if (failure != null) {
                                result.completeExceptionally(FlightContext.causeOf(failure));
                            } else if (found.isPresent()) {
                                result.complete(found.get());
                            } else if (flight.now().isAfter(deadline)) {
                                result.completeExceptionally(flight.fail(
                                        Step.ORDER,
                                        "Another node has been ordering for " + LONGEST_WAIT.toMinutes()
                                                + " min without a result. Look into its log.",
                                        flight.now()));
                            } else {
                                poll(lane, deadline, result);
                            }
                        }));
    }

    private Optional<StoredCertificate> wanted(CertificateArchive.Entry entry) {
        return entry.certificate().filter(stored -> flight.isWanted(stored.credential()));
    }

    private CompletionStage<Optional<Credential>> look(Lane lane) {
        return flight.onStorage(() -> {
                    Optional<StoredCertificate> stored = wanted(tools.archive().load(flight.plan()));
                    stored.ifPresent(flight::serve);
                    return stored.map(StoredCertificate::credential);
                })
                .thenCompose(
                        stored -> stored.isPresent() ? CompletableFuture.completedFuture(stored) : orderInLane(lane));
    }
}
