package dev.gatehouse.examples.embed;

import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientAuthentication;
import dev.gatehouse.tls.ConnectionPolicy;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsVersion;
import dev.gatehouse.tls.source.CertificateSource;
import dev.gatehouse.tls.source.WatchedCertificates;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;

/** A Jetty server whose certificates are in a folder, and one of whose names is for the staff. */
public final class EmbedWithFiles {

    private EmbedWithFiles() {}

    /**
     * Starts the server.
     *
     * @param folder the certificates and keys, as certbot, Kubernetes or people put them there
     * @param staffAuthorities who issues certificates to the staff
     * @param application answers requests
     * @param httpsPort 443 in production
     * @return the running server; stopping it stops watching the folder
     * @throws Exception if it does not start
     */
    public static Server start(Path folder, List<X509Certificate> staffAuthorities, Handler application, int httpsPort)
            throws Exception {
        // README: Files
        CertificateIndex certificates = CertificateIndex.create();
        WatchedCertificates watched = WatchedCertificates.into(certificates)
                .add(CertificateSource.directory(folder))
                .start();
        ServerTls tls = ServerTls.builder(certificates)
                .policy(
                        "admin.example.com",
                        ConnectionPolicy.of(TlsVersion.TLS_1_3, ClientAuthentication.required(staffAuthorities)))
                .build();
        Server server = new Server();
        server.addConnector(GatehouseConnector.https(server, tls, GatehouseConnector.httpConfiguration(), httpsPort));
        server.setHandler(application);
        server.start();
        // README: end
        server.addBean(watched);
        return server;
    }
}
