package dev.gatehouse.tls;

import java.util.Optional;
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
}
