package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import java.time.Duration;

/**
 * When clients shall look again (RFC 9110 section 10.2.3): a number of whole seconds.
 *
 * @param delay how long from now
 */
public record RetryAfter(Duration delay) {

    /** {@return the response with the field} */
    AcmeResponse addTo(AcmeResponse response) {
        return response.with("Retry-After", Long.toString(delay.toSeconds()));
    }
}
