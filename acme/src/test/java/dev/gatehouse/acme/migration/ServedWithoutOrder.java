package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.testing.TlsProbe;
import dev.gatehouse.testing.TlsProbeBuilder;
import dev.gatehouse.testing.TlsTestServer;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on what was imported, whose issuer must not be asked. */
final class ServedWithoutOrder implements AutoCloseable {

    private final OrderCounter issuer = new OrderCounter();
    private final CertificateManager manager;
    private final TlsTestServer server;

    ServedWithoutOrder(Path storage) {
        this.manager = CertificateManager.builder()
                .storage(FileStorage.at(storage))
                .issuer(issuer)
                .onDemand(OnDemand.permittedBy(name -> true).withoutPreflight())
                .build();
        this.server = TlsTestServer.start(ServerTls.using(manager).sslContext());
    }

    /** A real handshake shows this chain. */
    void shows(String name, List<X509Certificate> chain, TlsProbeBuilder trust) throws IOException {
        TlsProbe probe = trust.serverName(name).build();
        probe.probe(server.address()).requireCompleted().requireChain(chain);
        assertThat(issuer.orders).hasValue(0);
    }

    @Override
    public void close() {
        server.close();
        manager.close();
    }

    private static final class OrderCounter implements Issuer {

        private final AtomicInteger orders = new AtomicInteger();

        @Override
        public String identity() {
            return "nobody";
        }

        @Override
        public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
            orders.incrementAndGet();
            return CompletableFuture.failedFuture(new AssertionError(request.subject() + " was ordered"));
        }
    }
}
