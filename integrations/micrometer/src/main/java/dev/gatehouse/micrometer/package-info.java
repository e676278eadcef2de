/**
 * Meters of a certificate manager for Micrometer.
 *
 * <pre>{@code
 * try (CertificateMetrics metrics = CertificateMetrics.bind(certificates, registry)) {
 *     …
 * }
 * }</pre>
 *
 * <p>{@link dev.gatehouse.micrometer.CertificateMetrics} lists the meters. None has a tag with server names: there may be a
 * hundred thousand of them, and strangers invent more.
 */
@NullMarked
package dev.gatehouse.micrometer;

import org.jspecify.annotations.NullMarked;
