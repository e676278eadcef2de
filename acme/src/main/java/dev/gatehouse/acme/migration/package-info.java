/**
 * Takes over the certificates and accounts of other servers and clients, so that nobody has to re-issue to switch.
 *
 * <pre>{@code
 * ImportPlan plan = CertificateImport.from(Path.of("/etc/letsencrypt")).plan(storage);
 * plan.entries().forEach(System.out::println);
 *
 * ImportReport report = plan.apply();
 * }</pre>
 *
 * <p><b>What is read.</b> A {@link dev.gatehouse.acme.migration.CertificateImport} reads the folder of Caddy (CertMagic),
 * certbot, acme.sh, kamal-proxy or another program with Go's autocert, or any folder of PEM files; which it is, it
 * {@linkplain dev.gatehouse.acme.migration.ImportLayout recognises}. It changes nothing there.
 *
 * <p><b>What becomes of it.</b> An {@link dev.gatehouse.acme.migration.ImportPlan} says of each thing found what would be
 * done with it, in one line. Applied, it writes into a {@link dev.gatehouse.acme.CertificateStorage}, from which a
 * {@link dev.gatehouse.acme.CertificateManager} serves without an order. A certificate that lives longer is never replaced,
 * unless that is {@linkplain dev.gatehouse.acme.migration.CertificateImport#overwriting() asked for}.
 *
 * <p><b>What is wrong with a part of a folder</b> is one line of the report, and keeps nothing else from being imported.
 *
 * <p>Reading and writing block. The types are immutable and safe for use by several threads.
 */
@NullMarked
package dev.gatehouse.acme.migration;

import org.jspecify.annotations.NullMarked;
