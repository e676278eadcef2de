package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a program for each call. */
public final class CommandCall {

    private static final Duration KILLED_WITHIN = Duration.ofSeconds(5);

    private final Path program;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Duration timeout;

    /** Takes settings that were checked. */
    public CommandCall(Path program, List<String> arguments, Map<String, String> environment, Duration timeout) {
        this.program = program;
        this.arguments = arguments;
        this.environment = environment;
        this.timeout = timeout;
    }

    /** Runs the program, and blocks until it has ended. */
    public void run(String action, ChallengeRecord record) throws DnsProviderException {
        Process process = start(action, record);
        ProcessOutput output = ProcessOutput.of(process);
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw DnsProviderException.unavailable(
                        this + " did not end its '" + action + "' within " + Texts.show(timeout)
                                + " and was killed. Mend it, or set a longer time-out. " + output.shown(),
                        null);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw DnsProviderException.unavailable(
                    this + " was killed: the thread that waited for it was interrupted.", stopped);
        } finally {
            kill(process);
        }
        if (process.exitValue() != 0) {
            throw DnsProviderException.unavailable(
                    this + " ended its '" + action + "' with status " + process.exitValue() + ". Mend it. "
                            + output.shown(),
                    null);
        }
    }

    private Process start(String action, ChallengeRecord record) throws DnsProviderException {
        String name = record.name() + ".";
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        command.addAll(List.of(action, name, record.value()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "GATEHOUSE_DNS_ACTION", action,
                        "GATEHOUSE_DNS_NAME", name,
                        "GATEHOUSE_DNS_VALUE", record.value(),
                        "GATEHOUSE_DNS_DOMAIN", record.domain(),
                        "GATEHOUSE_DNS_TTL", String.valueOf(record.timeToLive().toSeconds())));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException notStarted) {
            throw DnsProviderException.of(
                    Reason.REFUSED,
                    this + " could not be started (" + Texts.oneLine(String.valueOf(notStarted.getMessage()))
                            + "). Check that it is executable, and its first line.",
                    notStarted);
        }
    }

    /** Its children, too: they would go on in the background. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            try {
                boolean unused = process.waitFor(KILLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@return what it is and the program} */
    @Override
    public String toString() {
        return "DNS command " + program;
    }
}
