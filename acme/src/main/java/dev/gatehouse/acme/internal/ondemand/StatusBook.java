package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStatus;
import dev.gatehouse.acme.CertificateStatus.Renewal;
import dev.gatehouse.acme.CertificateStatus.State;
import dev.gatehouse.acme.internal.ondemand.Residents.Resident;
import dev.gatehouse.tls.SubjectName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known of each name, put together from where it is kept. Reads only; takes no lock that work needs. */
final class StatusBook {

    private final Residents residents;
    private final Refusals refusals;
    private final Flights flights;
    private final Retries retries;
    private final InstantSource clock;

    StatusBook(Residents residents, Refusals refusals, Flights flights, Retries retries, InstantSource clock) {
        this.residents = residents;
        this.refusals = refusals;
        this.flights = flights;
        this.retries = retries;
        this.clock = clock;
    }

    Optional<CertificateStatus> of(SubjectName name) {
        Optional<Resident> resident = residents.find(name);
        Optional<Refusals.Known> refused = refusals.last(name);
        if (resident.isEmpty() && refused.isEmpty() && !flights.isFlying(name)) {
            return Optional.empty();
        }
        return Optional.of(new CertificateStatus(
                name,
                stateOf(name, resident, refused),
                resident.map(Resident::issuer),
                resident.map(certificate -> certificate.credential().notAfter()),
                resident.map(certificate -> new Renewal(
                        certificate.credential().notAfter(),
                        "it expires, and the next visitor sets its renewal going")),
                refused.map(known -> known.refusal().reason()),
                nextTryOf(name, refused),
                resident.map(Resident::lastUse).or(() -> refused.map(Refusals.Known::lastAsked))));
    }

    /** The names after a name, in order: those with a certificate, in flight, or refused. */
    List<CertificateStatus> after(@Nullable SubjectName after, int limit) {
        NavigableSet<SubjectName> names = new TreeSet<>();
        var withCertificate =
                after == null ? residents.inOrder() : residents.inOrder().tailMap(after, false);
        withCertificate.keySet().stream().limit(limit).forEach(names::add);
        flights.namesAfter(after).stream().limit(limit).forEach(names::add);
        refusals.all().keySet().stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .sorted()
                .limit(limit)
                .forEach(names::add);
        return names.stream()
                .limit(limit)
                .map(this::of)
                .flatMap(Optional::stream)
                .toList();
    }

    Map<State, Integer> countByState() {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        for (State state : State.values()) {
            counts.put(state, 0);
        }
        Instant now = clock.instant();
        residents.inOrder().values().forEach(resident -> {
            boolean isExpired = now.isAfter(resident.credential().notAfter());
            counts.merge(isExpired ? State.EXPIRED : State.VALID, 1, Integer::sum);
        });
        flights.namesAfter(null).stream()
                .filter(name -> residents.find(name).isEmpty())
                .forEach(name -> counts.merge(State.ON_ITS_WAY, 1, Integer::sum));
        refusals.all().forEach((name, known) -> {
            if (residents.find(name).isEmpty() && !flights.isFlying(name)) {
                counts.merge(stateOf(known), 1, Integer::sum);
            }
        });
        return counts;
    }

    private State stateOf(SubjectName name, Optional<Resident> resident, Optional<Refusals.Known> refused) {
        if (resident.isPresent()) {
            boolean isExpired =
                    clock.instant().isAfter(resident.get().credential().notAfter());
            return isExpired ? State.EXPIRED : State.VALID;
        }
        return flights.isFlying(name)
                ? State.ON_ITS_WAY
                : refused.map(StatusBook::stateOf).orElse(State.ON_ITS_WAY);
    }

    private static State stateOf(Refusals.Known known) {
        return known.refusal().kind() == Refusal.Kind.DECIDED ? State.REFUSED : State.FAILING;
    }

    private Optional<Instant> nextTryOf(SubjectName name, Optional<Refusals.Known> refused) {
        return retries.timeOf(name)
                .or(() -> refused.map(known -> known.refusal().until()));
    }
}
