/**
 * Certificates from files, directories, key stores and the environment, loaded once or kept up to date.
 *
 * <p><b>Once.</b> {@link dev.gatehouse.tls.source.CertificateSource#load()} reads a source and throws if it is no good; the
 * message names the file, the problem and the remedy:
 *
 * <pre>{@code
 * List<Credential> credentials = CertificateSource.pemFiles(Path.of("app.pem"), Path.of("app.key")).load();
 * }</pre>
 *
 * <p><b>Kept up to date.</b> {@link dev.gatehouse.tls.source.WatchedCertificates} puts what sources have into a {@link
 * dev.gatehouse.tls.CertificateIndex} and exchanges what changes, within two seconds:
 *
 * <pre>{@code
 * CertificateIndex index = CertificateIndex.create();
 * WatchedCertificates watched = WatchedCertificates.into(index)
 *         .add(CertificateSource.pemFiles(Path.of("origin.pem"), Path.of("origin.key")).covering("app.example.com"))
 *         .add(CertificateSource.directory(Path.of("/etc/letsencrypt/live")))
 *         .add(CertificateSource.keyStore(Path.of("app.p12"), secrets::keyStorePassword))
 *         .start();
 * SSLContext tls = ServerTls.using(index).sslContext();
 * }</pre>
 *
 * <p><b>What people put there.</b> A directory is read as it comes: certbot's {@code live} with four files for each name,
 * a secret that Kubernetes mounts with {@code tls.crt} and {@code tls.key}, a flat folder of {@code .crt} and
 * {@code .key}. Pairs are recognised by their public keys; names of files decide nothing.
 *
 * <p><b>When a change is no good.</b> The previous certificate is served on, one line in the log says what is wrong, that
 * it is served on and until when it is valid, and what to do; {@link dev.gatehouse.tls.source.SourceEvent} tells programs
 * the same. A pair that is being written is given a second before anything is said.
 */
@NullMarked
package dev.gatehouse.tls.source;

import org.jspecify.annotations.NullMarked;
