package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.acme.internal.limits.LimitRefusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps orders away from a certificate authority that does not work, and lets one through now and then to see whether it
 * does again. Five failures in a row open it for half a minute; each probe that fails doubles that, give or take a fifth,
 * up to half an hour. In memory; never blocks.
 */
public final class CaCircuit {

    private static final Logger log = LoggerFactory.getLogger(CaCircuit.class);

    private static final int FAILURES_TO_OPEN = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

    /** A probe that tells no outcome in this time is given up, and another one is let through. */
    private static final Duration LONGEST_PROBE = Duration.ofMinutes(5);

    private final String ca;
    private final InstantSource clock;
    private final RandomGenerator random;

    private int failures;
    private int openings;

    /** While orders are kept away; past it, the next one is a probe. */
    private @Nullable Instant openUntil;

    private @Nullable Instant probeSince;
    private @Nullable String lastFailure;

    /** With what the log calls the authority. */
    public CaCircuit(String ca, InstantSource clock, RandomGenerator random) {
        this.ca = ca;
        this.clock = clock;
        this.random = random;
    }

    /** Whether orders pass. */
    public enum State {
        /** They do. */
        CLOSED,
        /** None does. */
        OPEN,
        /** One does, to see whether the authority works again. */
        HALF_OPEN
    }

    /**
     * What a status page shows.
     *
     * @param state whether orders pass
     * @param failures failures of the authority in a row
     * @param nextTry when one order will be let through, while none is
     * @param lastFailure what happened last
     */
    public record Status(State state, int failures, Optional<Instant> nextTry, Optional<String> lastFailure) {}

    /** Lets an order through, or tells when to come again. Who is let through tells the outcome. */
    public synchronized Optional<LimitRefusal> admit() {
        Instant now = clock.instant();
        Instant until = openUntil;
        if (until == null) {
            return Optional.empty();
        }
        if (now.isBefore(until)) {
            return Optional.of(refusal(until));
        }
        Instant since = probeSince;
        if (since != null && now.isBefore(since.plus(LONGEST_PROBE))) {
            return Optional.of(refusal(now.plus(FIRST_PAUSE)));
        }
        probeSince = now;
        log.info("{}: one order is let through, to see whether the certificate authority works again", ca);
        return Optional.empty();
    }

    /** The authority has answered, be it with a certificate or with a refusal of the name. */
    public synchronized void answered() {
        if (openUntil != null) {
            log.info("{}: the certificate authority answers again; orders pass", ca);
        }
        failures = 0;
        openings = 0;
        openUntil = null;
        probeSince = null;
    }

    /** Who was let through has not come to ask the authority: the next one may. */
    public synchronized void unused() {
        probeSince = null;
    }

    /** The authority has not answered, or with a fault of its own. */
    public synchronized void failed(String what) {
        failures++;
        lastFailure = what;
        Instant until = openUntil;
        boolean latecomer = until != null && probeSince == null;
        if (failures < FAILURES_TO_OPEN || latecomer) {
            return;
        }
        probeSince = null;
        Instant chosen = clock.instant().plus(pause());
        openUntil = chosen;
        openings++;
        log.warn(
                "{}: {} failures of the certificate authority in a row, the last one: {}. No orders before {}.",
                ca,
                failures,
                what,
                chosen);
    }

    /** Now. */
    public synchronized Status status() {
        Instant until = openUntil;
        Optional<String> last = failures == 0 ? Optional.empty() : Optional.ofNullable(lastFailure);
        if (until == null) {
            return new Status(State.CLOSED, failures, Optional.empty(), last);
        }
        return clock.instant().isBefore(until)
                ? new Status(State.OPEN, failures, Optional.of(until), last)
                : new Status(State.HALF_OPEN, failures, Optional.empty(), last);
    }

    private Duration pause() {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(openings, 10));
        Duration pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        return Duration.ofMillis((long) (pause.toMillis() * random.nextDouble(0.8, 1.2)));
    }

    private LimitRefusal refusal(Instant freesAt) {
        return new LimitRefusal(
                "circuit",
                ca + " does not work (" + failures + " failures in a row, the last one: " + lastFailure + ")",
                freesAt);
    }
}
