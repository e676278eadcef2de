/**
 * Certificates of names that are managed, or issued the moment a visitor needs them, and renewed.
 *
 * <p><b>The short way.</b> Build one {@link dev.gatehouse.acme.CertificateManager} and give it to a server:
 *
 * <pre>{@code
 * CertificateManager certificates = CertificateManager.builder()
 *         .storage(FileStorage.at(Path.of("data/certificates")))
 *         .issuer(AcmeIssuer.letsEncrypt().contact("ops@example.com").agreeToTermsOfService())
 *         .manage("example.com", "www.example.com")
 *         .onDemand(OnDemand.permittedBy(name -> tenants.owns(name)).burst(5, Duration.ofSeconds(2)))
 *         .build();
 *
 * SSLContext tls = ServerTls.using(certificates).sslContext();
 * }</pre>
 *
 * <p><b>Control of a name</b> is proven by a {@linkplain dev.gatehouse.acme.ChallengeType challenge}. Either the authority
 * reaches {@link dev.gatehouse.acme.CertificateManager#http01()} on port 80 of each name, through the handler of a server
 * integration or an {@link dev.gatehouse.acme.Http01Server}; or it reaches a TLS gate on port 443; or records are written to
 * DNS ({@link dev.gatehouse.acme.dns.Dns01}).
 *
 * <p><b>The way of a name</b>: memory, storage, permission, limits, preflight, order, store, publish. A valid certificate in
 * storage is served before anyone is asked. All handshakes for one name share one way, its failure included. What fails is
 * tried again with growing pauses, and holds neither thread nor lease meanwhile. Several nodes with one storage order once.
 *
 * <p><b>Who may have a certificate</b> is the answer of an {@link dev.gatehouse.acme.IssuancePermission}, known from other
 * servers as the <i>ask</i> hook: a predicate on the application's own data, an HTTP endpoint, or a list of names.
 * {@link dev.gatehouse.acme.OnDemand} joins it with the limits. Without one, only managed names are issued.
 *
 * <p><b>Managed names</b> ({@link dev.gatehouse.acme.ManagedCertificate}) are issued in the background. All certificates are
 * renewed in time: when the authority suggests it, or when a third of their lifetime is left; those of visitors' names as long
 * as somebody uses them.
 *
 * <p><b>Who issues</b> is an {@link dev.gatehouse.acme.Issuer}: {@link dev.gatehouse.acme.AcmeIssuer} for every ACME
 * certificate authority, {@link dev.gatehouse.acme.InternalCa} for one of your own. Several can be asked in order. <b>Where it
 * is kept</b> is a {@link dev.gatehouse.acme.CertificateStorage}, such as
 * {@link dev.gatehouse.acme.FileStorage}, kept small by a {@link dev.gatehouse.acme.StorageCleaner} and encrypted with
 * {@link dev.gatehouse.acme.EncryptionKeys} on request.
 *
 * <p><b>What happens</b> is told twice: as {@link dev.gatehouse.acme.CertificateEvent}s to listeners, and as log lines that
 * begin with the name. <b>How things stand</b> is told by {@link dev.gatehouse.acme.CertificateManager#status status} for each
 * name, by {@link dev.gatehouse.acme.CertificateManager#health health} in sentences, and by {@link
 * dev.gatehouse.acme.CertificateManager#statistics statistics} in numbers, of which {@code gatehouse-micrometer} makes meters.
 *
 * <p>Everything public here is safe for use by several threads unless it says otherwise.
 */
@NullMarked
package dev.gatehouse.acme;

import org.jspecify.annotations.NullMarked;
