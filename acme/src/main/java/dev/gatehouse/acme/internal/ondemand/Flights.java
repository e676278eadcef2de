package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Work under way, one flight for each name. Whoever asks for a name in flight gets the outcome of that flight, its failure
 * included. A flight goes on when all who wait for it have left.
 */
final class Flights {

    private final int max;
    private final Map<ServerName, CompletableFuture<Optional<Credential>>> flights = new ConcurrentHashMap<>();

    Flights(int max) {
        this.max = max;
    }

    /**
     * Joins the flight of a name, or starts one.
     *
     * @param start begins the work; it runs on the caller's thread, outside of any lock, and must not block
     * @return the outcome, or empty if there are too many flights
     */
    Optional<CompletionStage<Optional<Credential>>> join(
            ServerName name, Function<ServerName, CompletionStage<Optional<Credential>>> start) {
        CompletableFuture<Optional<Credential>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Credential>> present = flights.putIfAbsent(name, mine);
        if (present != null) {
            return Optional.of(present.minimalCompletionStage());
        }
        if (flights.size() > max) {
            flights.remove(name, mine);
            mine.complete(Optional.empty());
            return Optional.empty();
        }
        fly(name, mine, start);
        return Optional.of(mine.minimalCompletionStage());
    }

    private void fly(
            ServerName name,
            CompletableFuture<Optional<Credential>> flight,
            Function<ServerName, CompletionStage<Optional<Credential>>> start) {
        try {
            start.apply(name).whenComplete((credential, failure) -> {
                flights.remove(name, flight);
                if (failure == null) {
                    flight.complete(credential);
                } else {
                    flight.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException failure) {
            flights.remove(name, flight);
            flight.completeExceptionally(failure);
        }
    }

    /** Ends the wait for every flight with the same failure. */
    void abandon(RuntimeException why) {
        flights.values().forEach(flight -> flight.completeExceptionally(why));
    }
}
