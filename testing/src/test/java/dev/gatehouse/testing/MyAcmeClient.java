package dev.gatehouse.testing;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** An ACME client of the reader's, with the web server that answers its challenges. */
final class MyAcmeClient implements AutoCloseable {
    private final Http01Responder webServer;
    private final Acme4jClient client;
    private @Nullable X509Certificate certificate;

    private MyAcmeClient(Http01Responder webServer, Acme4jClient client) {
        this.webServer = webServer;
        this.client = client;
    }

    /** A client of this server, which then finds the client's web server. */
    static MyAcmeClient of(AcmeTestServer server) throws Exception {
        Http01Responder webServer = new Http01Responder();
        server.useHttp01Port(webServer.port());
        return new MyAcmeClient(webServer, Acme4jClient.register(server, webServer));
    }

    void obtain(String name) throws Exception {
        certificate = client.issue(name).getCertificate();
    }

    @Nullable
    X509Certificate certificate() {
        return certificate;
    }

    @Override
    public void close() {
        webServer.close();
    }
}
