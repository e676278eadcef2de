package dev.gatehouse.tls;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides about a connection by its ClientHello, before there is an engine: which certificate, which policy, which
 * application protocol, or which alert. A host that can look at the first bytes of a connection asks it, and a handshake
 * that waits for its certificate holds no thread.
 *
 * <p>The way of a connection through a host adapter:
 *
 * <pre>{@code
 * ClientHelloReader reader = gate.newReader();
 * // for each piece of bytes, until it says COMPLETE, at most gate.helloTimeout():
 * switch (reader.read(received)) { ... }
 * gate.admit(hello).thenAccept(admission -> {
 *     if (admission instanceof TlsAdmission.Granted granted) {
 *         start(granted.newEngine(), received);
 *     } else if (admission instanceof TlsAdmission.Refused refused) {
 *         writeAndClose(refused.alert().record());
 *     }
 * });
 * }</pre>
 *
 * <p>It gives the answers that a context of {@link ServerTls#sslContext()} gives, and some that a context cannot give: the
 * alert {@code unrecognized_name} whatever the provider, a lowest version and client certificates per server name, and
 * resumption that knows the server name.
 *
 * <p>Safe for use by several threads.
 */
public final class TlsGate {

    private final CertificateResolver resolver;
    private final HandshakeOnly handshakeOnly;
    private final GateEngines engines;
    private final List<String> applicationProtocols;
    private final GateLimits limits;
    private final RefusalLog refusals;
    private final AtomicInteger waiting = new AtomicInteger();

    TlsGate(
            CertificateResolver resolver,
            HandshakeOnly handshakeOnly,
            GateEngines engines,
            List<String> applicationProtocols,
            GateLimits limits,
            RefusalLog refusals) {
        this.resolver = resolver;
        this.handshakeOnly = handshakeOnly;
        this.engines = engines;
        this.applicationProtocols = applicationProtocols;
        this.limits = limits;
        this.refusals = refusals;
    }

    /** {@return a new reader, for one connection} */
    public ClientHelloReader newReader() {
        return ClientHelloReader.create();
    }

    /** {@return how long a client may take to send its ClientHello; the host closes the connection then} */
    public Duration helloTimeout() {
        return limits.helloTimeout();
    }

    /** {@return how many connections wait for their certificate at this moment} */
    public int waitingConnections() {
        return waiting.get();
    }

    /**
     * Decides about a connection. Does not block.
     *
     * @param hello what the client said
     * @return a stage that completes with the decision, within the time that {@link ServerTls.Builder#maxWait} allows and
     *     never exceptionally; on the calling thread if the decision is at hand, else on one of the resolver's threads or
     *     of a timer, so a host goes over to a thread of its own before it does any work. A host whose client has left
     *     cancels it, which ends the wait; the work of the resolver goes on
     */
    public CompletableFuture<TlsAdmission> admit(ClientHello hello) {
        Optional<String> shownOnly = handshakeOnly.offeredBy(hello);
        if (shownOnly.isPresent()) {
            return admit(hello, handshakeOnly.resolver(), HandshakeOnly.POLICY, shownOnly);
        }
        ConnectionPolicy policy = hello.serverName().map(engines::policyOf).orElseGet(engines::defaultPolicy);
        return admit(hello, resolver, policy, applicationProtocol(hello));
    }

    private CompletableFuture<TlsAdmission> admit(
            ClientHello hello, CertificateResolver asked, ConnectionPolicy policy, Optional<String> protocol) {
        if (!speaksAtLeast(policy.minVersion(), hello)) {
            return refuse(
                    hello,
                    TlsAlert.PROTOCOL_VERSION,
                    "the client does not speak " + policy.minVersion()
                            + ", which is the lowest version accepted here.");
        }
        if (protocol.isEmpty() && isAlpnRequired(hello)) {
            return refuse(
                    hello,
                    TlsAlert.NO_APPLICATION_PROTOCOL,
                    "the client speaks " + hello.applicationProtocols() + ", and this server " + applicationProtocols
                            + ".");
        }
        return resolve(hello, asked, policy, protocol);
    }

    /**
     * Refuses a connection that sent something else than a ClientHello.
     *
     * @param clientAddress where the client is
     * @param problem what its reader found
     * @return the alert to answer with, if one makes sense; the refusal has been logged
     */
    public Optional<TlsAlert> refuse(InetAddress clientAddress, ClientHelloProblem problem) {
        refusals.refused(new HandshakeRefused(
                Optional.empty(), Optional.of(clientAddress), problem.alert(), "the client " + problem + "."));
        return problem.alert();
    }

    /**
     * Refuses a connection that has begun a ClientHello and did not complete it in {@link #helloTimeout()}. The host
     * closes it.
     *
     * @param clientAddress where the client is
     */
    public void refuseSlowHello(InetAddress clientAddress) {
        refusals.refused(new HandshakeRefused(
                Optional.empty(),
                Optional.of(clientAddress),
                Optional.empty(),
                "no whole ClientHello within " + limits.helloTimeout().toMillis() + " ms."));
    }

    private static boolean speaksAtLeast(TlsVersion minVersion, ClientHello hello) {
        return hello.highestVersion()
                .filter(version -> version.compareTo(minVersion) >= 0)
                .isPresent();
    }

    /**
     * {@return whether server names have policies of their own; if not, any connection may serve any host, and a host
     * adapter need not ask {@link TlsAdmission.Granted#mayServe}}
     */
    public boolean policiesDiffer() {
        return engines.policiesDiffer();
    }

    private Optional<String> applicationProtocol(ClientHello hello) {
        return applicationProtocols.stream()
                .filter(hello.applicationProtocols()::contains)
                .findFirst();
    }

    private boolean isAlpnRequired(ClientHello hello) {
        return !applicationProtocols.isEmpty() && !hello.applicationProtocols().isEmpty();
    }

    private CompletableFuture<TlsAdmission> resolve(
            ClientHello hello, CertificateResolver asked, ConnectionPolicy policy, Optional<String> protocol) {
        CompletableFuture<Optional<Credential>> answer;
        try {
            answer = asked.resolve(hello).toCompletableFuture();
        } catch (RuntimeException failure) {
            return refuseAfter(failure, hello);
        }
        if (answer.isDone()) {
            return decided(answer, hello, policy, protocol);
        }
        if (waiting.incrementAndGet() > limits.maxWaitingConnections()) {
            waiting.decrementAndGet();
            return CompletableFuture.completedFuture(failed(
                    hello,
                    limits.maxWaitingConnections() + " others wait for a certificate already. Raise"
                            + " maxWaitingConnections if this is honest traffic."));
        }
        return decided(boundedWait(answer), hello, policy, protocol);
    }

    /** A copy, so that the time-out, or a client that leaves, ends the wait and not the work of others. */
    private CompletableFuture<Optional<Credential>> boundedWait(CompletableFuture<Optional<Credential>> answer) {
        CompletableFuture<Optional<Credential>> wait =
                answer.copy().orTimeout(limits.maxWait().toMillis(), TimeUnit.MILLISECONDS);
        wait.whenComplete((credential, failure) -> waiting.decrementAndGet());
        return wait;
    }

    private CompletableFuture<TlsAdmission> decided(
            CompletableFuture<Optional<Credential>> answer,
            ClientHello hello,
            ConnectionPolicy policy,
            Optional<String> protocol) {
        CompletableFuture<TlsAdmission> decision = answer.handle((credential, failure) ->
                failure == null ? decide(hello, policy, protocol, credential) : refusedAfter(failure, hello));
        decision.whenComplete((admission, failure) -> answer.cancel(false));
        return decision;
    }

    private TlsAdmission decide(
            ClientHello hello, ConnectionPolicy policy, Optional<String> protocol, Optional<Credential> credential) {
        if (credential.isPresent() && !hello.canVerify(credential.get())) {
            return refused(
                    hello,
                    TlsAlert.HANDSHAKE_FAILURE,
                    "the client cannot verify signatures by a key of type "
                            + credential.get().keyType() + ", and there is no certificate of another type."
                            + " Add one if such clients are to be served.");
        }
        return credential
                .<TlsAdmission>map(found ->
                        new TlsAdmission.Granted(engines, hello, policy, found, protocol, isHandshakeOnly(hello)))
                .orElseGet(() -> refused(hello, TlsAlert.UNRECOGNIZED_NAME, RefusalLog.noCertificateFor(hello)));
    }

    private boolean isHandshakeOnly(ClientHello hello) {
        return handshakeOnly.offeredBy(hello).isPresent();
    }

    private CompletableFuture<TlsAdmission> refuse(ClientHello hello, TlsAlert alert, String reason) {
        return CompletableFuture.completedFuture(refused(hello, alert, reason));
    }

    private CompletableFuture<TlsAdmission> refuseAfter(Throwable failure, ClientHello hello) {
        return CompletableFuture.completedFuture(refusedAfter(failure, hello));
    }

    private TlsAdmission refusedAfter(Throwable failure, ClientHello hello) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NoCertificateException decision) {
            return refused(hello, TlsAlert.UNRECOGNIZED_NAME, String.valueOf(decision.getMessage()));
        }
        String reason = cause instanceof TimeoutException
                ? RefusalLog.noCertificateWithin(limits.maxWait())
                : RefusalLog.resolverFailed(cause);
        return failed(hello, reason);
    }

    /** The server's affair, where {@link #refused} is the client's. */
    private TlsAdmission failed(ClientHello hello, String reason) {
        TlsAlert alert = TlsAlert.UNRECOGNIZED_NAME;
        refusals.failed(new HandshakeRefused(hello.serverName(), hello.clientAddress(), Optional.of(alert), reason));
        return new TlsAdmission.Refused(alert, reason);
    }

    private TlsAdmission refused(ClientHello hello, TlsAlert alert, String reason) {
        HandshakeRefused refusal =
                new HandshakeRefused(hello.serverName(), hello.clientAddress(), Optional.of(alert), reason);
        if (isHandshakeOnly(hello)) {
            refusals.expected(refusal);
        } else {
            refusals.refused(refusal);
        }
        return new TlsAdmission.Refused(alert, reason);
    }
}
