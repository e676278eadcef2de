package dev.gatehouse.testing.internal.acme.wire;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 7807 in the shape of RFC 8555 section 6.7).
 *
 * @param type what kind of problem
 * @param status the HTTP status
 * @param detail one sentence for a person: what is wrong with which value, and what to do
 * @param identifier the identifier that it concerns, for subproblems
 * @param subproblems the single problems that it sums up (RFC 8555 section 6.7.1)
 * @param algorithms for {@code badSignatureAlgorithm}: what the server takes instead
 * @param instance for {@code userActionRequired}: the page that tells a person what to do
 */
public record Problem(
        ProblemType type,
        int status,
        String detail,
        @Nullable Identifier identifier,
        List<Problem> subproblems,
        List<String> algorithms,
        @Nullable URI instance) {

    /** Makes the lists immutable. */
    public Problem {
        subproblems = List.copyOf(subproblems);
        algorithms = List.copyOf(algorithms);
    }

    /** {@return a problem without further parts} */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, type.status(), detail, null, List.of(), List.of(), null);
    }

    /**
     * Sums up several problems: under their common type, or as {@code compound} when they have none (RFC 8555 section
     * 6.7.1).
     *
     * @param detail one sentence for a person
     * @param parts the problems, at least one
     * @return the sum
     */
    public static Problem summary(String detail, List<Problem> parts) {
        ProblemType first = parts.get(0).type();
        boolean common = parts.stream().allMatch(part -> part.type() == first);
        return of(common ? first : ProblemType.COMPOUND, detail).withSubproblems(parts);
    }

    /** {@return the same problem with another HTTP status} */
    public Problem withStatus(int newStatus) {
        return new Problem(type, newStatus, detail, identifier, subproblems, algorithms, instance);
    }

    /** {@return the same problem, said of one identifier} */
    public Problem about(Identifier subject) {
        return new Problem(type, status, detail, subject, subproblems, algorithms, instance);
    }

    /** {@return the same problem with its parts} */
    public Problem withSubproblems(List<Problem> parts) {
        return new Problem(type, status, detail, identifier, parts, algorithms, instance);
    }

    /** {@return the same problem with the list of algorithms that would be accepted} */
    public Problem withAlgorithms(List<String> accepted) {
        return new Problem(type, status, detail, identifier, subproblems, accepted, instance);
    }

    /** {@return the same problem with a page for people} */
    public Problem withInstance(URI page) {
        return new Problem(type, status, detail, identifier, subproblems, algorithms, page);
    }

    /** {@return this problem as the exception that refuses the request} */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** {@return the members of the JSON object} */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type.urn());
        json.put("detail", detail);
        json.put("status", status);
        if (identifier != null) {
            json.put("identifier", identifier.toJson());
        }
        if (!subproblems.isEmpty()) {
            json.put("subproblems", subproblems.stream().map(Problem::toJson).toList());
        }
        if (!algorithms.isEmpty()) {
            json.put("algorithms", algorithms);
        }
        if (instance != null) {
            json.put("instance", instance.toString());
        }
        return json;
    }
}
