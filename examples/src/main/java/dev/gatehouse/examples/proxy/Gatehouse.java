package dev.gatehouse.examples.proxy;

import dev.gatehouse.examples.acme.AcmeServerCommand;
import dev.gatehouse.examples.certificates.CertificatesCommand;
import dev.gatehouse.examples.demo.DemoCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code gatehouse} command. Exit codes: 0 done, 1 refused or failed, 2 usage. */
@Command(
        name = "gatehouse",
        description = "A reverse proxy that issues certificates the moment a visitor needs them.",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            AcmeServerCommand.class,
            CertificatesCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = GatehouseVersion.class)
public final class Gatehouse implements Runnable {

    private static final int EXIT_FAILED = 1;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Runs a command and returns its exit code. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        CommandLine commandLine = new CommandLine(new Gatehouse());
        commandLine.setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true));
        commandLine.setErr(new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true));
        commandLine.setDefaultValueProvider(Gatehouse::fromEnvironment);
        commandLine.setExecutionExceptionHandler((failure, command, result) -> report(failure, command));
        return commandLine.execute(arguments);
    }

    /** Every option can be given as GATEHOUSE_OPTION in the environment; the command line wins. */
    private static @Nullable String fromEnvironment(ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            String name = option.longestName().replaceFirst("^-+", "").replace('-', '_');
            return System.getenv("GATEHOUSE_" + name.toUpperCase(Locale.ROOT));
        }
        return null;
    }

    /** What went wrong is one line: what, why, what to do. Only what nobody expected comes with its stack trace. */
    private static int report(Exception failure, CommandLine command) {
        if (failure instanceof CommandFailedException) {
            command.getErr().println("gatehouse: " + failure.getMessage());
        } else {
            failure.printStackTrace(command.getErr());
        }
        return EXIT_FAILED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command, such as 'run' or 'demo'.");
    }
}
