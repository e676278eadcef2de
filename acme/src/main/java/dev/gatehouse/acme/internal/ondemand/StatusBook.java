package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStatus;
import dev.gatehouse.acme.CertificateStatus.Renewal;
import dev.gatehouse.acme.CertificateStatus.State;
import dev.gatehouse.acme.internal.ondemand.Residents.Resident;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of each name, put together from where it is kept. Reads only; takes no lock that work needs. */
final class StatusBook {

    private final Residents residents;
    private final Refusals refusals;
    private final Flights flights;
    private final Retries retries;
    private final Prospects prospects;
    private final ManagedNames managed;
    private final NavigableMap<SubjectName, Credential> given;
    private final InstantSource clock;

    StatusBook(
            Residents residents,
            Refusals refusals,
            Flights flights,
            Retries retries,
            Prospects prospects,
            ManagedNames managed,
            List<Credential> given,
            InstantSource clock) {
        this.residents = residents;
        this.refusals = refusals;
        this.flights = flights;
        this.retries = retries;
        this.prospects = prospects;
        this.managed = managed;
        this.given = bySubject(given);
        this.clock = clock;
    }

    private static NavigableMap<SubjectName, Credential> bySubject(List<Credential> given) {
        NavigableMap<SubjectName, Credential> bySubject = new TreeMap<>();
        given.forEach(credential -> Stream.<Collection<? extends SubjectName>>of(
                        credential.coverage().exactNames(),
                        credential.coverage().wildcardNames())
                .flatMap(Collection::stream)
                .findFirst()
                .ifPresent(name -> bySubject.putIfAbsent(name, credential)));
        return bySubject;
    }

    Optional<CertificateStatus> of(SubjectName name) {
        CertificateId id = name instanceof ServerName exact ? managed.idFor(exact) : CertificateId.of(name);
        Optional<Resident> resident = residents.find(id);
        Optional<Prospect> prospect = prospects.find(id);
        Optional<Refusals.Known> refused = refusals.last(id.subject()).filter(known -> !isValid(prospect));
        if (resident.isEmpty() && prospect.isEmpty() && refused.isEmpty() && !flights.isFlying(id)) {
            return Optional.ofNullable(given.get(name)).map(credential -> ofGiven(name, credential));
        }
        return Optional.of(new CertificateStatus(
                name,
                stateOf(id, resident, prospect, refused),
                resident.map(Resident::issuer),
                notAfter(resident, prospect),
                prospect.filter(StatusBook::isToBeRenewed)
                        .flatMap(Prospect::renewal)
                        .map(moment -> new Renewal(moment.at(), moment.reason())),
                lastError(prospect, refused),
                nextTry(id, prospect, refused),
                resident.flatMap(Resident::lastUse)
                        .or(() -> prospect.flatMap(Prospect::lastUse))
                        .or(() -> refused.map(Refusals.Known::lastAsked))));
    }

    /** Of what is valid the last attempt is told by what lies ahead of it. */
    private boolean isValid(Optional<Prospect> prospect) {
        return prospect.flatMap(Prospect::notAfter)
                .filter(clock.instant()::isBefore)
                .isPresent();
    }

    private CertificateStatus ofGiven(SubjectName name, Credential credential) {
        return new CertificateStatus(
                name,
                credential.notAfter().isBefore(clock.instant()) ? State.EXPIRED : State.VALID,
                Optional.of(credential.issuer().getName()),
                Optional.of(credential.notAfter()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The names after a name, in order: those with a certificate, planned, in flight, or refused. */
    List<CertificateStatus> after(@Nullable SubjectName after, int limit) {
        NavigableSet<SubjectName> names = new TreeSet<>();
        addFirst(names, residents.inOrder(), after, limit);
        addFirst(names, prospects.inOrder(), after, limit);
        flights.namesAfter(after).stream().limit(limit).forEach(names::add);
        Stream.concat(refusals.all().keySet().stream(), given.keySet().stream())
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

    private static void addFirst(
            NavigableSet<SubjectName> names,
            NavigableMap<CertificateId, ?> byId,
            @Nullable SubjectName after,
            int limit) {
        var following = after == null ? byId : byId.tailMap(CertificateId.of(after), false);
        following.keySet().stream()
                .filter(id -> !id.isCompanion())
                .limit(limit)
                .map(CertificateId::subject)
                .forEach(names::add);
    }

    Map<State, Integer> countByState() {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        for (State state : State.values()) {
            counts.put(state, 0);
        }
        Stream.of(
                        residents.inOrder().keySet().stream(),
                        prospects.inOrder().keySet().stream().filter(id -> isAbsent(id)),
                        Stream.concat(flights.namesAfter(null).stream(), refusals.all().keySet().stream())
                                .distinct()
                                .map(CertificateId::of)
                                .filter(id -> isAbsent(id) && prospects.find(id).isEmpty()))
                .flatMap(ids -> ids)
                .filter(id -> !id.isCompanion())
                .forEach(id -> counts.merge(
                        stateOf(id, residents.find(id), prospects.find(id), refusals.last(id.subject())),
                        1,
                        Integer::sum));
        return counts;
    }

    private boolean isAbsent(CertificateId id) {
        return residents.find(id).isEmpty();
    }

    /** When the first certificate that is still valid expires. */
    Optional<Instant> earliestNotAfter() {
        Instant now = clock.instant();
        return Stream.concat(
                        residents.inOrder().values().stream()
                                .map(resident -> resident.credential().notAfter()),
                        prospects.inOrder().values().stream().flatMap(prospect -> prospect.notAfter().stream()))
                .filter(notAfter -> notAfter.isAfter(now))
                .min(Instant::compareTo);
    }

    private static Optional<Instant> notAfter(Optional<Resident> resident, Optional<Prospect> prospect) {
        return resident.map(present -> present.credential().notAfter()).or(() -> prospect.flatMap(Prospect::notAfter));
    }

    private State stateOf(
            CertificateId id,
            Optional<Resident> resident,
            Optional<Prospect> prospect,
            Optional<Refusals.Known> refused) {
        Optional<Instant> notAfter = notAfter(resident, prospect);
        if (notAfter.isPresent()) {
            return clock.instant().isAfter(notAfter.get()) ? State.EXPIRED : State.VALID;
        }
        if (flights.isFlying(id)) {
            return State.ON_ITS_WAY;
        }
        return prospect.flatMap(Prospect::failure)
                .or(() -> refused.map(Refusals.Known::refusal))
                .map(StatusBook::stateOf)
                .orElse(State.ON_ITS_WAY);
    }

    private static State stateOf(Refusal refusal) {
        return refusal.kind() == Refusal.Kind.DECIDED ? State.REFUSED : State.FAILING;
    }

    private static boolean isToBeRenewed(Prospect prospect) {
        return prospect.hold().isEmpty()
                && prospect.failure()
                        .filter(refusal -> refusal.kind() == Refusal.Kind.DECIDED)
                        .isEmpty();
    }

    private static Optional<String> lastError(Optional<Prospect> prospect, Optional<Refusals.Known> refused) {
        return prospect.flatMap(Prospect::failure)
                .map(Refusal::reason)
                .or(() -> prospect.flatMap(Prospect::hold))
                .or(() -> refused.map(known -> known.refusal().reason()));
    }

    private Optional<Instant> nextTry(CertificateId id, Optional<Prospect> prospect, Optional<Refusals.Known> refused) {
        Optional<Instant> planned = prospect.flatMap(Prospect::failure).flatMap(failure -> prospects.timeOf(id));
        return planned.or(() -> retries.timeOf(id.subject()))
                .or(() -> refused.map(known -> known.refusal().until()));
    }
}
