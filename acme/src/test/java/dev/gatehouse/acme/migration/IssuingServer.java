package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.testing.AcmeOrder;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.TlsProbe;
import dev.gatehouse.testing.TlsTestServer;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** An authority, and a manager on a storage that orders there when a client asks for a name. */
final class IssuingServer implements AutoCloseable {

    private final AcmeTestServer acme;
    private final Path storage;

    private IssuingServer(AcmeTestServer acme, Path storage) {
        this.acme = acme;
        this.storage = storage;
    }

    static IssuingServer overHttp(Path storage) {
        return new IssuingServer(AcmeTestServer.start(), storage);
    }

    static IssuingServer overHttps(Path storage) {
        return new IssuingServer(AcmeTestServer.builder().https().start(), storage);
    }

    URI directory() {
        return acme.directoryUri();
    }

    TestCa ca() {
        return acme.ca();
    }

    /** Another program is to answer the challenges. */
    void challengesGoTo(int port) {
        acme.useHttp01Port(port);
    }

    AcmeOrder lastOrder() {
        List<AcmeOrder> orders = acme.orders();
        return orders.get(orders.size() - 1);
    }

    int orders() {
        return acme.orders().size();
    }

    /** Lets a client come for a name that has no certificate yet. */
    void issue(String name) throws IOException {
        HttpServer port80 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CertificateManager manager = CertificateManager.builder()
                .storage(FileStorage.at(storage))
                .issuer(AcmeIssuer.directory(directory())
                        .agreeToTermsOfService()
                        .trustedRoots(List.of(ca().rootCertificate())))
                .onDemand(OnDemand.permittedBy(any -> true).withoutPreflight())
                .build();
        port80.createContext("/.well-known/acme-challenge/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] answer = manager.http01()
                    .keyAuthorization(path.substring(path.lastIndexOf('/') + 1))
                    .orElse("")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        port80.start();
        acme.useHttp01Port(port80.getAddress().getPort());
        try (manager;
                TlsTestServer server =
                        TlsTestServer.start(ServerTls.using(manager).sslContext())) {
            assertThat(TlsProbe.builder()
                            .serverName(name)
                            .trust(ca())
                            .build()
                            .probe(server.address())
                            .requireCompleted()
                            .succeeded())
                    .isTrue();
        } finally {
            port80.stop(0);
        }
    }

    @Override
    public void close() {
        acme.close();
    }
}
