package dev.gatehouse.acme;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a certificate authority wishes a certificate to be renewed (ACME Renewal Information, RFC 9773). Immutable.
 *
 * @param start the first moment of the suggested window
 * @param end the last moment of it, not before the first; in the past, when the certificate is to be replaced at once
 * @param explanation a page for people that says why, if there is one
 * @param askAgainAfter how long this holds, as the authority sees it
 */
public record RenewalInformation(Instant start, Instant end, Optional<URI> explanation, Duration askAgainAfter) {

    /**
     * Checks the window.
     *
     * @param start the first moment of the suggested window
     * @param end the last moment of it
     * @param explanation a page for people that says why
     * @param askAgainAfter how long this holds
     * @throws IllegalArgumentException if the window ends before it starts, or the time is negative
     */
    public RenewalInformation {
        if (end.isBefore(start)) {
            throw new IllegalArgumentException("end: " + end + " (expected: not before the start, " + start + ")");
        }
        if (askAgainAfter.isNegative()) {
            throw new IllegalArgumentException("askAgainAfter: " + askAgainAfter + " (expected: zero or more)");
        }
    }
}
