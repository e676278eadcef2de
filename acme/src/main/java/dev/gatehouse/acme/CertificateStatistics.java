package dev.gatehouse.acme;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The manager in numbers. An immutable snapshot; the numbers are read one after the other.
 *
 * @param byState how many names are in which state; none is zero
 * @param earliestNotAfter when the first certificate that is still valid expires, if there is one
 * @param flights how many names are being worked on
 * @param waitingHandshakes how many handshakes wait for them
 * @param waitingOrders how many orders wait until the certificate authority has finished others
 * @param waitingRetries how many names wait for their next attempt
 * @param lostEvents how many events no listener was told of, because the listeners are too slow
 */
public record CertificateStatistics(
        Map<CertificateStatus.State, Integer> byState,
        Optional<Instant> earliestNotAfter,
        int flights,
        int waitingHandshakes,
        int waitingOrders,
        int waitingRetries,
        long lostEvents) {

    /**
     * Copies the map.
     *
     * @param byState how many names are in which state
     * @param earliestNotAfter when the first certificate that is still valid expires
     * @param flights how many names are being worked on
     * @param waitingHandshakes how many handshakes wait for them
     * @param waitingOrders how many orders wait
     * @param waitingRetries how many names wait for their next attempt
     * @param lostEvents how many events no listener was told of
     */
    public CertificateStatistics {
        byState = Map.copyOf(byState);
    }
}
