package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.internal.acme.wire.Identifier;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in a new order.
 *
 * @param identifiers the names and addresses, without repetition
 * @param notBefore requested start of validity, null for the CA's choice
 * @param notAfter requested end of validity, null for the CA's choice
 * @param profile the profile by name, null for the CA's choice
 * @param replaces the renewal information identifier of the certificate that it replaces (RFC 9773 section 5)
 */
public record OrderTerms(
        List<Identifier> identifiers,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String profile,
        @Nullable String replaces) {

    /** Makes the list immutable. */
    public OrderTerms {
        identifiers = List.copyOf(identifiers);
    }
}
