package dev.gatehouse.testing.internal.acme.wire;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a client sent. Each reader names the object and the member when something is missing or of the
 * wrong type, so that the problem document tells what to mend.
 */
public final class JsonObject {
    private final String subject;
    private final Map<String, Object> members;

    private JsonObject(String subject, Map<String, Object> members) {
        this.subject = subject;
        this.members = members;
    }

    /**
     * Parses a JSON object; a member that occurs twice is refused.
     *
     * @param text the JSON text
     * @param subject what it is, for messages: {@code "Payload"}
     * @return the object
     * @throws ProblemException {@code malformed} when it is not a JSON object
     */
    public static JsonObject parse(String text, String subject) throws ProblemException {
        try {
            return new JsonObject(subject, JsonUtil.parseJson(text));
        } catch (JoseException | ClassCastException e) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            subject + " is not a JSON object. Send one in UTF-8, without repeated members.")
                    .exception();
        }
    }

    /** {@return the members as they were parsed} */
    public Map<String, Object> members() {
        return members;
    }

    /** {@return whether the member is there and not null} */
    public boolean has(String name) {
        return members.get(name) != null;
    }

    /** {@return whether there is no member at all} */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** {@return the string member, or null when it is missing} */
    public @Nullable String string(String name) throws ProblemException {
        return typed(name, String.class, "a string");
    }

    /** {@return the string member, which has to be there} */
    public String requireString(String name) throws ProblemException {
        String value = string(name);
        if (value == null) {
            throw malformed("member '" + name + "' is missing. Add it.");
        }
        return value;
    }

    /** {@return the boolean member, false when it is missing} */
    public boolean flag(String name) throws ProblemException {
        Boolean value = typed(name, Boolean.class, "true or false");
        return value != null && value;
    }

    /** {@return the integer member, or null when it is missing} */
    public @Nullable Long integer(String name) throws ProblemException {
        return typed(name, Long.class, "an integer");
    }

    /** {@return the member that holds an RFC 3339 time, or null when it is missing} */
    public @Nullable Instant time(String name) throws ProblemException {
        String value = string(name);
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            throw malformed("member '" + name + "' is " + Text.quote(value)
                    + ". Send an RFC 3339 time such as 2030-01-31T12:00:00Z.");
        }
    }

    /** {@return the object member, or null when it is missing} */
    public @Nullable JsonObject object(String name) throws ProblemException {
        Object value = typed(name, Map.class, "an object");
        return value == null ? null : nested(value, subject + "." + name);
    }

    /** {@return the object member, which has to be there} */
    public JsonObject requireObject(String name) throws ProblemException {
        JsonObject value = object(name);
        if (value == null) {
            throw malformed("member '" + name + "' is missing. Add it.");
        }
        return value;
    }

    /** {@return the member that is an array of strings, or null when it is missing} */
    public @Nullable List<String> strings(String name) throws ProblemException {
        List<?> values = typed(name, List.class, "an array of strings");
        if (values == null) {
            return null;
        }
        List<String> strings = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof String string)) {
                throw malformed(
                        "member '" + name + "' holds something that is not a string. Send an array of strings.");
            }
            strings.add(string);
        }
        return strings;
    }

    /** {@return the member that is an array of objects, which has to be there} */
    public List<JsonObject> requireObjects(String name) throws ProblemException {
        List<?> values = typed(name, List.class, "an array of objects");
        if (values == null) {
            throw malformed("member '" + name + "' is missing. Add it.");
        }
        List<JsonObject> objects = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof Map)) {
                throw malformed(
                        "member '" + name + "' holds something that is not an object. Send an array of objects.");
            }
            objects.add(nested(value, subject + "." + name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    @SuppressWarnings("unchecked") // the parser makes maps with string keys only
    private static JsonObject nested(Object value, String subject) {
        return new JsonObject(subject, (Map<String, Object>) value);
    }

    private <T> @Nullable T typed(String name, Class<T> type, String expected) throws ProblemException {
        Object value = members.get(name);
        if (value != null && !type.isInstance(value)) {
            throw malformed("member '" + name + "' has the wrong type. Send " + expected + ".");
        }
        return type.cast(value);
    }

    private ProblemException malformed(String what) {
        return Problem.of(ProblemType.MALFORMED, subject + ": " + what).exception();
    }
}
