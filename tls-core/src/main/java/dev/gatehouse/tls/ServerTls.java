package dev.gatehouse.tls;

import java.security.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * The TLS side of a server: versions, cipher suites, client authentication, what happens to unknown names, and above all
 * certificates by server name. It makes an {@link SSLContext} that any JSSE server takes, and a {@link TlsGate} for
 * hosts that can look at the ClientHello first.
 *
 * <p><b>Provider.</b> Conscrypt where it is on the class path, since a full handshake costs it a quarter of the CPU time of
 * the JDK and it speaks the post-quantum hybrid X25519MLKEM768; else the JVM's first JSSE provider. Groups are left to the
 * provider, so X25519MLKEM768 is used as soon as the provider has it. Server sockets are those of the JDK even then,
 * because Conscrypt's would resume a session under another server name.
 *
 * <p><b>Unknown names.</b> Engines and sockets come with an {@link javax.net.ssl.SNIMatcher} installed. It ends a handshake
 * for a name that is not served with the alert {@code unrecognized_name}, and makes the JDK refuse to resume a session
 * under another name. A server that replaces {@code SSLParameters} wholesale must keep their matchers.
 *
 * <p><b>Resumption.</b> Behind a gate, clients keep their sessions in tickets. A plain context keeps them on the server,
 * because JDK 25 checks the certificate of a ticket before it knows the server name, and would never resume. The system
 * property {@code jdk.tls.server.enableSessionTicketExtension}, where it is set, decides in place of that.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ServerTls {

    static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(25);
    static final int DEFAULT_MAX_WAITERS = 100;
    static final int DEFAULT_MAX_WAITING_CONNECTIONS = 10_000;
    static final Duration DEFAULT_HELLO_TIMEOUT = Duration.ofSeconds(10);
    static final Duration DEFAULT_SESSION_LIFETIME = Duration.ofHours(24);
    static final int DEFAULT_SESSION_CACHE_SIZE = 20_480;

    private final CertificateResolver resolver;
    private final CertificateResolver unpolicedResolver;
    private final BoundedWait wait;
    private final SniKeyManager keyManager;
    private final JsseContexts contexts;
    private final EngineSettings settings;
    private final ConnectionPolicies policies;
    private final GateLimits gateLimits;
    private final RefusalLog refusals;

    private ServerTls(CertificateResolver resolver, ServerTlsSettings chosen) {
        this.unpolicedResolver = resolver;
        this.resolver = chosen.policed(resolver);
        this.refusals = new RefusalLog(InstantSource.system(), chosen.refusalListener());
        this.wait = chosen.boundedWait(this.resolver, refusals);
        this.keyManager = SniKeyManager.behindGate(wait);
        this.contexts = chosen.contexts();
        this.settings = chosen.engineSettings();
        this.policies = chosen.connectionPolicies();
        this.gateLimits = chosen.gateLimits();
    }

    /**
     * Takes a resolver and the defaults.
     *
     * @param resolver finds the credentials
     * @return the TLS side
     */
    public static ServerTls using(CertificateResolver resolver) {
        return builder(resolver).build();
    }

    /**
     * Starts with a resolver.
     *
     * @param resolver finds the credentials
     * @return a builder
     */
    public static Builder builder(CertificateResolver resolver) {
        return new Builder(resolver);
    }

    /**
     * Makes a context.
     *
     * @return a new context; sessions are resumed within one context, so a server makes it once
     * @throws IllegalStateException if a server name has a policy of its own, which only a gate can enforce, or if the
     *     provider supports nothing that the settings allow
     */
    public SSLContext sslContext() {
        if (policies.differByName()) {
            throw new IllegalStateException("Server names have connection policies of their own, and a plain SSLContext"
                    + " cannot enforce them. Use gate() through a host adapter, or one policy for all names.");
        }
        return context(policies.defaultPolicy(), false);
    }

    /** {@return a key manager alone, for a server that makes its context itself and installs its own SNI matcher} */
    public SniKeyManager keyManager() {
        return keyManager;
    }

    /**
     * Makes a gate, for a host adapter.
     *
     * @param defaultApplicationProtocols what the host speaks, best first, such as {@code h2} and {@code http/1.1}; used
     *     unless {@link Builder#applicationProtocols} was set
     * @return a new gate; sessions are resumed within one gate, so a host makes it once
     */
    public TlsGate gate(String... defaultApplicationProtocols) {
        Map<ConnectionPolicy, PresetContext> byPolicy = new HashMap<>();
        policies.all().forEach(policy -> byPolicy.put(policy, context(policy, true)));
        List<String> protocols = settings.applicationProtocols().isEmpty()
                ? List.of(defaultApplicationProtocols)
                : settings.applicationProtocols();
        GateEngines engines = new GateEngines(policies, byPolicy, () -> context(HandshakeOnly.POLICY, false), refusals);
        HandshakeOnly handshakeOnly = new HandshakeOnly(unpolicedResolver.attachGate(), unpolicedResolver);
        return new TlsGate(resolver, handshakeOnly, engines, protocols, gateLimits, refusals);
    }

    private PresetContext context(ConnectionPolicy policy, boolean knowsNameBeforehand) {
        SSLContext context = contexts.context(keyManager, policy.clientAuthentication(), knowsNameBeforehand);
        return PresetContext.around(
                context,
                settings.under(policy),
                () -> ServedNameMatcher.waiting(wait),
                () -> contexts.ofJdk().context(keyManager, policy.clientAuthentication(), knowsNameBeforehand));
    }

    /** Collects the settings. Each may be set once. Not safe for use by several threads. */
    public static final class Builder {

        private final CertificateResolver resolver;
        private final ServerTlsSettings settings = new ServerTlsSettings();

        private Builder(CertificateResolver resolver) {
            this.resolver = resolver;
        }

        /**
         * Takes a JSSE provider in place of the automatic choice.
         *
         * @param name that of a registered provider, such as {@code SunJSSE}, or {@code Conscrypt} or {@code BCJSSE} if
         *     their library is on the class path
         * @return this builder
         * @throws IllegalArgumentException if there is no such provider
         * @throws IllegalStateException if a provider was set already
         */
        public Builder provider(String name) {
            return provider(JsseProviders.named(name));
        }

        /**
         * Takes a JSSE provider in place of the automatic choice.
         *
         * @param provider a provider with TLS; it need not be registered
         * @return this builder
         * @throws IllegalStateException if a provider was set already
         */
        public Builder provider(Provider provider) {
            settings.provider.set(provider);
            return this;
        }

        /**
         * Takes a named set of versions and cipher suites. Default {@link TlsProfile#INTERMEDIATE}.
         *
         * @param profile the set
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder profile(TlsProfile profile) {
            settings.profile.set(profile);
            return this;
        }

        /**
         * Raises the lowest version that is accepted above that of the profile.
         *
         * @param version the lowest version
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder minVersion(TlsVersion version) {
            settings.minVersion.set(version);
            return this;
        }

        /**
         * Takes cipher suites in place of those of a profile, and in this order of preference, in place of the client's.
         *
         * @param suites JSSE names, best first; those that the provider does not have are left out
         * @return this builder
         * @throws IllegalArgumentException if there are none
         * @throws IllegalStateException if it was set already
         */
        public Builder cipherSuites(List<String> suites) {
            if (suites.isEmpty()) {
                throw new IllegalArgumentException("cipherSuites: none given (expected: at least 1)");
            }
            settings.cipherSuites.set(List.copyOf(suites));
            return this;
        }

        /**
         * Sets the application protocols (ALPN) that engines negotiate. Servers that negotiate by themselves, as Jetty and
         * Undertow do, need no such setting.
         *
         * @param protocols such as {@code h2} and {@code http/1.1}, best first
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder applicationProtocols(String... protocols) {
            settings.applicationProtocols.set(List.of(protocols));
            return this;
        }

        /**
         * Decides about clients that send no server name. Default {@link ServerNamePolicy#refuse()}.
         *
         * @param policy what happens to them
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder missingServerName(ServerNamePolicy policy) {
            settings.missingServerName.set(policy);
            return this;
        }

        /**
         * Decides about clients whose server name leads to no credential. Default {@link ServerNamePolicy#refuse()}.
         *
         * @param policy what happens to them
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder unmatchedServerName(ServerNamePolicy policy) {
            settings.unmatchedServerName.set(policy);
            return this;
        }

        /**
         * Asks clients for certificates. Default {@link ClientAuthentication#none()}.
         *
         * @param clients how strictly, and which ones are trusted
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder clientAuthentication(ClientAuthentication clients) {
            settings.clientAuthentication.set(clients);
            return this;
        }

        /**
         * Gives a server name a policy of its own. It is enforced by a {@link TlsGate}; {@link ServerTls#sslContext()}
         * refuses then. An exact name goes before the wildcard name that covers it.
         *
         * @param serverName an exact name, or a wildcard name such as {@code *.example.com}
         * @param policy the policy of connections for it
         * @return this builder
         * @throws InvalidNameException if it is no name
         * @throws IllegalStateException if the name has a policy already
         */
        public Builder policy(String serverName, ConnectionPolicy policy) {
            Object previous = serverName.startsWith("*")
                    ? settings.wildcardPolicies.putIfAbsent(WildcardName.of(serverName), policy)
                    : settings.exactPolicies.putIfAbsent(ServerName.of(serverName), policy);
            if (previous != null) {
                throw new IllegalStateException("The policy of " + serverName + " was already set to: " + previous);
            }
            return this;
        }

        /**
         * Staples OCSP responses to certificates that name a responder (RFC 6066, section 8), as the JDK's provider can.
         * It fetches them itself, in the handshake that first needs one, and keeps them.
         *
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder stapleOcspResponses() {
            settings.stapleOcspResponses.set(true);
            return this;
        }

        /**
         * Bounds how long after a full handshake its session may be resumed. Default 24 hours.
         *
         * @param lifetime from 1 second to 7 days, the most that TLS 1.3 allows (RFC 8446, section 4.6.1)
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder sessionLifetime(Duration lifetime) {
            settings.sessionLifetime.set(lifetime);
            return this;
        }

        /**
         * Bounds how many sessions a plain context remembers. Default 20480.
         *
         * @param sessions at least 1
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder sessionCacheSize(int sessions) {
            settings.sessionCacheSize.set(sessions);
            return this;
        }

        /**
         * Bounds how long one handshake waits for the resolver. Default 25 seconds.
         *
         * @param maxWait more than zero
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder maxWait(Duration maxWait) {
            settings.maxWait.set(maxWait);
            return this;
        }

        /**
         * Bounds how many handshakes of a plain context wait for the resolver at once, each on a thread; the others are
         * refused. Keep it below the number of threads on which the server runs handshakes. Default 100.
         *
         * @param maxWaiters at least 1
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder maxWaiters(int maxWaiters) {
            settings.maxWaiters.set(maxWaiters);
            return this;
        }

        /**
         * Bounds how many connections behind a gate wait for the resolver at once, without a thread; the others are
         * refused. Default 10000.
         *
         * @param connections at least 1
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder maxWaitingConnections(int connections) {
            settings.maxWaitingConnections.set(connections);
            return this;
        }

        /**
         * Bounds how long a client may take to send its ClientHello to a gate. Default 10 seconds.
         *
         * @param timeout more than zero
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder helloTimeout(Duration timeout) {
            settings.helloTimeout.set(timeout);
            return this;
        }

        /**
         * Listens to handshakes that are refused before they lead to a connection, beside the log.
         *
         * @param listener called on the threads of handshakes; it must not block
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder listener(Consumer<? super HandshakeRefused> listener) {
            settings.listener.set(listener);
            return this;
        }

        /**
         * Makes the TLS side.
         *
         * @return the TLS side
         * @throws IllegalArgumentException if a setting is out of its range
         * @throws IllegalStateException if two settings contradict each other
         */
        public ServerTls build() {
            return new ServerTls(resolver, settings);
        }
    }
}
