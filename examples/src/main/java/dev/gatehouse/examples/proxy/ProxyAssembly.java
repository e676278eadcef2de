package dev.gatehouse.examples.proxy;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateManagerBuilder;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.BufferingSettings;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.CertificateSource;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.OnDemandSettings;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.ServiceSettings;
import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** Makes the parts of the proxy from its configuration. */
final class ProxyAssembly {

    private static final int DEFAULT_BURST = 5;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);

    private final ProxyConfiguration configuration;
    private final IntSupplier httpsPort;

    ProxyAssembly(ProxyConfiguration configuration, IntSupplier httpsPort) {
        this.configuration = configuration;
        this.httpsPort = httpsPort;
    }

    CertificateManager certificates(
            CertificateStorage storage, Issuer issuer, List<Consumer<CertificateEvent>> listeners) {
        CertificateManagerBuilder builder = CertificateManager.builder()
                .storage(storage)
                .issuer(issuer)
                .onDemand(OnDemand.asking(permission()).burst(burst(), interval()));
        configuration.services().forEach(service -> addGiven(service, builder));
        listeners.forEach(builder::listener);
        return builder.build();
    }

    /** What the HTTPS listener serves: the services with TLS. */
    Router secureRouter() {
        return router(configuration.services().stream()
                .filter(service -> service.certificate().isTls())
                .map(service -> toTarget(service).build()));
    }

    /** What the HTTP listener serves: the services without TLS, and redirects to the others. */
    Router plainRouter() {
        HttpsRedirect redirect = new HttpsRedirect(httpsPort);
        return router(configuration.services().stream()
                .map(service -> service.certificate().isTls()
                        ? locations(service).handler(redirect).build()
                        : toTarget(service).build()));
    }

    private static Router router(Stream<Service> services) {
        try {
            return Router.builder().services(services.toList()).build();
        } catch (IllegalArgumentException refused) {
            throw new CommandFailedException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static Service.Builder locations(ServiceSettings service) {
        Service.Builder builder =
                Service.named(service.name()).hosts(service.hosts().toArray(String[]::new));
        service.pathPrefixes().forEach(builder::pathPrefix);
        return builder;
    }

    private static Service.Builder toTarget(ServiceSettings service) {
        Service.Builder builder =
                locations(service).target(service.target()).stripPathPrefix(service.stripPathPrefix());
        service.responseTimeout().ifPresent(builder::responseTimeout);
        service.buffering().map(ProxyAssembly::buffering).ifPresent(builder::buffering);
        return builder;
    }

    private static Buffering buffering(BufferingSettings settings) {
        Buffering.Builder buffering = !settings.responses()
                ? Buffering.requests()
                : settings.requests() ? Buffering.requestsAndResponses() : Buffering.responses();
        if (settings.maxRequestBody() > 0) {
            buffering.maxRequestBodyBytes(settings.maxRequestBody());
        }
        if (settings.maxResponseBody() > 0) {
            buffering.maxResponseBodyBytes(settings.maxResponseBody());
        }
        settings.memory().ifPresent(buffering::memoryBytes);
        return buffering.build();
    }

    private void addGiven(ServiceSettings service, CertificateManagerBuilder builder) {
        if (service.certificate() instanceof CertificateSource.Given given) {
            Credential credential = read(service, given);
            requireCoverage(service, credential, given);
            builder.credential(credential);
        }
    }

    private static Credential read(ServiceSettings service, CertificateSource.Given given) {
        try {
            return Pem.credential(given.chain(), given.privateKey());
        } catch (CredentialException unusable) {
            throw new CommandFailedException(
                    "service '" + service.name() + "': " + given.origin() + ": " + unusable.getMessage(), unusable);
        }
    }

    private static void requireCoverage(ServiceSettings service, Credential credential, CertificateSource.Given given) {
        for (String host : service.hosts()) {
            boolean isCovered = host.startsWith("*.")
                    ? credential.coverage().wildcardNames().stream()
                            .anyMatch(wildcard -> wildcard.value().equalsIgnoreCase(host))
                    : credential.coverage().covers(ServerName.of(host));
            if (!isCovered) {
                throw new CommandFailedException(
                        "service '" + service.name() + "': the certificate " + given.origin() + " does not fit host "
                                + host + ". " + credential.coverage().explain(host));
            }
        }
    }

    private IssuancePermission permission() {
        List<String> configured = configuration.services().stream()
                .filter(service -> service.certificate() instanceof CertificateSource.Automatic)
                .flatMap(service -> service.hosts().stream())
                .toList();
        IssuancePermission names = IssuancePermission.ofNames(configured);
        boolean isOnDemand = configuration.services().stream()
                .anyMatch(service -> service.certificate() instanceof CertificateSource.OnDemandNames);
        if (!isOnDemand) {
            return names;
        }
        return configuration
                .onDemand()
                .map(settings -> IssuancePermission.anyOf(names, IssuancePermission.http(settings.ask())))
                .orElseThrow(() -> new CommandFailedException("A service has 'ssl: on_demand', but nobody permits its"
                        + " names. Add an 'on_demand_tls' section with 'ask', or --ask."));
    }

    private int burst() {
        return configuration.onDemand().flatMap(OnDemandSettings::burst).orElse(DEFAULT_BURST);
    }

    private Duration interval() {
        return configuration.onDemand().flatMap(OnDemandSettings::interval).orElse(DEFAULT_INTERVAL);
    }
}
