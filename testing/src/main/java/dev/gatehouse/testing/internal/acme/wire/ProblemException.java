package dev.gatehouse.testing.internal.acme.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/** Refuses a request, or a validation, with a {@link Problem}. It has no stack trace: a refusal is an expected event. */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> fields = new LinkedHashMap<>();

    /**
     * Refuses with the given problem.
     *
     * @param problem what the client is told
     */
    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /**
     * Adds a field to the response that carries the problem.
     *
     * @param name field name
     * @param value field value
     * @return this exception
     */
    public ProblemException with(String name, String value) {
        fields.put(name, value);
        return this;
    }

    /** {@return what the client is told} */
    public Problem problem() {
        return problem;
    }

    /** {@return the fields that the response carries besides the usual ones} */
    public Map<String, String> fields() {
        return Map.copyOf(fields);
    }
}
