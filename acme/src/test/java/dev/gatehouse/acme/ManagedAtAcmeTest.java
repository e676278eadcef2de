package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Managed names at an ACME server, with real threads and sockets. */
@Timeout(60)
class ManagedAtAcmeTest {

    private AcmeFixture fixture;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        fixture = new AcmeFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aCertificateWithTwoNamesIsIssuedAndRenewed() {
        try (CertificateManager manager = fixture.answering(CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(fixture.issuer())
                .build())) {
            manager.manage(ManagedCertificate.of("example.com", "www.example.com"))
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            Credential first = served(manager);
            assertThat(first.coverage().toString()).isEqualTo("example.com, www.example.com");

            manager.renew(ServerName.of("www.example.com"))
                    .toCompletableFuture()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(served(manager).serialNumber()).isNotEqualTo(first.serialNumber()));
            assertThat(fixture.acme.issuedCertificates()).hasSize(2);
        }
    }

    private static Credential served(CertificateManager manager) {
        return manager.resolve(ClientHello.of(ServerName.of("www.example.com")))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .orElseThrow();
    }
}
