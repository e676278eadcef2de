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
 * @param http01 where it publishes answers to HTTP-01 challenges
 * @param clock tells the time
 * @param random makes pauses differ; safe for use by several threads
 * @param worker runs work that may block
 * @param timer runs work later
 * @param events is told what happens
 */
public record IssuanceContext(
        CertificateStorage storage,
        Http01Challenges http01,
        InstantSource clock,
        RandomGenerator random,
        Executor worker,
        Timer timer,
        Consumer<CertificateEvent> events) {

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
