package dev.gatehouse.examples.proxy;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.examples.certificates.StorageOptions;
import dev.gatehouse.examples.proxy.config.ConfigurationException;
import dev.gatehouse.examples.proxy.config.ConfigurationFile;
import dev.gatehouse.examples.proxy.config.Durations;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.OnDemandSettings;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the proxy until it is told to stop. */
@Command(
        name = "run",
        description = "Run the proxy.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = "Every option can be given in the environment, as GATEHOUSE_HTTP_PORT for --http-port.")
final class RunCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The services, as YAML.")
    private Path config;

    @Option(names = "--bind", paramLabel = "ADDRESS", defaultValue = "0.0.0.0", description = "Address to listen on.")
    private String bind;

    @Option(names = "--http-port", defaultValue = "80", description = "Port for HTTP and HTTP-01 challenges.")
    private int httpPort;

    @Option(names = "--https-port", defaultValue = "443", description = "Port for HTTPS.")
    private int httpsPort;

    @Mixin
    private StorageOptions storage;

    @Option(
            names = "--acme-directory",
            paramLabel = "URL",
            defaultValue = "https://acme-v02.api.letsencrypt.org/directory",
            description = "Directory of the certificate authority.")
    private URI acmeDirectory;

    @Option(
            names = "--acme-ca-root",
            paramLabel = "PEM",
            description = "Root to trust for the connection to the certificate authority. Default: those of the JVM.")
    private @Nullable Path acmeCaRoot;

    @Option(names = "--acme-email", description = "Address that the certificate authority may write to.")
    private @Nullable String acmeEmail;

    @Option(
            names = "--acme-eab-kid",
            paramLabel = "ID",
            description =
                    "Key identifier of the external account that some authorities want, such as ZeroSSL and Google.")
    private @Nullable String acmeEabKid;

    @Option(
            names = "--acme-eab-hmac",
            paramLabel = "KEY",
            description = "Key of the external account, in base64url. Better given in the environment, as"
                    + " GATEHOUSE_ACME_EAB_HMAC.")
    private @Nullable String acmeEabHmac;

    @Option(
            names = "--ask",
            paramLabel = "URL",
            description = "Endpoint that permits names: GET ?domain=NAME&host=NAME.")
    private @Nullable URI ask;

    @Option(names = "--ask-interval", description = "Time in which as many orders as the burst become available again.")
    private @Nullable String askInterval;

    @Option(names = "--ask-burst", description = "Orders that may begin at once.")
    private @Nullable Integer askBurst;

    /** Returns never: a signal ends the JVM, and the hook closes the proxy before that. */
    @Override
    public Integer call() throws InterruptedException {
        Logging.toStandardError(Level.INFO);
        Proxy proxy = start();
        Runtime.getRuntime().addShutdownHook(new Thread(proxy::close, "gatehouse-stop"));
        log.info(
                "gatehouse: listening on {} for HTTP and {} for HTTPS",
                text(proxy.httpAddress()),
                text(proxy.httpsAddress()));
        new CountDownLatch(1).await();
        return 0;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private Proxy start() {
        try {
            ProxyConfiguration configuration = withCommandLine(ConfigurationFile.read(config));
            return Proxy.builder(configuration)
                    .listen(bind, httpPort, httpsPort)
                    .storage(storage.open())
                    .issuer(issuer())
                    .start();
        } catch (ConfigurationException | CredentialException | UncheckedIOException wrong) {
            throw new CommandFailedException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private ProxyConfiguration withCommandLine(ProxyConfiguration file) {
        Optional<Duration> interval = Optional.ofNullable(askInterval)
                .map(text -> Durations.parse(text)
                        .orElseThrow(() -> new CommandFailedException(
                                "--ask-interval '" + text + "' is not a duration. Write 2s, 500ms, 5m or 1h.")));
        Optional<URI> endpoint =
                Optional.ofNullable(ask).or(() -> file.onDemand().map(OnDemandSettings::ask));
        Optional<OnDemandSettings> onDemand = endpoint.map(uri -> new OnDemandSettings(
                uri,
                interval.or(() -> file.onDemand().flatMap(OnDemandSettings::interval)),
                Optional.ofNullable(askBurst).or(() -> file.onDemand().flatMap(OnDemandSettings::burst))));
        return new ProxyConfiguration(onDemand, file.services());
    }

    private AcmeIssuer issuer() {
        try {
            AcmeIssuer issuer = AcmeIssuer.directory(acmeDirectory).agreeToTermsOfService();
            if (acmeEmail != null) {
                issuer = issuer.contact(acmeEmail);
            }
            issuer = withExternalAccount(issuer);
            return acmeCaRoot == null ? issuer : issuer.trustedRoots(Pem.certificates(Files.readString(acmeCaRoot)));
        } catch (IOException unreadable) {
            throw new CommandFailedException(
                    "--acme-ca-root: " + acmeCaRoot + " cannot be read (" + unreadable + "). Check the path.",
                    unreadable);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailedException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private AcmeIssuer withExternalAccount(AcmeIssuer issuer) {
        if (acmeEabKid != null && acmeEabHmac != null) {
            return issuer.externalAccountBinding(acmeEabKid, acmeEabHmac);
        }
        if (acmeEabKid != null || acmeEabHmac != null) {
            throw new CommandFailedException(
                    "--acme-eab-kid and --acme-eab-hmac go together, and one of them is missing. Give both or none.");
        }
        return issuer;
    }
}
