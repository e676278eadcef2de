package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.dns.ChallengeJournal;
import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.dns.Dns01Event;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a solver and its parts work with.
 *
 * @param settings what the user wants
 * @param worker runs what may block
 * @param timer runs work later
 * @param clock tells the time
 * @param random makes pauses differ
 * @param journal knows the records across a crash
 * @param listener is told what happens
 */
public record SolverTools(
        Dns01 settings,
        Executor worker,
        IssuanceContext.Timer timer,
        InstantSource clock,
        RandomGenerator random,
        ChallengeJournal journal,
        Consumer<? super Dns01Event> listener) {

    private static final Logger log = LoggerFactory.getLogger(SolverTools.class);

    /** Tells the listener, whose failures disturb nothing. */
    void tell(Dns01Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException failure) {
            log.error("{}: a listener failed on {}", event.record().name(), event, failure);
        }
    }
}
