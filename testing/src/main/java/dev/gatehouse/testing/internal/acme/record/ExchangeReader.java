package dev.gatehouse.testing.internal.acme.record;

import dev.gatehouse.testing.AcmeExchange;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Base64Url;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a record of a request as it was sent, whether or not it was refused, and of its response. */
public final class ExchangeReader {
    private static final String PROBLEM = "application/problem+json";
    private static final int LOST = 0;
    private static final URI UNREADABLE = URI.create("");

    private ExchangeReader() {}

    /**
     * Makes a record.
     *
     * @param at when the request was answered
     * @param request the request
     * @param resource what it was for
     * @param response the response
     * @return the record
     */
    public static AcmeExchange read(
            Instant at, AcmeRequest request, @Nullable AcmeResource resource, AcmeResponse response) {
        JsonObject jws = json(request.body());
        JsonObject header = jws == null ? null : json(decoded(jws, "protected"));
        return new AcmeExchange(
                at,
                request.method(),
                Objects.requireNonNullElse(uri(request.url()), UNREADABLE),
                resource,
                uri(header == null ? null : member(header, "kid")),
                jws == null ? null : decoded(jws, "payload"),
                request.userAgent(),
                response.delivery() == AcmeResponse.Delivery.LOST ? LOST : response.status(),
                problem(response));
    }

    private static @Nullable String problem(AcmeResponse response) {
        boolean isProblem = response.fields().stream()
                .anyMatch(field ->
                        field.name().equals("Content-Type") && field.value().equals(PROBLEM));
        JsonObject document = isProblem ? json(response.content()) : null;
        String type = document == null ? null : member(document, "type");
        return type == null ? null : type.substring(type.lastIndexOf(':') + 1);
    }

    private static @Nullable JsonObject json(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? null : JsonObject.parse(text, "Content");
        } catch (ProblemException notJson) {
            return null;
        }
    }

    private static @Nullable String member(JsonObject json, String name) {
        return json.members().get(name) instanceof String text ? text : null;
    }

    private static @Nullable String decoded(JsonObject jws, String name) {
        try {
            String encoded = member(jws, name);
            return encoded == null ? null : new String(Base64Url.decode(encoded, name), StandardCharsets.UTF_8);
        } catch (ProblemException notEncoded) {
            return null;
        }
    }

    private static @Nullable URI uri(@Nullable String text) {
        try {
            return text == null ? null : URI.create(text);
        } catch (IllegalArgumentException noUri) {
            return null;
        }
    }
}
