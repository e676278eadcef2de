package dev.gatehouse.testing.internal.acme.state;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a certificate should be renewed (RFC 9773 section 4.2).
 *
 * @param start from when on
 * @param end until when
 * @param explanation a page that says why, null for none
 */
public record SuggestedWindow(
        Instant start, Instant end, @Nullable URI explanation) {

    /** {@return the window of a certificate about which there is nothing to say: the middle of its last third} */
    static SuggestedWindow usual(X509Certificate certificate) {
        Instant notAfter = certificate.getNotAfter().toInstant();
        Duration third = Duration.between(certificate.getNotBefore().toInstant(), notAfter)
                .dividedBy(3);
        return new SuggestedWindow(
                notAfter.minus(third), notAfter.minus(third.multipliedBy(2).dividedBy(3)), null);
    }
}
