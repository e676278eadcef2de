package dev.gatehouse.testing.internal.acme.wire;

import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived; nothing of it has been verified.
 *
 * @param method the HTTP method
 * @param url the URL that it was sent to, on this server's base
 * @param path the path of this URL
 * @param userAgent what the client calls itself, null when it does not say
 * @param contentType the media type of its content, null when it names none
 * @param body its content
 */
public record AcmeRequest(
        String method,
        String url,
        ResourcePath path,
        @Nullable String userAgent,
        @Nullable String contentType,
        String body) {}
