package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.challenge.ChallengeCertificate;
import dev.gatehouse.acme.internal.challenge.ReverseName;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers to TLS-ALPN-01 challenges (RFC 8737) that the certificate authority is about to look at: certificates that
 * prove control of a name, shown in handshakes for the protocol {@value #PROTOCOL} alone. {@link CertificateManager} gives
 * them to the TLS gates of its servers; nobody else has to do anything.
 *
 * <p>Answers of orders of this node are in memory. Those of other nodes that share the storage are found there, and the
 * certificate is made on the spot. A name has one answer at a time, for the protocol has no token to tell two apart.
 *
 * <p>In memory it is as small as the number of orders under way. Safe for use by several threads.
 */
public final class TlsAlpn01Challenges {

    /** The application protocol (ALPN) of a handshake that validates a name. */
    public static final String PROTOCOL = "acme-tls/1";

    private static final Logger log = LoggerFactory.getLogger(TlsAlpn01Challenges.class);

    private final Map<ServerName, Credential> credentials = new ConcurrentHashMap<>();
    private final SharedAnswers shared;
    private final InstantSource clock;
    private final AtomicInteger gates = new AtomicInteger();

    TlsAlpn01Challenges(CertificateStorage storage, InstantSource clock, Executor storageWorker) {
        this.shared = new SharedAnswers("tls-alpn-01", storage, clock, storageWorker);
        this.clock = clock;
    }

    /** {@return whether there is a server that shows the answers} */
    boolean isServed() {
        return gates.get() > 0;
    }

    /** Takes note of a gate, and tells for what it is to ask. */
    Set<String> attachGate() {
        gates.incrementAndGet();
        return Set.of(PROTOCOL);
    }

    CompletionStage<Optional<Credential>> find(ClientHello hello) {
        return hello.serverName().map(this::find).orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /**
     * Finds the answer to a challenge of this node or of another one. Does not block.
     *
     * @param requested the server name of the handshake; for an IP address its name in reverse DNS (RFC 8738, section 6)
     * @return a stage that completes with the credential to show, or with empty if no such challenge is open; it never
     *     fails, and is complete already if this node has the challenge
     */
    public CompletionStage<Optional<Credential>> find(ServerName requested) {
        Credential own = credentials.get(requested);
        return own != null
                ? CompletableFuture.completedFuture(Optional.of(own))
                : shared.find(key(requested)).thenApply(found -> found.flatMap(answer -> made(requested, answer)));
    }

    /**
     * Publishes an answer. For implementations of {@link Issuer}. It may block on storage, and signs a certificate: call it
     * on a worker.
     *
     * @param name the name or the IP address that is validated
     * @param keyAuthorization the key authorization of the challenge
     * @return takes the answer back when closed, which may block as well
     * @throws IllegalStateException if another order of this node is proving control of the name in this way
     */
    public Http01Challenges.Publication publish(ServerName name, String keyAuthorization) {
        ServerName requested = ReverseName.of(name);
        Credential credential = ChallengeCertificate.of(name, keyAuthorization, clock.instant());
        if (credentials.putIfAbsent(requested, credential) != null) {
            throw new IllegalStateException(
                    name + " is being validated by tls-alpn-01 for another order, and can be for one at a time only.");
        }
        Optional<StoredRecord> stored = shared.write(key(requested), name + " " + keyAuthorization);
        return () -> {
            if (credentials.remove(requested, credential)) {
                stored.ifPresent(record -> shared.delete(key(requested), record));
            }
        };
    }

    /** No token looks like this, since it has a slash. */
    private static String key(ServerName requested) {
        return PROTOCOL + "/" + requested;
    }

    private Optional<Credential> made(ServerName requested, String answer) {
        int space = answer.indexOf(' ');
        try {
            ServerName name = ServerName.of(answer.substring(0, Math.max(0, space)));
            return Optional.of(ChallengeCertificate.of(name, answer.substring(space + 1), clock.instant()));
        } catch (RuntimeException damaged) {
            log.warn(
                    "{}: what storage has for its tls-alpn-01 challenge is none ({}). It goes away by itself within an hour.",
                    requested,
                    damaged.getMessage());
            return Optional.empty();
        }
    }
}
