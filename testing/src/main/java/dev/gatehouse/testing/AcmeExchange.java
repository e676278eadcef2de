package dev.gatehouse.testing;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request to an {@link AcmeTestServer} and what it was answered. It is recorded as it was sent, refused requests
 * included, just before the answer leaves. Immutable.
 *
 * @param at when it was answered, by the server's clock
 * @param method the HTTP method
 * @param uri the URL that it was sent to
 * @param resource what it was for; null for pages that are for people, and for what does not exist
 * @param account the account that it named by {@code kid}; null when it named none
 * @param payload the decoded JSON payload of its JWS, empty for a POST-as-GET request; null without a JWS
 * @param userAgent what the client called itself (RFC 8555 section 6.1 insists on it); null when it did not
 * @param status the HTTP status of the answer; 0 when the connection was closed in its place
 * @param problem the last part of the problem's type, such as {@code badNonce}; null when it was not refused
 */
public record AcmeExchange(
        Instant at,
        String method,
        URI uri,
        @Nullable AcmeResource resource,
        @Nullable URI account,
        @Nullable String payload,
        @Nullable String userAgent,
        int status,
        @Nullable String problem) {}
