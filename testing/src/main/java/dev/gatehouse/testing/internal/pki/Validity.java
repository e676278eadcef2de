package dev.gatehouse.testing.internal.pki;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When a certificate counts. X.509 knows whole seconds only.
 *
 * @param notBefore first moment
 * @param notAfter last moment
 */
public record Validity(Instant notBefore, Instant notAfter) {

    /** Cuts both ends to whole seconds. */
    public Validity {
        notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
        notAfter = notAfter.truncatedTo(ChronoUnit.SECONDS);
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException("Validity from " + notBefore + " to " + notAfter
                    + " is empty. Choose an end at least one second after the start.");
        }
    }

    /** {@return the validity that starts at the given time} */
    public static Validity starting(Instant notBefore, Duration lifetime) {
        return new Validity(notBefore, notBefore.truncatedTo(ChronoUnit.SECONDS).plus(lifetime));
    }
}
