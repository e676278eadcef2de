package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.internal.dns.Publications;
import dev.gatehouse.acme.internal.dns.SolverTools;
import dev.gatehouse.tls.ServerName;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers DNS-01 challenges (RFC 8555, section 8.4). It owns each record from beginning to end: finds where it goes,
 * has it presented, waits until every server shows it, hands over, and has it removed, whatever became of the order.
 *
 * <pre>{@code
 * Dns01Publication publication = solver.publish("example.com", token, keyAuthorization);
 * publication.ready()
 *         .thenCompose(report -> letTheCertificateAuthorityLook())
 *         .whenComplete((done, failure) -> publication.withdraw());
 * }</pre>
 *
 * <p>Providers are called on the worker, one call at a time for each record name. Look-ups hold no thread, and all pauses
 * are the timer's. Safe for use by several threads.
 */
public final class Dns01Solver implements AutoCloseable {

    private final InstantSource clock;
    private final Publications publications;
    private volatile boolean closed;

    private Dns01Solver(SolverTools tools) {
        this.clock = tools.clock();
        this.publications = new Publications(tools);
    }

    /**
     * Begins to build a solver.
     *
     * @param settings who writes records, where, and what is checked
     * @return a builder
     */
    public static Builder builder(Dns01 settings) {
        return new Builder(Objects.requireNonNull(settings, "settings"));
    }

    /**
     * Begins to answer a challenge. Does not block.
     *
     * @param domain what is validated; {@code *.} in front is taken away
     * @param token the token of the challenge
     * @param keyAuthorization its key authorization
     * @return the publication
     * @throws IllegalArgumentException if the domain is an IP address, which DNS-01 cannot validate, or no name at all
     * @throws IllegalStateException if this is closed
     */
    public Dns01Publication publish(String domain, String token, String keyAuthorization) {
        if (closed) {
            throw new IllegalStateException(domain + ": its challenge is not answered, the DNS-01 solver is closed.");
        }
        ServerName name = ServerName.of(domain.startsWith("*.") ? domain.substring(2) : domain);
        if (name.isIpAddress()) {
            throw new IllegalArgumentException(
                    domain + ": DNS-01 does not validate IP addresses. Use http-01 or tls-alpn-01 for it (RFC 8738).");
        }
        return publications.begin(name.value(), token, keyAuthorization);
    }

    /**
     * Removes records of the journal that nobody uses any more, such as those of a run that crashed. Does not block.
     *
     * @param age how long ago they were presented at least. Where several nodes share a journal, more than an order of
     *     another node may take; an hour is enough for the usual time-outs
     * @return completes with their number when each is gone, or was given up
     */
    public CompletionStage<Integer> removeLeftovers(Duration age) {
        return publications.removeLeftovers(clock.instant().minus(age));
    }

    /** Takes no more challenges, and tries no removal again: what is left is in the journal. Calls under way end. */
    @Override
    public void close() {
        closed = true;
        publications.close();
    }

    /** What a solver works with. Each setting is made once. Not safe for use by several threads. */
    public static final class Builder {

        private final Dns01 settings;
        private @Nullable Executor worker;
        private IssuanceContext.@Nullable Timer timer;
        private @Nullable InstantSource clock;
        private @Nullable RandomGenerator random;
        private @Nullable ChallengeJournal journal;
        private @Nullable Consumer<? super Dns01Event> listener;

        private Builder(Dns01 settings) {
            this.settings = settings;
        }

        /**
         * Sets who runs what may block. Required.
         *
         * @param executor runs calls to providers and the journal, and goes on when answers come
         * @return this
         */
        public Builder worker(Executor executor) {
            requireUnset("worker", worker);
            worker = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets who runs work later. Required.
         *
         * @param newTimer runs it on a worker
         * @return this
         */
        public Builder timer(IssuanceContext.Timer newTimer) {
            requireUnset("timer", timer);
            timer = Objects.requireNonNull(newTimer, "timer");
            return this;
        }

        /**
         * Sets who tells the time.
         *
         * @param newClock the clock; the default is the system's
         * @return this
         */
        public Builder clock(InstantSource newClock) {
            requireUnset("clock", clock);
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * Sets what makes pauses differ.
         *
         * @param generator safe for use by several threads
         * @return this
         */
        public Builder random(RandomGenerator generator) {
            requireUnset("random", random);
            random = Objects.requireNonNull(generator, "generator");
            return this;
        }

        /**
         * Sets where records are written down for the time after a crash.
         *
         * @param newJournal the journal; the default is in memory
         * @return this
         */
        public Builder journal(ChallengeJournal newJournal) {
            requireUnset("journal", journal);
            journal = Objects.requireNonNull(newJournal, "journal");
            return this;
        }

        /**
         * Sets who is told what happens.
         *
         * @param newListener called on workers; must not block
         * @return this
         */
        public Builder listener(Consumer<? super Dns01Event> newListener) {
            requireUnset("listener", listener);
            listener = Objects.requireNonNull(newListener, "listener");
            return this;
        }

        /**
         * Builds the solver.
         *
         * @return the solver
         * @throws IllegalStateException if a required setting is missing, or the settings need look-ups and dnsjava is
         *     missing; the message says what to add
         */
        public Dns01Solver build() {
            return new Dns01Solver(new SolverTools(
                    settings,
                    required("worker", worker),
                    required("timer", timer),
                    clock == null ? InstantSource.system() : clock,
                    random == null ? new SecureRandom() : random,
                    journal == null ? ChallengeJournal.inMemory() : journal,
                    listener == null ? event -> {} : listener));
        }

        private static void requireUnset(String what, @Nullable Object value) {
            if (value != null) {
                throw new IllegalStateException("The " + what + " of the DNS-01 solver is set twice. Set it once.");
            }
        }

        private static <T> T required(String what, @Nullable T value) {
            if (value == null) {
                throw new IllegalStateException("The DNS-01 solver has no " + what + ". Set it before build().");
            }
            return value;
        }
    }
}
