package dev.gatehouse.examples.embed;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.undertow.GatehouseUndertow;
import dev.gatehouse.undertow.Http01Handler;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.util.Set;

/** An Undertow server whose certificates are issued when a tenant's first visitor comes. */
public final class EmbedInUndertow {

    private EmbedInUndertow() {}

    /**
     * Starts the server.
     *
     * @param issuer such as {@code AcmeIssuer.letsEncrypt().contact("ops@example.com").agreeToTermsOfService()}
     * @param folder where certificates are kept
     * @param tenants the names that may have a certificate
     * @param application answers requests
     * @param httpPort for challenges, 80 in production
     * @param httpsPort for everything else, 443 in production
     * @return the running server
     */
    public static Undertow start(
            Issuer issuer, Path folder, Set<String> tenants, HttpHandler application, int httpPort, int httpsPort) {
        // README: Undertow
        CertificateManager certificates = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(issuer)
                .onDemand(OnDemand.permittedBy(tenants::contains))
                .build();
        Undertow.Builder builder = Undertow.builder();
        GatehouseUndertow.https(builder, certificates, httpsPort, "0.0.0.0", application);
        GatehouseUndertow.http(builder, httpPort, "0.0.0.0", new Http01Handler(certificates.http01(), application));
        Undertow server = builder.build();
        server.start();
        // README: end
        return server;
    }
}
