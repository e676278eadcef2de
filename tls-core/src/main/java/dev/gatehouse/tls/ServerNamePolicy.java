package dev.gatehouse.tls;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What happens to a handshake whose server name leads to no credential: it is refused, or a fallback is served. There is
 * one policy for a <i>missing</i> name (the client sent none) and another for an <i>unmatched</i> one (none is known by
 * that name).
 *
 * <p>A fallback shows a certificate that does not fit the name, so clients that verify will complain about it in their
 * way; it is for health checks by address, for content delivery networks that send another name, and for clients that
 * cannot send any. A resolver that fails or takes too long is not an unmatched name: those handshakes are refused.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ServerNamePolicy {

    private static final ServerNamePolicy REFUSE = new ServerNamePolicy(Optional.empty());

    private final Optional<CertificateResolver> fallback;

    private ServerNamePolicy(Optional<CertificateResolver> fallback) {
        this.fallback = fallback;
    }

    /** {@return the policy that refuses the handshake with the alert {@code unrecognized_name}; the default} */
    public static ServerNamePolicy refuse() {
        return REFUSE;
    }

    /**
     * Serves the best of some credentials, whatever their names.
     *
     * @param credentials at least one, such as an EC and an RSA credential of a default host
     * @return the policy
     */
    public static ServerNamePolicy serve(Credential... credentials) {
        Credential[] candidates = credentials.clone();
        if (candidates.length == 0) {
            throw new IllegalArgumentException("credentials: none given (expected: at least 1)");
        }
        return serveFrom(hello -> CompletableFuture.completedFuture(Optional.ofNullable(
                new CredentialChoice(hello, InstantSource.system().millis()).best(candidates))));
    }

    /**
     * Serves what another resolver finds. It gets the hello as it came, so without a name where that is missing.
     *
     * @param fallback finds the credential; the handshake is refused if it finds none
     * @return the policy
     */
    public static ServerNamePolicy serveFrom(CertificateResolver fallback) {
        return new ServerNamePolicy(Optional.of(fallback));
    }

    CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        return fallback.map(resolver -> resolver.resolve(hello))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    boolean refuses() {
        return fallback.isEmpty();
    }
}
