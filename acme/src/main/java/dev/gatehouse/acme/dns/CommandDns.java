package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.CommandCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Has records written by a program, as lego's <i>exec</i> provider does: {@code PROGRAM present NAME VALUE} adds a value,
 * {@code PROGRAM cleanup NAME VALUE} removes it. {@code NAME} ends with a dot. Status 0 says that it was done.
 *
 * <p>No shell is involved. The program inherits the environment of this process, and finds in it
 *
 * <ul>
 *   <li>{@code GATEHOUSE_DNS_ACTION}: {@code present} or {@code cleanup},
 *   <li>{@code GATEHOUSE_DNS_NAME} and {@code GATEHOUSE_DNS_VALUE}: the same as its arguments,
 *   <li>{@code GATEHOUSE_DNS_DOMAIN}: the domain that is validated,
 *   <li>{@code GATEHOUSE_DNS_TTL}: the time to live in seconds,
 *   <li>what {@link #environment} adds.
 * </ul>
 *
 * <p>Its standard input is empty. What it writes to standard output and standard error is shown if it fails, cut to 2,000
 * characters; it must not write secrets there. A program that takes too long is killed, with all that it has started.
 *
 * <p>Immutable: each method that changes something returns another provider. Safe for use by several threads.
 */
public final class CommandDns implements DnsProvider {

    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

    private final CommandCall call;
    private final Path program;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Duration timeout;

    private CommandDns(Path program, List<String> arguments, Map<String, String> environment, Duration timeout) {
        this.program = program;
        this.arguments = arguments;
        this.environment = environment;
        this.timeout = timeout;
        this.call = new CommandCall(program, arguments, environment, timeout);
    }

    /**
     * Runs a program.
     *
     * @param program an executable file
     * @param arguments what it gets before the action
     * @return the provider, with a time-out of one minute
     * @throws IllegalArgumentException if it is not an executable file
     */
    public static CommandDns running(Path program, String... arguments) {
        Path absolute = program.toAbsolutePath();
        if (!Files.isRegularFile(absolute) || !Files.isExecutable(absolute)) {
            throw new IllegalArgumentException(
                    "DNS command '" + absolute + "' is not an executable file. Check the path, and chmod +x it.");
        }
        return new CommandDns(absolute, List.of(arguments), Map.of(), USUAL_TIMEOUT);
    }

    /**
     * Adds a variable to the environment of the program.
     *
     * @param name its name
     * @param value its value; not shown in messages
     * @return a provider that sets it
     * @throws IllegalArgumentException if it is set already, or this is no name
     */
    public CommandDns environment(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.startsWith("GATEHOUSE_DNS_")) {
            throw new IllegalArgumentException("Environment variable '" + name
                    + "' cannot be set. Choose a name without '=' that does not begin with GATEHOUSE_DNS_.");
        }
        Map<String, String> more = new LinkedHashMap<>(environment);
        if (more.putIfAbsent(name, Objects.requireNonNull(value, "value")) != null) {
            throw new IllegalArgumentException("Environment variable '" + name + "' is set twice. Set it once.");
        }
        return new CommandDns(program, arguments, Map.copyOf(more), timeout);
    }

    /**
     * Sets how long one run may take.
     *
     * @param newTimeout more than zero, at most 10 minutes
     * @return a provider with this time-out
     */
    public CommandDns timeout(Duration newTimeout) {
        if (newTimeout.isNegative() || newTimeout.isZero() || newTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + newTimeout + " (expected: more than zero, at most " + LONGEST_TIMEOUT + ")");
        }
        return new CommandDns(program, arguments, environment, newTimeout);
    }

    @Override
    public void present(ChallengeRecord record) throws DnsProviderException {
        call.run("present", record);
    }

    @Override
    public void remove(ChallengeRecord record) throws DnsProviderException {
        call.run("cleanup", record);
    }

    /** {@return what it is and the program} */
    @Override
    public String toString() {
        return call.toString();
    }
}
