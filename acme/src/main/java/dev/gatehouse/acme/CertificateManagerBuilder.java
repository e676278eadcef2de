package dev.gatehouse.acme;

import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.internal.challenge.ChallengeSettings;
import dev.gatehouse.acme.internal.ondemand.IssuerChain;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.acme.internal.work.Workers;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link CertificateManager}. Each is made once. Not safe for use by several threads. */
public final class CertificateManagerBuilder {

    @Nullable
    CertificateStorage storage;

    @Nullable
    List<Issuer> issuers;

    @Nullable
    OnDemand onDemand;

    final ChallengeSettings challenges = new ChallengeSettings();
    final List<Credential> credentials = new ArrayList<>();
    final List<ManagedCertificate> managed = new ArrayList<>();
    final Set<ServerName> wildcardZones = new HashSet<>();
    final List<Consumer<? super CertificateEvent>> listeners = new ArrayList<>();
    int maxInMemory = 100_000;
    Duration closeGrace = Duration.ofSeconds(5);
    Duration leaseLength = Duration.ofSeconds(15);
    InstantSource clock = InstantSource.system();
    RandomGenerator random = new Random();

    @Nullable
    Alarms alarms;

    @Nullable
    Workers workers;

    CertificateManagerBuilder() {}

    /**
     * Sets where certificates and accounts are kept. Required.
     *
     * @param storage the storage; the manager closes it
     * @return this builder
     * @throws IllegalStateException if it was set already
     */
    public CertificateManagerBuilder storage(CertificateStorage storage) {
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
    public CertificateManagerBuilder issuer(Issuer issuer) {
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
    public CertificateManagerBuilder issuers(Issuer first, Issuer... next) {
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
    public CertificateManagerBuilder onDemand(OnDemand policy) {
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
    public CertificateManagerBuilder dns01(Dns01 settings) {
        challenges.dns01(settings);
        return this;
    }

    /**
     * Adds certificates that the manager is to have at all times, each with one name.
     *
     * @param names exact names and wildcard names, in any spelling
     * @return this builder
     * @throws dev.gatehouse.tls.InvalidNameException if one of them is no name
     */
    public CertificateManagerBuilder manage(String... names) {
        Arrays.stream(names).map(ManagedCertificate::of).forEach(managed::add);
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
    public CertificateManagerBuilder challenges(ChallengeType... types) {
        challenges.types(types);
        return this;
    }

    /**
     * Adds certificates with several names or chosen keys.
     *
     * @param certificates the certificates
     * @return this builder
     */
    public CertificateManagerBuilder manage(ManagedCertificate... certificates) {
        managed.addAll(List.of(certificates));
        return this;
    }

    /**
     * Takes one wildcard certificate in the place of single ones: managed single names right below these zones share
     * {@code *.zone}, unless a key is chosen for them. Needs DNS-01.
     *
     * @param zones domains such as {@code example.com}
     * @return this builder
     * @throws dev.gatehouse.tls.InvalidNameException if one of them is no name
     */
    public CertificateManagerBuilder coverWithWildcard(String... zones) {
        Arrays.stream(zones).map(ServerName::of).forEach(wildcardZones::add);
        return this;
    }

    /** ACME authorities want DNS-01 for them. Other issuers have ways of their own, if they want a proof at all. */
    boolean canProveWildcards() {
        return challenges.haveDns01()
                || issuers != null && issuers.stream().anyMatch(issuer -> !(issuer instanceof AcmeIssuer));
    }

    /**
     * Adds a credential that comes from elsewhere, such as an origin certificate. It is served as it is, and never
     * renewed.
     *
     * @param credential the credential
     * @return this builder
     */
    public CertificateManagerBuilder credential(Credential credential) {
        credentials.add(credential);
        return this;
    }

    /**
     * Adds a listener from the first event on, as {@link CertificateManager#listen} does later.
     *
     * @param listener is told what happens
     * @return this builder
     */
    public CertificateManagerBuilder listener(Consumer<? super CertificateEvent> listener) {
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
    public CertificateManagerBuilder maxInMemory(int certificates) {
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
    public CertificateManagerBuilder closeGrace(Duration grace) {
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
    public CertificateManagerBuilder clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Sets the source of jitter. Default: a {@link Random}.
     *
     * @param random safe for use by several threads
     * @return this builder
     */
    public CertificateManagerBuilder random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /** Sets what calls back later, for tests that are the time. */
    CertificateManagerBuilder alarms(Alarms newAlarms) {
        this.alarms = newAlarms;
        return this;
    }

    /** Sets who does the work, for tests that are the threads. */
    CertificateManagerBuilder workers(Workers newWorkers) {
        this.workers = newWorkers;
        return this;
    }

    /** Sets how long an order is this node's without a sign of life. */
    CertificateManagerBuilder leaseLength(Duration length) {
        this.leaseLength = length;
        return this;
    }

    /**
     * Makes the manager. Neither storage nor network is touched by this thread.
     *
     * @return the manager, to be closed
     * @throws IllegalStateException if storage or issuer is missing, or {@link #challenges} and {@link #dns01} contradict
     *     each other
     * @throws IllegalArgumentException if a name is in two managed certificates, or is a wildcard that cannot be proven
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
