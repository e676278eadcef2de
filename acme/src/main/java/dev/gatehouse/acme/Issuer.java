package dev.gatehouse.acme;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.concurrent.CompletionStage;

/**
 * Issues certificates. {@link AcmeIssuer} does so at an ACME certificate authority.
 *
 * <p>Implementations are safe for use by several threads.
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
}
