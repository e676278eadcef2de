package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** PEM text in variables of the environment, in the ways in which people get line ends past shells and env files. */
final class EnvironmentText implements Supplier<String> {

    private static final String PEM_MARK = "-----BEGIN ";

    private final Lookup environment;
    private final List<String> variables;

    private EnvironmentText(Lookup environment, List<String> variables) {
        this.environment = environment;
        this.variables = variables;
    }

    /** Finds the value of a variable, or null. */
    interface Lookup {
        @Nullable
        String get(String variable);
    }

    static EnvironmentText of(Lookup environment, String variable, String... more) {
        List<String> variables = new ArrayList<>(List.of(more));
        variables.add(0, variable);
        return new EnvironmentText(environment, List.copyOf(variables));
    }

    /**
     * The text of all variables.
     *
     * @throws CredentialException if one is not set
     */
    @Override
    public String get() {
        StringBuilder text = new StringBuilder();
        for (String variable : variables) {
            String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                throw new CredentialException(
                        "Variable " + variable + " is not set. Set it to the PEM text, or to its base64.");
            }
            text.append(pem(value)).append('\n');
        }
        return text.toString();
    }

    private static String pem(String value) {
        if (value.contains(PEM_MARK)) {
            return value.replace("\\r", "").replace("\\n", "\n");
        }
        try {
            return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException neither) {
            return value;
        }
    }

    /** {@return the names of the variables} */
    @Override
    public String toString() {
        return "environment " + String.join(" with ", variables);
    }
}
