package dev.gatehouse.tls;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous question "which credential for this ClientHello?". A {@link CertificateIndex} answers at once; a
 * certificate manager may answer when it has issued one.
 *
 * <p>It is asked on the threads that run handshakes, up to twice for each: once with only the server name, to learn
 * whether that name is served at all, and once with everything that the client said. It must not block: what takes time
 * goes into the stage. Names are invented by clients, so whatever an implementation remembers by name is bounded.
 *
 * <p>Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface CertificateResolver {

    /**
     * Finds the credential for a handshake.
     *
     * @param hello what the client said
     * @return a stage that completes with the credential, or with empty if the requested name is not served, which ends
     *     the handshake with the alert {@code unrecognized_name}. If it completes exceptionally the handshake ends the
     *     same way and the failure is logged; with a {@link NoCertificateException} its message is the reason
     */
    CompletionStage<Optional<Credential>> resolve(ClientHello hello);

    /**
     * Takes note of a {@link TlsGate} that will ask this resolver, and names the application protocols (ALPN) whose
     * clients want to see a certificate and nothing else. A hello that offers one of them alone is put to {@link #resolve}
     * as it is: the credential found is shown for that protocol, no session is kept, and the connection is closed when the
     * handshake is over. An answer of none refuses it, whatever the policies for missing and unmatched names say.
     *
     * <p>Called once for each gate, when it is made. A plain context cannot close connections, and does not ask.
     *
     * @return the names of the protocols; none unless overridden
     */
    default Set<String> attachGate() {
        return Set.of();
    }
}
