package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.internal.work.Agenda;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries names that failed again when their time has come, as long as somebody still asks for them: so the visitor after the
 * failure was mended finds the certificate ready. Names that wait hold nothing but an entry, and few are at work at once.
 */
final class Retries {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final int MAX_NAMES = 10_000;
    private static final int MAX_AT_WORK = 8;
    private static final Duration INTEREST = Duration.ofDays(1);

    private final InstantSource clock;
    private final Function<SubjectName, CompletionStage<?>> attempt;
    private final Agenda<SubjectName> agenda;
    private final Map<SubjectName, Instant> lastAsked = new ConcurrentHashMap<>();

    /** With what starts an attempt without blocking, and completes when it is over. */
    Retries(InstantSource clock, Alarms alarms, Function<SubjectName, CompletionStage<?>> attempt) {
        this.clock = clock;
        this.attempt = attempt;
        this.agenda = new Agenda<>(clock, alarms, MAX_NAMES, MAX_AT_WORK, this::start);
    }

    /** A visitor's attempt has failed. */
    void failed(SubjectName name, Instant nextTry) {
        lastAsked.put(name, clock.instant());
        enter(name, nextTry);
    }

    /** An attempt that nobody waited for has failed. */
    void failedAgain(SubjectName name, Instant nextTry) {
        Instant asked = lastAsked.get(name);
        if (asked != null && asked.plus(INTEREST).isAfter(clock.instant())) {
            enter(name, nextTry);
        } else {
            lastAsked.remove(name);
            log.info("{}: not tried again, nobody has asked for it for a day. The next visitor sets it going.", name);
        }
    }

    /** A visitor has asked for a name that waits. */
    void askedFor(SubjectName name) {
        lastAsked.computeIfPresent(name, (present, before) -> clock.instant());
    }

    /** There is nothing to be tried any more. */
    void forget(SubjectName name) {
        agenda.remove(name);
        lastAsked.remove(name);
    }

    Optional<Instant> timeOf(SubjectName name) {
        return agenda.timeOf(name);
    }

    int size() {
        return agenda.size();
    }

    void close() {
        agenda.close();
    }

    private void enter(SubjectName name, Instant nextTry) {
        agenda.put(name, nextTry).ifPresent(leftOut -> {
            lastAsked.remove(leftOut);
            log.warn(
                    "{}: not tried again by itself, {} other names fail, too. The next visitor sets it going.",
                    leftOut,
                    MAX_NAMES);
        });
    }

    private void start(SubjectName name) {
        attempt.apply(name).whenComplete((outcome, failure) -> agenda.done());
    }
}
