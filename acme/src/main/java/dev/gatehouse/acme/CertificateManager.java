package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.ondemand.OnDemandPipeline;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a server: those that it was given, those in storage, and those that it issues when a client asks
 * for a name for the first time.
 *
 * <p>It is a {@link CertificateResolver}: give it to {@code ServerTls} or to a server integration. It is also the holder
 * of the answers to the challenges of its orders, see {@link #http01()}.
 *
 * <p><b>Threads.</b> Safe for use by several threads; nothing here blocks. It owns at most twelve daemon threads,
 * {@code gatehouse-ask-N} for the permission, {@code gatehouse-order-N} for storage and the certificate authority, and a
 * timer. Hooks and listeners run on them.
 */
public final class CertificateManager implements CertificateResolver, AutoCloseable {

    private final CertificateIndex index;
    private final InstantSource clock;
    private final Http01Challenges http01;
    private final CertificateStorage storage;
    private final ManagerThreads threads;
    private final @Nullable OnDemandPipeline onDemand;

    private CertificateManager(Builder builder, CertificateStorage storage, Issuer issuer) {
        this.clock = builder.clock;
        this.storage = storage;
        this.index = CertificateIndex.create(clock);
        this.http01 = new Http01Challenges();
        this.threads = new ManagerThreads();
        builder.credentials.forEach(index::add);
        IssuanceContext context = new IssuanceContext(
                storage,
                http01,
                clock,
                builder.random,
                threads.orders(),
                threads::schedule,
                new SafeListeners(builder.listeners));
        this.onDemand = builder.onDemand == null
                ? null
                : new OnDemandPipeline(builder.onDemand, issuer, context, threads.questions(), index);
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Finds the credential for a handshake: a valid one from memory at once, else what the on-demand policy yields.
     *
     * @param hello what the client said
     * @return a stage that completes with the credential, or with empty if the name is missing, not permitted, or could
     *     not be issued; it never completes exceptionally while the manager is open
     */
    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        Optional<Credential> known = index.select(hello);
        boolean isValid = known.isPresent() && known.get().isValidAt(clock.instant());
        Optional<ServerName> name = hello.serverName().filter(requested -> !requested.isIpAddress());
        if (isValid || onDemand == null || name.isEmpty()) {
            return CompletableFuture.completedFuture(known);
        }
        return onDemand.obtain(new PermissionRequest(name.get(), hello.clientAddress()))
                .thenApply(obtained -> obtained.isPresent() ? index.select(hello) : known);
    }

    /** {@return the answers to HTTP-01 challenges, for the handler on port 80} */
    public Http01Challenges http01() {
        return http01;
    }

    /**
     * Stops issuing, and closes the storage. Handshakes that wait are refused; what is in memory is still served.
     */
    @Override
    public void close() {
        threads.close();
        if (onDemand != null) {
            onDemand.abandon(new IssuanceException("The certificate manager was closed.", null));
        }
        try {
            storage.close();
        } catch (Exception unclosable) {
            throw new IllegalStateException("The certificate storage " + storage + " could not be closed", unclosable);
        }
    }

    /** Collects the settings. Not safe for use by several threads. */
    public static final class Builder {

        private @Nullable CertificateStorage storage;
        private @Nullable Issuer issuer;
        private @Nullable OnDemand onDemand;
        private final List<Credential> credentials = new ArrayList<>();
        private final List<Consumer<? super CertificateEvent>> listeners = new ArrayList<>();
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new Random();

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
         * Sets who issues. Required.
         *
         * @param issuer the issuer
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder issuer(Issuer issuer) {
            requireUnset(this.issuer, "issuer");
            this.issuer = issuer;
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
         * Adds a listener. It is called on the threads of the manager, must not block, and may be called on several of
         * them at once; what it throws is logged.
         *
         * @param listener is told what happens
         * @return this builder
         */
        public Builder listener(Consumer<? super CertificateEvent> listener) {
            listeners.add(listener);
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

        /**
         * Makes the manager and starts its threads.
         *
         * @return the manager, to be closed
         * @throws IllegalStateException if storage or issuer is missing
         */
        public CertificateManager build() {
            return new CertificateManager(
                    this,
                    required(storage, "storage", "FileStorage.at(folder)"),
                    required(issuer, "issuer", "AcmeIssuer.letsEncrypt()"));
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
