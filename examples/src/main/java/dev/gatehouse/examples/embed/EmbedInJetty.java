package dev.gatehouse.examples.embed;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.jetty.Http01Handler;
import java.nio.file.Path;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;

/** A Jetty server whose certificates are issued when a tenant's first visitor comes. */
public final class EmbedInJetty {

    private EmbedInJetty() {}

    /**
     * Starts the server.
     *
     * @param issuer such as {@code AcmeIssuer.letsEncrypt().contact("ops@example.com").agreeToTermsOfService()}
     * @param folder where certificates are kept
     * @param tenants the names that may have a certificate
     * @param application answers requests
     * @param httpPort for challenges, 80 in production
     * @param httpsPort for everything else, 443 in production
     * @return the running server; stopping it closes the certificate manager
     * @throws Exception if it does not start
     */
    public static Server start(
            Issuer issuer, Path folder, Set<String> tenants, Handler application, int httpPort, int httpsPort)
            throws Exception {
        // README: Jetty
        CertificateManager certificates = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(issuer)
                .onDemand(OnDemand.permittedBy(tenants::contains))
                .build();
        Server server = new Server();
        server.addConnector(GatehouseConnector.https(server, certificates, httpsPort));
        server.addConnector(GatehouseConnector.http(server, httpPort));
        server.setHandler(new Http01Handler(certificates.http01(), application));
        server.start();
        // README: end
        server.addBean(certificates);
        return server;
    }
}
