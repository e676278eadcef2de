/**
 * Certificates issued the moment a visitor needs them.
 *
 * <p><b>The short way.</b> Build one {@link dev.gatehouse.acme.CertificateManager} and give it to a server:
 *
 * <pre>{@code
 * CertificateManager certificates = CertificateManager.builder()
 *         .storage(FileStorage.at(Path.of("data/certificates")))
 *         .issuer(AcmeIssuer.letsEncrypt().contact("ops@example.com").agreeToTermsOfService())
 *         .onDemand(OnDemand.permittedBy(name -> tenants.owns(name)).burst(5, Duration.ofSeconds(2)))
 *         .build();
 *
 * SSLContext tls = ServerTls.using(certificates).sslContext();
 * }</pre>
 *
 * <p>The certificate authority must reach {@link dev.gatehouse.acme.CertificateManager#http01()} on port 80 of each name:
 * mount the challenge handler of a server integration there.
 *
 * <p><b>The way of a name</b>: memory, storage, permission, limits, order, store, publish. A valid certificate in storage
 * is served before anyone is asked. All handshakes for one name share one flight, its failure included.
 *
 * <p><b>Who may have a certificate</b> is the answer of an {@link dev.gatehouse.acme.IssuancePermission}, known from other
 * servers as the <i>ask</i> hook: a predicate on the application's own data, an HTTP endpoint, or a list of names.
 * {@link dev.gatehouse.acme.OnDemand} joins it with the limits. Without one, nothing is issued.
 *
 * <p><b>Who issues</b> is an {@link dev.gatehouse.acme.Issuer}: {@link dev.gatehouse.acme.AcmeIssuer} for every ACME
 * certificate authority. <b>Where it is kept</b> is a {@link dev.gatehouse.acme.CertificateStorage}, such as
 * {@link dev.gatehouse.acme.FileStorage}.
 *
 * <p><b>What happens</b> is told twice: as {@link dev.gatehouse.acme.CertificateEvent}s to a listener, and as log lines
 * that begin with the name.
 *
 * <p>Everything public here is safe for use by several threads unless it says otherwise.
 */
@NullMarked
package dev.gatehouse.acme;

import org.jspecify.annotations.NullMarked;
