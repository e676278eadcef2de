package dev.gatehouse.acme;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Issues certificates. {@link AcmeIssuer} does so at an ACME certificate authority.
 *
 * <p>Implementations are safe for use by several threads, and do not block the thread that calls them.
 */
public interface Issuer {

    /** {@return who this is, stable over restarts and different from other issuers: for an ACME issuer its directory} */
    String identity();

    /**
     * Issues a certificate with a new private key.
     *
     * @param name the name that the certificate is for
     * @param context what the manager lends for the work
     * @return a stage that completes with the credential, or exceptionally with an {@link IssuanceException}
     */
    CompletionStage<Credential> issue(ServerName name, IssuanceContext context);

    /** {@return the limits that the manager is to keep to; by default none} */
    default CaLimits limits() {
        return CaLimits.none();
    }

    /**
     * Tells what it demands of names, so that they can be looked at before an order.
     *
     * @param context what the manager lends for the work
     * @return a stage that completes with the terms; if it fails, the order is tried without the look
     */
    default CompletionStage<IssuanceTerms> terms(IssuanceContext context) {
        return CompletableFuture.completedFuture(IssuanceTerms.unknown());
    }
}
