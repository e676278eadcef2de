package dev.gatehouse.examples.demo;

import dev.gatehouse.examples.proxy.CommandFailedException;
import dev.gatehouse.examples.proxy.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the main job on this machine alone: no network, no privileges, no account. */
@Command(
        name = "demo",
        description = "Issue a certificate on demand, all on this machine.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--http-port", defaultValue = "8080", description = "Port for HTTP and HTTP-01 challenges.")
    private int httpPort;

    @Option(names = "--https-port", defaultValue = "8443", description = "Port for HTTPS.")
    private int httpsPort;

    @Option(names = "--once", description = "End after the demonstration; exit code 0 only if all of it went right.")
    private boolean once;

    @Option(names = "--verbose", description = "Show the log lines of the library as well.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.toStandardError(verbose ? Level.INFO : Level.SEVERE);
        PrintWriter out = spec.commandLine().getOut();
        try (Demo demo = Demo.start(httpPort, httpsPort, new Narrator(out))) {
            demo.play();
            if (!once) {
                demo.invite();
                awaitInterrupt(demo);
            }
        } catch (DemoFailure failure) {
            throw new CommandFailedException("the demonstration went wrong: " + failure.getMessage(), failure);
        }
        return 0;
    }

    /** Ctrl-C ends the JVM; the hook closes what is open before that. */
    private static void awaitInterrupt(Demo demo) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "gatehouse-stop"));
        new CountDownLatch(1).await();
    }
}
