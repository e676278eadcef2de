package dev.gatehouse.acme;

import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.internal.challenge.ChallengeSettings;
import dev.gatehouse.acme.internal.challenge.ManagedChallenges;
import dev.gatehouse.acme.internal.events.Journal;
import dev.gatehouse.acme.internal.ondemand.IssuerChain;
import dev.gatehouse.acme.internal.ondemand.OnDemandPipeline;
import dev.gatehouse.acme.internal.ondemand.Refusal;
import dev.gatehouse.acme.internal.ondemand.Residents;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.acme.internal.work.BoundedClose;
import dev.gatehouse.acme.internal.work.ManagerThreads;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of a server: those that it was given, those in storage, and those that it issues when a client asks
 * for a name for the first time.
 *
 * <p>It is a {@link CertificateResolver}: give it to {@code ServerTls} or to a server integration. It is also the holder
 * of the answers to the challenges of its orders, see {@link #http01()}.
 *
 * <p>Making one touches neither storage nor network: certificates are read from storage when they are first asked for, so a
 * server with a hundred thousand of them starts at once. Those that are in memory are bounded in number; what is used the
 * least leaves it and stays in storage.
 *
 * <p><b>Threads.</b> Safe for use by several threads; nothing here blocks, except {@link #close()}. Its own threads are
 * daemons with names: {@code gatehouse-ask-N} for the permission, {@code gatehouse-storage-N}, {@code gatehouse-order-N}
 * for requests to the certificate authority, {@code gatehouse-events-N} for listeners, and a timer. They are virtual threads
 * on JDK 24 and later, else at most 70 platform threads, which end when they are idle.
 */
public final class CertificateManager implements CertificateResolver, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CertificateManager.class);

    private static final Duration LAST_WRITES = Duration.ofSeconds(2);

    private final CertificateIndex index;
    private final InstantSource clock;
    private final Http01Challenges http01;
    private final TlsAlpn01Challenges tlsAlpn01;
    private final ManagedChallenges challenges;
    private final CertificateStorage storage;
    private final ManagerThreads threads = new ManagerThreads();
    private final Journal journal;
    private final Residents residents;
    private final Duration closeGrace;
    private final List<Issuer> issuers;
    private final IssuanceContext context;
    private final @Nullable OnDemand policy;
    private final @Nullable OnDemandPipeline onDemand;
    private final AtomicBoolean closed = new AtomicBoolean();

    private CertificateManager(Builder builder, CertificateStorage storage, List<Issuer> issuers) {
        this.clock = builder.clock;
        this.storage = storage;
        this.closeGrace = builder.closeGrace;
        this.policy = builder.onDemand;
        this.index = CertificateIndex.create(clock);
        this.journal = new Journal(clock);
        this.http01 = new Http01Challenges(storage, clock, threads.storage());
        this.tlsAlpn01 = new TlsAlpn01Challenges(storage, clock, threads.storage());
        Alarms alarms = builder.alarms == null ? threads : builder.alarms;
        IssuanceContext.Timer timer =
                (work, delay) -> alarms.after(delay, () -> threads.orders().execute(work));
        this.challenges = builder.challenges.challenges(new ChallengeSettings.Tools(
                http01, tlsAlpn01, tlsAlpn01::isServed, storage, clock, builder.random, threads.orders(), timer));
        this.residents = new Residents(
                index,
                clock,
                builder.maxInMemory,
                (name, resident) ->
                        journal.accept(new CertificateEvent.Evicted(name, Optional.of(resident.lastUse()))));
        builder.credentials.forEach(index::add);
        builder.listeners.forEach(journal.listeners()::add);
        this.issuers = issuers;
        this.context = new IssuanceContext(
                storage, challenges, http01, clock, builder.random, threads.orders(), timer, journal);
        this.onDemand = policy == null ? null : new OnDemandPipeline(policy, issuers, host(builder, alarms));
    }

    private OnDemandPipeline.Host host(Builder builder, Alarms alarms) {
        return new OnDemandPipeline.Host(
                context, alarms, threads.questions(), threads.storage(), index, residents, builder.leaseLength);
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Finds the credential for a handshake: a valid one from memory at once, else what the on-demand policy yields. All
     * handshakes for one name share one way to its certificate, and its outcome. When there is no valid certificate an
     * expired one is shown, if there is one.
     *
     * <p>A certificate authority that validates a name by TLS-ALPN-01 is shown what answers it, and nobody else.
     *
     * @param hello what the client said
     * @return a stage that completes with the credential, or with empty if the name is missing or there is no policy for
     *     it; or exceptionally with a {@link dev.gatehouse.tls.NoCertificateException} that says why there is none, within
     *     the time of {@link OnDemand#waitAtMost}
     */
    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        if (hello.isAcmeChallenge()) {
            return tlsAlpn01.find(hello);
        }
        Optional<Credential> known = index.select(hello);
        Optional<ServerName> name = hello.serverName().filter(requested -> !requested.isIpAddress());
        if (onDemand == null || name.isEmpty()) {
            return CompletableFuture.completedFuture(known);
        }
        residents.used(name.get());
        if (known.isPresent() && known.get().isValidAt(clock.instant())) {
            return CompletableFuture.completedFuture(known);
        }
        return onDemand.obtain(new PermissionRequest(name.get(), hello.clientAddress()))
                .handle((obtained, failure) -> failure == null
                        ? index.select(hello).or(() -> Optional.of(obtained))
                        : expiredOrRefused(name.get(), known, failure));
    }

    private Optional<Credential> expiredOrRefused(ServerName name, Optional<Credential> known, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof Refusal refusal)) {
            throw new CompletionException(cause);
        }
        if (known.isEmpty()) {
            throw refusal.forHandshake();
        }
        if (refusal.isFirstToServeStale()) {
            journal.accept(new CertificateEvent.ServedStale(name, known.get().notAfter(), refusal.reason()));
        }
        return known;
    }

    /** Lets TLS-ALPN-01 challenges be answered by a gate, from now on. Called by {@code ServerTls}. */
    @Override
    public Set<String> attachGate() {
        return tlsAlpn01.attachGate();
    }

    /** {@return the answers to TLS-ALPN-01 challenges, for a server that negotiates TLS in a way of its own} */
    public TlsAlpn01Challenges tlsAlpn01() {
        return tlsAlpn01;
    }

    /** {@return the answers to HTTP-01 challenges, for the handler on port 80} */
    public Http01Challenges http01() {
        return http01;
    }

    /**
     * Tells how things stand with a name.
     *
     * @param name the name
     * @return a snapshot; empty if nothing is known of the name in memory, though storage may have its certificate
     */
    public Optional<CertificateStatus> status(SubjectName name) {
        return onDemand == null ? Optional.empty() : onDemand.status(name);
    }

    /**
     * Tells how things stand with the first names, in their order. To see all, ask again for those after the last one.
     *
     * @param limit how many names at most, 1 to 10,000
     * @return snapshots
     * @throws IllegalArgumentException if the limit is out of its range
     */
    public List<CertificateStatus> statuses(int limit) {
        return statuses(null, limit);
    }

    /**
     * Tells how things stand with the names that follow a name.
     *
     * @param after the last name of the page before
     * @param limit how many names at most, 1 to 10,000
     * @return snapshots; none after the last name
     * @throws IllegalArgumentException if the limit is out of its range
     */
    public List<CertificateStatus> statusesAfter(SubjectName after, int limit) {
        return statuses(after, limit);
    }

    private List<CertificateStatus> statuses(@Nullable SubjectName after, int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to 10000)");
        }
        return onDemand == null ? List.of() : onDemand.statuses(after, limit);
    }

    /**
     * Gives the account at each issuer a new key, as one does from time to time, or when a key may be known to others (RFC
     * 8555, section 7.3.5). The earlier key is kept in storage until the authority has agreed to the new one, so that nothing
     * is lost wherever it breaks off; other nodes find the new one by themselves.
     *
     * @return a stage that completes when all accounts have new keys, or exceptionally with what one of the issuers said,
     *     when all have been asked
     */
    public CompletionStage<Void> rollOverAccountKeys() {
        return closed.get()
                ? CompletableFuture.failedFuture(new IllegalStateException("The certificate manager is closed."))
                : IssuerChain.rollOverAccountKeys(issuers, context);
    }

    /**
     * Tells how much of the limits of the certificate authority is used as far as a name is concerned, and when it frees.
     *
     * @param name the name
     * @return a stage that completes with words such as {@code 41 of 50 certificates for example.com used, all free in 2 d},
     *     when they have been counted in storage; it fails when the manager is closed
     */
    public CompletionStage<String> forecast(SubjectName name) {
        return onDemand == null ? CompletableFuture.completedFuture("no limits") : onDemand.forecast(name);
    }

    /** {@return whether somebody has to look after the certificates, and why; a snapshot that costs a look at each name} */
    public CertificateHealth health() {
        return onDemand == null ? new CertificateHealth(List.of(), 0) : onDemand.health();
    }

    /** {@return the manager in numbers; a snapshot that costs a look at each name} */
    public CertificateStatistics statistics() {
        return onDemand == null
                ? new CertificateStatistics(
                        Map.of(),
                        Optional.empty(),
                        0,
                        0,
                        0,
                        0,
                        journal.listeners().lost())
                : onDemand.statistics(journal.listeners().lost());
    }

    /**
     * Tells somebody of all events from now on, on a thread of the manager's. Events come in order; when a listener is so
     * slow that ten thousand wait for it, further ones are lost, which is counted and logged. What it throws is logged.
     *
     * @param listener is told
     * @return ends it when closed
     */
    public Subscription listen(Consumer<? super CertificateEvent> listener) {
        journal.listeners().add(listener);
        return () -> journal.listeners().remove(listener);
    }

    /** A listener that is told of events until this is closed. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {

        /** Ends it. */
        @Override
        void close();
    }

    /**
     * Stops issuing, and closes permission and storage. Handshakes that wait are refused at once; orders that are under way
     * get {@linkplain Builder#closeGrace a bounded time} to end, so that what has been paid for is stored. What is in memory
     * is still served. Blocks for that time and a moment at most; does nothing the second time.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (onDemand != null) {
            onDemand.ground();
            await(onDemand.allLanded(), closeGrace, "Orders under way");
            await(
                    CompletableFuture.runAsync(onDemand::saveUnsaved, threads.storage()),
                    LAST_WRITES,
                    "Writing what could not be stored before");
        }
        challenges.close();
        threads.close();
        journal.close();
        if (policy != null) {
            BoundedClose.orWarn(policy.permission(), log, "The permission");
        }
        try {
            storage.close();
        } catch (Exception unclosable) {
            throw new IllegalStateException("The certificate storage " + storage + " could not be closed", unclosable);
        }
    }

    private static void await(CompletableFuture<Void> work, Duration time, String what) {
        BoundedClose.await(work, time, log, what, "It is abandoned, and begun anew when its name is asked for again.");
    }

    /** Collects the settings. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable CertificateStorage storage;
        private @Nullable List<Issuer> issuers;
        private @Nullable OnDemand onDemand;
        private final ChallengeSettings challenges = new ChallengeSettings();
        private final List<Credential> credentials = new ArrayList<>();
        private final List<Consumer<? super CertificateEvent>> listeners = new ArrayList<>();
        private int maxInMemory = 100_000;
        private Duration closeGrace = Duration.ofSeconds(5);
        private Duration leaseLength = Duration.ofSeconds(15);
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new Random();
        private @Nullable Alarms alarms;

        private Builder() {}

        /**
         * Sets where certificates and accounts are kept. Required.
         *
         * @param storage the storage; the manager closes it
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder storage(CertificateStorage storage) {
            requireUnset(this.storage, "storage");
            this.storage = storage;
            return this;
        }

        /**
         * Sets who issues. Required, unless there are {@link #issuers several}.
         *
         * @param issuer the issuer
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder issuer(Issuer issuer) {
            return issuers(issuer);
        }

        /**
         * Sets who issues, in the order in which they are asked. Each certificate is ordered at the first of them; the next
         * one is asked when it does not work, when its limits are used up, and when it refuses the order for reasons of its
         * own. A name that does not lead here is not tried elsewhere, since all would see the same. Each has its own account,
         * limits and pauses; a name returns to the first one with its next renewal.
         *
         * @param first the issuer that is asked first
         * @param next those that are asked after it, in this order
         * @return this builder
         * @throws IllegalArgumentException if two have the same identity
         * @throws IllegalStateException if an issuer was set already
         */
        public Builder issuers(Issuer first, Issuer... next) {
            requireUnset(issuers, "issuer");
            this.issuers = IssuerChain.inOrder(first, next);
            return this;
        }

        /**
         * Sets the policy for names that are not known beforehand. Without it nothing is issued on demand.
         *
         * @param policy the policy
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder onDemand(OnDemand policy) {
            requireUnset(this.onDemand, "onDemand");
            this.onDemand = policy;
            return this;
        }

        /**
         * Answers DNS-01 challenges, which alone prove control of wildcard names. Then DNS-01 is tried first for all names.
         *
         * @param settings who writes the records
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder dns01(Dns01 settings) {
            challenges.dns01(settings);
            return this;
        }

        /**
         * Uses only these types of challenges, and prefers them in this order. Default: {@code dns-01} if it is set, then
         * {@code http-01}, then {@code tls-alpn-01} if a TLS gate asks this manager. To name {@code tls-alpn-01} here says
         * that there is a gate, perhaps of another node.
         *
         * @param types at least one, each once
         * @return this builder
         * @throws IllegalStateException if it was set already
         * @throws IllegalArgumentException if there are none, or one is named twice
         */
        public Builder challenges(ChallengeType... types) {
            challenges.types(types);
            return this;
        }

        /**
         * Adds a credential that comes from elsewhere, such as an origin certificate. It is served as it is, and never
         * renewed.
         *
         * @param credential the credential
         * @return this builder
         */
        public Builder credential(Credential credential) {
            credentials.add(credential);
            return this;
        }

        /**
         * Adds a listener from the first event on, as {@link CertificateManager#listen} does later.
         *
         * @param listener is told what happens
         * @return this builder
         */
        public Builder listener(Consumer<? super CertificateEvent> listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Bounds how many issued certificates are in memory; each takes about one and a half kilobytes. Those that were not
         * used for the longest time leave first. They are still in storage and come back when they are asked for. Default
         * 100,000.
         *
         * @param certificates how many, at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxInMemory(int certificates) {
            if (certificates < 1) {
                throw new IllegalArgumentException("certificates: " + certificates + " (expected: at least 1)");
            }
            this.maxInMemory = certificates;
            return this;
        }

        /**
         * Bounds how long {@link CertificateManager#close()} waits for orders that are under way. Default 5 seconds.
         *
         * @param grace zero to one minute
         * @return this builder
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder closeGrace(Duration grace) {
            if (grace.isNegative() || grace.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("grace: " + grace + " (expected: zero to one minute)");
            }
            this.closeGrace = grace;
            return this;
        }

        /**
         * Sets the clock by which validity, limits and pauses are judged. Default: the system's.
         *
         * @param clock tells the time
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Sets the source of jitter. Default: a {@link Random}.
         *
         * @param random safe for use by several threads
         * @return this builder
         */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** Sets what calls back later, for tests that are the time. */
        Builder alarms(Alarms newAlarms) {
            this.alarms = newAlarms;
            return this;
        }

        /** Sets how long an order is this node's without a sign of life. */
        Builder leaseLength(Duration length) {
            this.leaseLength = length;
            return this;
        }

        /**
         * Makes the manager. Neither storage nor network is touched.
         *
         * @return the manager, to be closed
         * @throws IllegalStateException if storage or issuer is missing, or {@link #challenges} and {@link #dns01} contradict
         *     each other
         */
        public CertificateManager build() {
            challenges.requireConsistent();
            return new CertificateManager(
                    this,
                    required(storage, "storage", "FileStorage.at(folder)"),
                    required(issuers, "issuer", "AcmeIssuer.letsEncrypt()"));
        }

        private static <T> T required(@Nullable T value, String setting, String example) {
            if (value == null) {
                throw new IllegalStateException(setting + " is not set. Set it, for example to " + example + ".");
            }
            return value;
        }

        private static void requireUnset(@Nullable Object value, String setting) {
            if (value != null) {
                throw new IllegalStateException(setting + " was already set to " + value);
            }
        }
    }
}
