package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.source.Look.Reading;
import dev.gatehouse.tls.source.Look.Unusable;
import dev.gatehouse.tls.source.SourceEvent.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One source and what is served of it. Confined to one thread, except for the lists that it gives away. */
final class SourceState implements AutoCloseable {

    private final CertificateSource source;
    private final SourceReader reader;
    private final InstantSource clock;
    private final SourceLog log;
    private final Troubles troubles = new Troubles();
    private Map<String, Held> held = Map.of();
    private @Nullable Reading postponed;
    private Instant retryAt = Instant.MAX;
    private volatile List<Credential> credentials = List.of();
    private volatile List<Refused> refusals = List.of();

    SourceState(CertificateSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.reader = source.open(clock);
        this.log = new SourceLog(source.name());
    }

    /** What is served; safe to call from any thread. */
    List<Credential> credentials() {
        return credentials;
    }

    /** What is wrong; safe to call from any thread. */
    List<Refused> refusals() {
        return refusals;
    }

    /**
     * Reads the source for the first time.
     *
     * @throws CredentialException if nothing of it can be used, or it does not cover what it should
     */
    void load() {
        Instant now = clock.instant();
        Reading reading = firstReading();
        Plan plan = Plan.of(held, reading, now);
        String problem =
                plan.after().isEmpty() ? Demands.whyEmpty(plan.troubles()) : Demands.whyUncovered(source, plan);
        if (problem != null) {
            throw new CredentialException(source.name() + ": " + problem);
        }
        hold(plan, reading);
        troubles.are(plan.troubles(), now);
        log.refused(refusals(troubles.dueAtOnce()), held.size());
        log.doubts(held.values().stream(), now);
    }

    private Reading firstReading() {
        Look look = reader.look();
        if (look instanceof Reading reading) {
            return reading;
        }
        String problem = look instanceof Unusable unusable ? unusable.problem() : "It shows nothing.";
        throw new CredentialException(source.name() + ": " + problem);
    }

    /** Notes why the source could not be loaded; later looks may find it in order. */
    void startWithout(CredentialException problem) {
        String message = String.valueOf(problem.getMessage());
        String subject = source.name() + ": ";
        String reason = message.startsWith(subject) ? message.substring(subject.length()) : message;
        troubles.add(new Trouble(source.name(), reason, reason), clock.instant());
        reader.distrust();
    }

    /** Puts what was loaded into an index. */
    void publish(CertificateIndex index, Consumer<SourceEvent> listener) {
        held.values().forEach(each -> index.add(each.credential()));
        if (!held.isEmpty()) {
            log.started(held.values());
        }
        held.forEach((place, each) -> listener.accept(new SourceEvent.Loaded(source, place, each.credential())));
        refusals.forEach(listener);
    }

    /**
     * Looks for changes and puts them into the index.
     *
     * @param atOnce whether troubles are told even if they may be over in a moment
     */
    void look(CertificateIndex index, Consumer<SourceEvent> listener, boolean atOnce) {
        Instant now = clock.instant();
        List<SourceEvent> events = new ArrayList<>();
        Look look = reader.look();
        if (look instanceof Unusable unusable) {
            troubles.add(new Trouble(source.name(), unusable.problem(), unusable.content()), now);
        } else if (look instanceof Reading reading) {
            events = take(reading, index, now);
        } else if (postponed != null && !now.isBefore(retryAt)) {
            events = take(postponed, index, now);
        }
        List<Refused> news = refusals(atOnce ? troubles.dueAtOnce() : troubles.due(now));
        refusals = refusals(troubles.all());
        log.changed(events);
        log.refused(news, held.size());
        log.doubts(changed(events), now);
        events.forEach(listener);
        news.forEach(listener);
    }

    /** Makes the next look read everything again. */
    void distrust() {
        reader.distrust();
    }

    @Override
    public void close() {
        reader.close();
    }

    /** {@return the name of the source} */
    @Override
    public String toString() {
        return source.name();
    }

    private List<SourceEvent> take(Reading reading, CertificateIndex index, Instant now) {
        Plan plan = Plan.of(held, reading, now);
        String problem = plan.after().isEmpty() ? Demands.whyGone(plan, held) : Demands.whyUncovered(source, plan);
        if (problem != null) {
            List<Object> content =
                    reading.found().stream().<Object>map(Found::digest).toList();
            troubles.add(new Trouble(source.name(), problem, content), now);
            return List.of();
        }
        List<SourceEvent> events = new ArrayList<>(Exchange.in(index, source, held, plan.after()));
        Set<String> told = events.stream().map(SourceEvent::place).collect(Collectors.toSet());
        hold(plan, reading);
        troubles.are(plan.troubles(), now).stream()
                .filter(place -> !told.contains(place))
                .forEach(place -> events.add(new SourceEvent.Recovered(source, place)));
        return events;
    }

    private void hold(Plan plan, Reading reading) {
        Instant retry = plan.retryAt();
        held = plan.after();
        postponed = retry == null ? null : reading;
        retryAt = retry == null ? Instant.MAX : retry;
        credentials = held.values().stream().map(Held::credential).distinct().toList();
    }

    private Stream<Held> changed(List<SourceEvent> events) {
        return events.stream()
                .filter(event -> event instanceof SourceEvent.Loaded || event instanceof SourceEvent.Replaced)
                .flatMap(event -> Optional.ofNullable(held.get(event.place())).stream());
    }

    private List<Refused> refusals(List<Trouble> some) {
        return some.stream()
                .map(trouble -> new Refused(source, trouble.place(), trouble.reason(), kept(trouble.place())))
                .toList();
    }

    private Optional<Credential> kept(String place) {
        Held there = held.get(place);
        if (there == null && place.equals(source.name()) && held.size() == 1) {
            there = held.values().iterator().next();
        }
        return Optional.ofNullable(there).map(Held::credential);
    }
}
