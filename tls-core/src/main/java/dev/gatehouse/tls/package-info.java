/**
 * Certificates chosen by server name (SNI), on any JSSE server.
 *
 * <p><b>The short way.</b> Put credentials into a {@link dev.gatehouse.tls.CertificateIndex} and give the server the
 * context that {@link dev.gatehouse.tls.ServerTls} makes:
 *
 * <pre>{@code
 * CertificateIndex certificates = CertificateIndex.create();
 * certificates.add(Pem.credential(Path.of("app.pem"), Path.of("app.key")));
 * SSLContext tls = ServerTls.using(certificates).sslContext();
 * }</pre>
 *
 * <p><b>Names.</b> {@link dev.gatehouse.tls.ServerName} is the one normaliser for SNI, {@code Host} fields,
 * configuration and certificates; {@link dev.gatehouse.tls.WildcardName} stands for exactly one label (RFC 9525).
 * {@link dev.gatehouse.tls.Coverage} is the set of names that a certificate is good for.
 *
 * <p><b>Credentials.</b> A {@link dev.gatehouse.tls.Credential} is a private key with its certificate chain, checked when
 * it is made and immutable from then on. {@link dev.gatehouse.tls.Pem} reads and writes them; a
 * {@link dev.gatehouse.tls.CertificateAudit} lists what a strict peer would reject.
 *
 * <p><b>Choice.</b> A {@link dev.gatehouse.tls.CertificateResolver} answers "which credential for this
 * {@link dev.gatehouse.tls.ClientHello}?", perhaps later. {@link dev.gatehouse.tls.CertificateIndex} is one that answers
 * at once; the certificate manager of the acme module is one that issues. {@link dev.gatehouse.tls.SniKeyManager} puts
 * a resolver behind JSSE's key manager interface, with a bound on how long and how many handshakes wait.
 *
 * <p><b>Server.</b> {@link dev.gatehouse.tls.ServerTls} collects the rest: provider, {@link dev.gatehouse.tls.TlsProfile},
 * client authentication, fallbacks for missing and unmatched names. A host adapter that can look at the first bytes of a
 * connection reads them with a {@link dev.gatehouse.tls.ClientHelloReader} and asks a {@link dev.gatehouse.tls.TlsGate}:
 * handshakes then wait without a thread, and server names may have a {@link dev.gatehouse.tls.ConnectionPolicy} each.
 *
 * <p><b>Files.</b> {@code dev.gatehouse.tls.source} loads certificates from files, folders, key stores and mounted secrets,
 * and follows their changes.
 *
 * <p>Everything public here is safe for use by several threads unless it says otherwise.
 */
@NullMarked
package dev.gatehouse.tls;

import org.jspecify.annotations.NullMarked;
