package dev.gatehouse.acme;

import dev.gatehouse.tls.Credential;
import java.util.Optional;
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
     * Issues a certificate.
     *
     * @param request the names that the certificate is for, and what else is wanted of it
     * @param context what the manager lends for the work
     * @return a stage that completes with the credential, or exceptionally with an {@link IssuanceException}
     */
    CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context);

    /**
     * Asks when a certificate of this issuer is to be renewed.
     *
     * @param credential the certificate
     * @param context what the manager lends for the work
     * @return a stage that completes with the answer, or with empty if the issuer has no opinion, which is the default; or
     *     exceptionally with an {@link IssuanceException} if it cannot be asked now
     */
    default CompletionStage<Optional<RenewalInformation>> renewalInformation(
            Credential credential, IssuanceContext context) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /**
     * Revokes a certificate of this issuer.
     *
     * @param credential the certificate
     * @param reason why
     * @param context what the manager lends for the work
     * @return a stage that completes when it is revoked, or exceptionally with an {@link IssuanceException}, as it does by
     *     default
     */
    default CompletionStage<Void> revoke(Credential credential, RevocationReason reason, IssuanceContext context) {
        return CompletableFuture.failedFuture(
                new IssuanceException(identity() + " does not revoke certificates. Ask who runs it.", null));
    }

    /**
     * {@return where orders are rehearsed after a validation at this issuer has failed, so that names that are hopeless use up
     * no limits of it; by default nowhere}
     */
    default Optional<? extends Issuer> rehearsal() {
        return Optional.empty();
    }

    /**
     * {@return whether it issues only for names of which control is proven, which is the default; else there is nothing to be
     * looked at before an order}
     */
    default boolean provesControl() {
        return true;
    }

    /**
     * Gives the account at this issuer a new key (RFC 8555, section 7.3.5). The earlier one is kept until the issuer has
     * agreed, so that nothing is lost wherever it breaks off.
     *
     * @param context what the manager lends for the work
     * @return a stage that completes when the new key holds, or exceptionally with an {@link IssuanceException}; at once for
     *     an issuer without an account, as by default
     */
    default CompletionStage<Void> rollOverAccountKey(IssuanceContext context) {
        return CompletableFuture.completedFuture(null);
    }

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
