package dev.gatehouse.acme;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What a certificate manager lends to an {@link Issuer} for its work. Safe for use by several threads.
 *
 * @param storage where the issuer keeps its account
 * @param challenges where it publishes answers to challenges
 * @param http01 where the look before an order publishes what it fetches
 * @param clock tells the time
 * @param random makes pauses differ; safe for use by several threads
 * @param worker runs work that may block
 * @param timer runs work later
 * @param events is told what happens
 */
public record IssuanceContext(
        CertificateStorage storage,
        Challenges challenges,
        Http01Challenges http01,
        InstantSource clock,
        RandomGenerator random,
        Executor worker,
        Timer timer,
        Consumer<CertificateEvent> events) {

    /**
     * Tells somebody else of the events, too.
     *
     * @param listener is told before {@link #events}, on the thread that tells; must not block
     * @return the same with this listener
     */
    public IssuanceContext alsoTelling(Consumer<? super CertificateEvent> listener) {
        return new IssuanceContext(storage, challenges, http01, clock, random, worker, timer, event -> {
            listener.accept(event);
            events.accept(event);
        });
    }

    /** Runs work after a delay, so that nothing sleeps on a worker. */
    @FunctionalInterface
    public interface Timer {

        /**
         * Runs work on a worker after a delay.
         *
         * @param work what to run; it may block
         * @param delay how long to wait
         */
        void schedule(Runnable work, Duration delay);
    }
}
