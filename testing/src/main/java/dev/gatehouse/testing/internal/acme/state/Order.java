package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.internal.acme.wire.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order (RFC 8555 section 7.1.3). Its status is not kept here: it follows from the authorizations, from the
 * certificate and from the time, see {@link Orders}.
 *
 * @param id the last part of its URL
 * @param accountId whose it is
 * @param terms what was asked for
 * @param authorizationIds the authorizations that it needs, one for each identifier
 * @param expires until when it can be finalized
 * @param finalizing whether a CSR was accepted
 * @param certificateId the certificate, once it is issued
 * @param processingUntil until when the certificate is held back, to look like a slow CA
 * @param vainLooks how many times the client will still find it processing
 * @param error why it could not be finalized
 */
public record Order(
        String id,
        String accountId,
        OrderTerms terms,
        List<String> authorizationIds,
        Instant expires,
        boolean finalizing,
        @Nullable String certificateId,
        @Nullable Instant processingUntil,
        int vainLooks,
        @Nullable Problem error) {

    /** Makes the list immutable. */
    public Order {
        authorizationIds = List.copyOf(authorizationIds);
    }

    static Order pending(
            String id, String accountId, OrderTerms terms, List<String> authorizationIds, Instant expires) {
        return new Order(id, accountId, terms, authorizationIds, expires, false, null, null, 0, null);
    }

    Order inFinalization() {
        return new Order(id, accountId, terms, authorizationIds, expires, true, null, null, 0, null);
    }

    Order issued(String certificate, Instant visibleFrom, int looks) {
        return new Order(id, accountId, terms, authorizationIds, expires, true, certificate, visibleFrom, looks, null);
    }

    Order lookedAt() {
        return new Order(
                id,
                accountId,
                terms,
                authorizationIds,
                expires,
                finalizing,
                certificateId,
                processingUntil,
                Math.max(0, vainLooks - 1),
                error);
    }

    Order failed(Problem why) {
        return new Order(id, accountId, terms, authorizationIds, expires, finalizing, null, null, 0, why);
    }
}
