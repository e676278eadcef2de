package dev.gatehouse.testing.internal.acme.wire;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;

/**
 * A response, without what every response carries (nonce, index link): those are added where it is sent.
 *
 * @param status the HTTP status
 * @param fields the header fields in order; a name may occur several times
 * @param content the content, empty for none
 * @param charset how the content becomes bytes
 * @param delivery how much of it reaches the client
 */
public record AcmeResponse(int status, List<Field> fields, String content, Charset charset, Delivery delivery) {

    /** How much of a response reaches the client. */
    public enum Delivery {
        /** All of it. */
        WHOLE,
        /** The header and half of the content; then the connection is closed. */
        CUT,
        /** Nothing; the connection is closed in its place. */
        LOST
    }

    /**
     * One header field.
     *
     * @param name field name
     * @param value field value
     */
    public record Field(String name, String value) {}

    /** Makes the list immutable. */
    public AcmeResponse {
        fields = List.copyOf(fields);
    }

    /** {@return a response without content} */
    public static AcmeResponse empty(int status) {
        return new AcmeResponse(status, List.of(), "", StandardCharsets.UTF_8, Delivery.WHOLE);
    }

    /** {@return a JSON object} */
    public static AcmeResponse json(int status, Map<String, ?> object) {
        return text(status, "application/json", JsonUtil.toJson(object));
    }

    /** {@return a problem document with the fields that its exception asked for} */
    public static AcmeResponse problem(ProblemException refusal) {
        Problem problem = refusal.problem();
        AcmeResponse response = text(problem.status(), "application/problem+json", JsonUtil.toJson(problem.toJson()));
        for (Map.Entry<String, String> field : refusal.fields().entrySet()) {
            response = response.with(field.getKey(), field.getValue());
        }
        return response;
    }

    /** {@return content of the given media type} */
    public static AcmeResponse text(int status, String mediaType, String content) {
        return new AcmeResponse(
                status, List.of(new Field("Content-Type", mediaType)), content, StandardCharsets.UTF_8, Delivery.WHOLE);
    }

    /** {@return content that is no text} */
    public static AcmeResponse binary(int status, String mediaType, byte[] content) {
        return new AcmeResponse(
                status,
                List.of(new Field("Content-Type", mediaType)),
                new String(content, StandardCharsets.ISO_8859_1),
                StandardCharsets.ISO_8859_1,
                Delivery.WHOLE);
    }

    /** {@return the bytes of the content} */
    public byte[] bytes() {
        return content.getBytes(charset);
    }

    /** {@return the same response with one more field} */
    public AcmeResponse with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new AcmeResponse(status, more, content, charset, delivery);
    }

    /** {@return the same response with other content of the same media type} */
    public AcmeResponse withContent(String other) {
        return new AcmeResponse(status, fields, other, charset, delivery);
    }

    /** {@return the same response, of which less reaches the client} */
    public AcmeResponse delivered(Delivery other) {
        return new AcmeResponse(status, fields, content, charset, other);
    }

    /** {@return the same response with a link (RFC 8288)} */
    public AcmeResponse withLink(String target, String relation) {
        return with("Link", "<" + target + ">;rel=\"" + relation + "\"");
    }
}
