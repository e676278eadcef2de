package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.challenge.ChallengeSettings;
import dev.gatehouse.acme.internal.challenge.ManagedChallenges;
import dev.gatehouse.acme.internal.events.Journal;
import dev.gatehouse.acme.internal.ondemand.CertificatePipeline;
import dev.gatehouse.acme.internal.ondemand.IssuerChain;
import dev.gatehouse.acme.internal.ondemand.ManagedNames;
import dev.gatehouse.acme.internal.ondemand.Refusal;
import dev.gatehouse.acme.internal.ondemand.Residents;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.acme.internal.work.BoundedClose;
import dev.gatehouse.acme.internal.work.ManagerThreads;
import dev.gatehouse.acme.internal.work.Workers;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of a server: those that it was given, those in storage, those that it manages, and those that it issues when
 * a client asks for a name for the first time. What it has issued it renews.
 *
 * <p>It is a {@link CertificateResolver}: give it to {@code ServerTls} or to a server integration. It is also the holder
 * of the answers to the challenges of its orders, see {@link #http01()}.
 *
 * <p>Making one touches neither storage nor network on the caller's thread: certificates are read from storage when they are
 * first asked for, or when their turn to be renewed comes, so a server with a hundred thousand of them starts at once. Those
 * that are in memory are bounded in number; what is used the least leaves it and stays in storage.
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
    private final Workers workers;
    private final Journal journal;
    private final Residents residents;
    private final Duration closeGrace;
    private final List<Issuer> issuers;
    private final IssuanceContext context;
    private final Optional<OnDemand> policy;
    private final CertificatePipeline pipeline;
    private final AtomicBoolean closed = new AtomicBoolean();

    CertificateManager(CertificateManagerBuilder builder, CertificateStorage storage, List<Issuer> issuers) {
        ManagedNames managed = new ManagedNames(builder.wildcardZones, builder.canProveWildcards());
        this.clock = builder.clock;
        this.storage = storage;
        this.closeGrace = builder.closeGrace;
        this.policy = Optional.ofNullable(builder.onDemand);
        this.workers = builder.workers == null ? new ManagerThreads() : builder.workers;
        this.index = CertificateIndex.create(clock);
        this.journal = new Journal(clock);
        this.http01 = new Http01Challenges(storage, clock, workers.storage());
        this.tlsAlpn01 = new TlsAlpn01Challenges(storage, clock, workers.storage());
        Alarms alarms = builder.alarms == null ? workers : builder.alarms;
        IssuanceContext.Timer timer =
                (work, delay) -> alarms.after(delay, () -> workers.orders().execute(work));
        this.challenges = builder.challenges.challenges(new ChallengeSettings.Tools(
                http01, tlsAlpn01, tlsAlpn01::isServed, storage, clock, builder.random, workers.orders(), timer));
        this.residents = new Residents(
                index,
                clock,
                builder.maxInMemory,
                (id, resident) -> journal.accept(new CertificateEvent.Evicted(id.subject(), resident.lastUse())));
        builder.credentials.forEach(index::add);
        builder.listeners.forEach(journal.listeners()::add);
        this.issuers = issuers;
        this.context = new IssuanceContext(
                storage, challenges, http01, clock, builder.random, workers.orders(), timer, journal);
        this.pipeline = new CertificatePipeline(policy, managed, issuers, host(builder, alarms));
        startOrEnd(builder.managed);
    }

    /** What is refused leaves nothing running, and the storage as open as it was. */
    private void startOrEnd(List<ManagedCertificate> managed) {
        try {
            pipeline.start(managed);
        } catch (IllegalArgumentException contradictory) {
            pipeline.ground();
            challenges.close();
            workers.close();
            journal.close();
            throw contradictory;
        }
    }

    private CertificatePipeline.Host host(CertificateManagerBuilder builder, Alarms alarms) {
        return new CertificatePipeline.Host(
                context,
                alarms,
                workers.questions(),
                workers.storage(),
                index,
                residents,
                List.copyOf(builder.credentials),
                builder.leaseLength);
    }

    /** {@return a builder} */
    public static CertificateManagerBuilder builder() {
        return new CertificateManagerBuilder();
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
        if (name.isEmpty()) {
            return CompletableFuture.completedFuture(known);
        }
        pipeline.used(name.get());
        boolean isValid = known.isPresent() && known.get().isValidAt(clock.instant());
        if (isValid || !pipeline.serves(name.get())) {
            return CompletableFuture.completedFuture(known);
        }
        return pipeline.obtain(new PermissionRequest(name.get(), hello.clientAddress()))
                .handle((obtained, failure) -> failure == null
                        ? index.select(hello)
                                .or(() -> Optional.of(obtained)
                                        .filter(served -> served.coverage().covers(name.get())))
                        : expiredOrRefused(name.get(), index.select(hello), failure));
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

    /**
     * Manages certificates from now on, each with one name: they are issued in the background, handshakes first, and renewed.
     * Nobody is asked for permission. Nothing happens to names that are managed already.
     *
     * @param names exact names and wildcard names, in any spelling
     * @return a stage that completes with how things stand after the first attempt for each; it goes on by itself
     * @throws IllegalArgumentException if one of them is no name, is in another managed certificate, or cannot be proven;
     *     nothing was changed then
     */
    public CompletionStage<List<CertificateStatus>> manage(String... names) {
        return manage(Arrays.stream(names).map(ManagedCertificate::of).toArray(ManagedCertificate[]::new));
    }

    /**
     * Manages certificates with several names or chosen keys, as {@link #manage(String...)} does.
     *
     * @param certificates the certificates
     * @return a stage that completes with how things stand after the first attempt for each
     * @throws IllegalArgumentException if a name is in another managed certificate, or cannot be proven; nothing was changed
     *     then
     */
    public CompletionStage<List<CertificateStatus>> manage(ManagedCertificate... certificates) {
        return pipeline.manage(List.of(certificates))
                .thenApply(over -> Arrays.stream(certificates)
                        .map(ManagedCertificate::subject)
                        .map(this::status)
                        .flatMap(Optional::stream)
                        .toList());
    }

    /**
     * Manages names no longer. Their certificates stay in storage, but are neither renewed nor served, unless the
     * {@linkplain OnDemand policy} for visitors' names goes on with them. Names that are not managed are ignored.
     *
     * @param names the names; of a certificate with several names, all of them
     * @throws IllegalArgumentException if one is no name, or names of the same certificate are left out; nothing was changed
     *     then
     */
    public void unmanage(String... names) {
        pipeline.unmanage(Arrays.stream(names).map(SubjectName::of).toList());
    }

    /**
     * Renews a certificate now, whatever its time, and whatever pause its name is in. The earlier one is served until then.
     *
     * @param name a name of it
     * @return a stage that completes when the new one is served; exceptionally with the reason if there is none, or if the
     *     name has no certificate and is not managed
     */
    public CompletionStage<Void> renew(SubjectName name) {
        return pipeline.renew(name);
    }

    /**
     * Revokes a certificate. One that is in use is renewed first, so that the name is served all the time; if that fails,
     * nothing is revoked. One that is not is deleted from storage.
     *
     * @param name a name of it
     * @param reason why
     * @return a stage that completes when it is revoked; exceptionally with the reason if it is not
     */
    public CompletionStage<Void> revoke(SubjectName name, RevocationReason reason) {
        return pipeline.revoke(name, reason);
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
        return pipeline.status(name);
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
        return pipeline.statuses(after, limit);
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
        return pipeline.forecast(name);
    }

    /** {@return whether somebody has to look after the certificates, and why; a snapshot that costs a look at each name} */
    public CertificateHealth health() {
        return pipeline.health();
    }

    /** {@return the manager in numbers; a snapshot that costs a look at each name} */
    public CertificateStatistics statistics() {
        return pipeline.statistics(journal.listeners().lost());
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
     * get {@linkplain CertificateManagerBuilder#closeGrace a bounded time} to end, so that what has been paid for is stored.
     * What is in memory is still served. Blocks for that time and a moment at most; does nothing the second time.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        pipeline.ground();
        await(pipeline.allLanded(), closeGrace, "Orders under way");
        await(
                CompletableFuture.runAsync(pipeline::saveUnsaved, workers.storage()),
                LAST_WRITES,
                "Writing what could not be stored before");
        challenges.close();
        workers.close();
        journal.close();
        policy.ifPresent(present -> BoundedClose.orWarn(present.permission(), log, "The permission"));
        try {
            storage.close();
        } catch (Exception unclosable) {
            throw new IllegalStateException("The certificate storage " + storage + " could not be closed", unclosable);
        }
    }

    private static void await(CompletableFuture<Void> work, Duration time, String what) {
        BoundedClose.await(work, time, log, what, "It is abandoned, and begun anew when its name is asked for again.");
    }
}
