package dev.gatehouse.examples.acme;

import dev.gatehouse.examples.proxy.CommandFailedException;
import dev.gatehouse.examples.proxy.Logging;
import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the ACME server of the test kit for local development, until it is told to stop. */
@Command(
        name = "acme-server",
        description = "Run a small ACME server (RFC 8555) for local development.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = {
            "",
            "Prints the URL of its directory when it is ready. Everything is kept in memory, with a new root for each"
                    + " start.",
            "A fault is NAME[=VALUE][@WHERE][*TIMES], such as bad-nonce*3, rate-limited=60s@new-order or"
                    + " server-error@finalize*always.",
            "WHERE is a resource, or for faults of a CA a name that is ordered; TIMES is a number or always. See"
                    + " docs/acme-server.md."
        })
public final class AcmeServerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "14000",
            description = "Port to listen on, 0 for a free one.")
    private int port;

    @Option(names = "--bind", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Address to listen on.")
    private String bind;

    @Option(names = "--http", description = "Serve plain HTTP in place of HTTPS.")
    private boolean plain;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "80",
            description = "Port where HTTP-01 is validated.")
    private int httpPort;

    @Option(
            names = "--tls-port",
            paramLabel = "PORT",
            defaultValue = "443",
            description = "Port where TLS-ALPN-01 is validated.")
    private int tlsPort;

    @Option(
            names = "--dns",
            paramLabel = "HOST:PORT",
            converter = SocketAddressConverter.class,
            description = "DNS server to look names up at. Without it every name is on this machine, and there is no"
                    + " DNS-01.")
    private @Nullable InetSocketAddress dns;

    @Option(names = "--root-out", paramLabel = "FILE", description = "Write the root certificate there, as PEM.")
    private @Nullable Path rootOut;

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            defaultValue = "90d",
            converter = DurationConverter.class,
            description = "How long certificates last: 90d, 12h, 5m.")
    private Duration lifetime;

    @Option(
            names = "--eab",
            paramLabel = "KID:HMAC",
            showDefaultValue = Visibility.NEVER,
            description =
                    "External account that new accounts have to be bound to, its key in base64url. May be repeated.")
    private List<String> externalAccounts = new ArrayList<>();

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            showDefaultValue = Visibility.NEVER,
            converter = FaultConverter.class,
            description = "Something to do wrong, see below. May be repeated.")
    private List<AcmeFault> faults = new ArrayList<>();

    /** Returns never: a signal ends the JVM, and the hook closes the server before that. */
    @Override
    public Integer call() throws InterruptedException {
        Logging.toStandardError(Level.INFO);
        AcmeTestServer server = start(settings());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "gatehouse-stop"));
        PrintWriter out = spec.commandLine().getOut();
        out.println(server.directoryUri());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    private AcmeTestServerBuilder settings() {
        try {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("--port: " + port + " (expected: 0 to 65535)");
            }
            AcmeTestServerBuilder builder = AcmeTestServer.builder()
                    .listen(new InetSocketAddress(InetAddress.getByName(bind), port))
                    .http01Port(httpPort)
                    .tlsPort(tlsPort)
                    .certificateLifetime(lifetime);
            if (!plain) {
                builder.https();
            }
            if (dns != null) {
                builder.dns(dns);
            }
            externalAccounts.forEach(account -> addExternalAccount(builder, account));
            return builder;
        } catch (UnknownHostException | IllegalArgumentException | IllegalStateException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static void addExternalAccount(AcmeTestServerBuilder builder, String account) {
        int colon = account.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("Invalid value for option '--eab': '" + account
                    + "' has no colon between key identifier and key. Write KID:HMAC.");
        }
        try {
            builder.externalAccount(account.substring(0, colon), account.substring(colon + 1));
        } catch (IllegalArgumentException wrongKey) {
            throw new IllegalArgumentException(
                    "Invalid value for option '--eab': the key of '" + account.substring(0, colon) + "' is no key ("
                            + wrongKey.getMessage() + "). Make one with: openssl rand 32 | basenc --base64url",
                    wrongKey);
        }
    }

    private AcmeTestServer start(AcmeTestServerBuilder settings) {
        AcmeTestServer server;
        try {
            server = settings.start();
        } catch (UncheckedIOException cannotListen) {
            throw new CommandFailedException(
                    "Cannot listen on " + bind + ":" + port + " ("
                            + reason(cannotListen)
                            + "). Stop what listens there, or choose another with --port.",
                    cannotListen);
        }
        try {
            faults.forEach(server::inject);
            if (rootOut != null) {
                RootFile.write(rootOut, server.ca().rootPem());
            }
            return server;
        } catch (IOException cannotWrite) {
            server.close();
            throw new CommandFailedException(
                    "--root-out: " + rootOut + " cannot be written (" + cannotWrite.getMessage()
                            + "). Choose a file in a folder that exists and that you may write to.",
                    cannotWrite);
        }
    }

    private static String reason(UncheckedIOException failure) {
        Throwable cause = failure.getCause();
        return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    }
}
