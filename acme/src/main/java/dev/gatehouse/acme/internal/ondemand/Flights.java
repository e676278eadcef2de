package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Work under way, one flight for each certificate. Whoever asks for one in flight gets the outcome of that flight, its failure
 * included, the moment it is there. Those who wait are bounded in number and in time; a flight goes on when all of them have
 * left, and nothing that one of them does touches it.
 *
 * <p>Safe for use by several threads; no lock is held while work is started or somebody is told.
 */
final class Flights {

    private final int maxFlights;
    private final int maxWaiters;
    private final Duration maxWait;
    private final InstantSource clock;
    private final Alarms alarms;
    private final BiConsumer<SubjectName, String> turnedAway;

    private final Map<CertificateId, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Refusal grounded;

    /** With who is told which names found everything full, and in what way. */
    Flights(
            int maxFlights,
            int maxWaiters,
            Duration maxWait,
            InstantSource clock,
            Alarms alarms,
            BiConsumer<SubjectName, String> turnedAway) {
        this.maxFlights = maxFlights;
        this.maxWaiters = maxWaiters;
        this.maxWait = maxWait;
        this.clock = clock;
        this.alarms = alarms;
        this.turnedAway = turnedAway;
    }

    /**
     * Waits for the flight of a certificate, which is started if there is none.
     *
     * @param start begins the work; it runs on the caller's thread and must not block
     * @return a stage of this caller's own, which fails with a {@link Refusal} if there is no certificate
     */
    CompletionStage<Credential> await(CertificateId id, Supplier<CompletionStage<Credential>> start) {
        Refusal closed = grounded;
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        if (waiting.incrementAndGet() > maxWaiters) {
            waiting.decrementAndGet();
            return turnAway(
                    id,
                    maxWaiters
                            + " handshakes wait for certificates already; raise OnDemand.maximumWaiters for honest traffic");
        }
        CompletableFuture<Credential> waiter = new CompletableFuture<>();
        waiter.whenComplete((credential, failure) -> waiting.decrementAndGet());
        Flight flight = flightOf(id, start);
        if (flight == null) {
            waiter.cancel(false);
            return turnAwayFromFlights(id);
        }
        board(flight, waiter);
        return waiter;
    }

    /** Starts a flight that nobody waits for, or finds the one that is under way. */
    CompletionStage<Credential> launch(CertificateId id, Supplier<CompletionStage<Credential>> start) {
        Refusal closed = grounded;
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        Flight flight = flightOf(id, start);
        return flight == null ? turnAwayFromFlights(id) : flight.landing.minimalCompletionStage();
    }

    boolean isFlying(CertificateId id) {
        return flights.containsKey(id);
    }

    int size() {
        return flights.size();
    }

    int waiting() {
        return waiting.get();
    }

    /** The first names in flight after a name, in order. */
    NavigableSet<SubjectName> namesAfter(@Nullable SubjectName after) {
        NavigableSet<SubjectName> names =
                flights.keySet().stream().map(CertificateId::subject).collect(Collectors.toCollection(TreeSet::new));
        return after == null ? names : names.tailSet(after, false);
    }

    /** Starts nothing any more, and ends all waiting at once; flights under way go on. */
    void ground(Refusal why) {
        grounded = why;
        flights.values().forEach(flight -> flight.leaveAll(why));
    }

    /** Complete when the flights that are under way now have landed. */
    CompletableFuture<Void> allLanded() {
        return CompletableFuture.allOf(flights.values().stream()
                .map(flight -> flight.landing.handle((credential, failure) -> true))
                .toArray(CompletableFuture[]::new));
    }

    private @Nullable Flight flightOf(CertificateId id, Supplier<CompletionStage<Credential>> start) {
        Flight mine = new Flight();
        Flight present = flights.putIfAbsent(id, mine);
        if (present != null) {
            return present;
        }
        if (flights.size() > maxFlights) {
            flights.remove(id, mine);
            mine.land(null, stillFlying());
            return null;
        }
        takeOff(id, mine, start);
        return mine;
    }

    private void takeOff(CertificateId id, Flight flight, Supplier<CompletionStage<Credential>> start) {
        try {
            start.get().whenComplete((credential, failure) -> {
                flights.remove(id, flight);
                flight.land(credential, failure);
            });
        } catch (RuntimeException failure) {
            flights.remove(id, flight);
            flight.land(null, failure);
        }
    }

    private void board(Flight flight, CompletableFuture<Credential> waiter) {
        flight.join(waiter);
        Refusal closed = grounded;
        if (closed != null) {
            waiter.completeExceptionally(closed);
        }
        if (waiter.isDone()) {
            return;
        }
        Alarms.Alarm patience = alarms.after(maxWait, () -> waiter.completeExceptionally(stillFlying()));
        waiter.whenComplete((credential, failure) -> patience.cancel());
    }

    private Refusal stillFlying() {
        return Refusal.failed(
                Step.ORDER,
                "no certificate within " + maxWait.toSeconds() + " s; the work on it goes on.",
                clock.instant());
    }

    private CompletionStage<Credential> turnAwayFromFlights(CertificateId id) {
        return turnAway(id, maxFlights + " other names are being worked on; come back when some of them are done");
    }

    private CompletionStage<Credential> turnAway(CertificateId id, String reason) {
        turnedAway.accept(id.subject(), reason);
        return CompletableFuture.failedFuture(Refusal.decided(Step.LIMITS, reason, clock.instant()));
    }

    /** One flight, with those who wait for it. */
    private static final class Flight {

        private final CompletableFuture<Credential> landing = new CompletableFuture<>();
        private final Set<CompletableFuture<Credential>> waiters = ConcurrentHashMap.newKeySet();

        void join(CompletableFuture<Credential> waiter) {
            waiters.add(waiter);
            waiter.whenComplete((credential, failure) -> waiters.remove(waiter));
            if (landing.isDone()) {
                landing.whenComplete((credential, failure) -> complete(waiter, credential, failure));
            }
        }

        void land(@Nullable Credential credential, @Nullable Throwable failure) {
            complete(landing, credential, failure);
            waiters.forEach(waiter -> complete(waiter, credential, failure));
        }

        void leaveAll(Refusal why) {
            waiters.forEach(waiter -> waiter.completeExceptionally(why));
        }

        private static void complete(
                CompletableFuture<Credential> stage, @Nullable Credential credential, @Nullable Throwable failure) {
            if (failure != null) {
                stage.completeExceptionally(FlightContext.causeOf(failure));
            } else if (credential != null) {
                stage.complete(credential);
            }
        }
    }
}
