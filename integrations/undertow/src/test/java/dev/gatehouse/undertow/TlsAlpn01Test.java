package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.ClientAuthentication;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.ServerTls;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS-ALPN-01 inside the port that serves HTTPS. Clients have to show certificates here, except the one that validates. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsAlpn01Test {

    private static final ServerName SHOP = ServerName.of("shop.tenants.example");

    @TempDir
    private Path folder;

    private final AtomicInteger requests = new AtomicInteger();
    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private final TestCa clients = TestCa.create();
    private AcmeTestServer acme;
    private CertificateManager certificates;
    private GateServer server;

    @BeforeEach
    void start() throws Exception {
        acme = AcmeTestServer.builder()
                .tlsPort(1)
                .challenges(AcmeChallenge.TLS_ALPN_01)
                .start();
        certificates = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(AcmeIssuer.directory(acme.directoryUri()).agreeToTermsOfService())
                .onDemand(OnDemand.permittedBy(name -> name.endsWith(".tenants.example"))
                        .withoutPreflight())
                .listener(events::add)
                .build();
        ServerTls tls = ServerTls.builder(certificates)
                .clientAuthentication(ClientAuthentication.required(List.of(clients.rootCertificate())))
                .build();
        server = GateServer.start(tls, exchange -> requests.incrementAndGet());
        acme.useTlsPort(server.port());
    }

    @AfterEach
    void stop() {
        server.close();
        certificates.close();
        acme.close();
    }

    @Test
    void theAuthorityValidatesInTheSamePortThatWaitsForTheCertificate() {
        certificates.resolve(ClientHello.of(SHOP)).toCompletableFuture().join();

        assertThat(acme.issuedCertificates()).hasSize(1);
        assertThat(events)
                .contains(
                        new CertificateEvent.ChallengePublished(SHOP, "tls-alpn-01"),
                        new CertificateEvent.ChallengeValidated(SHOP, "tls-alpn-01"));
        assertThat(requests).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void theConnectionEndsWithTheHandshakeAndIsNeverResumed(String version) throws Exception {
        try (var published = certificates.tlsAlpn01().publish(SHOP, "token.thumbprint")) {
            String output = openSsl("-reconnect", version, "-alpn", "acme-tls/1");

            assertThat(output).contains("ALPN protocol: acme-tls/1").contains("acme challenge");
            assertThat(output).contains("New, TLS").doesNotContain("Reused").doesNotContain("HTTP/1.1");
            assertThat(requests).hasValue(0);
            assertThat(published).isNotNull();
        }
    }

    @Test
    void clientsThatOfferMoreNeverSeeTheChallenge() throws Exception {
        try (var published = certificates.tlsAlpn01().publish(SHOP, "token.thumbprint")) {
            assertThat(openSsl("-alpn", "http/1.1,acme-tls/1"))
                    .doesNotContain("acme challenge")
                    .doesNotContain("ALPN protocol: acme-tls/1");
            assertThat(openSsl()).doesNotContain("acme challenge");
            assertThat(published).isNotNull();
        }
    }

    @Test
    void withoutAnOpenChallengeNobodyIsServedAndNothingIsOrdered() throws Exception {
        assertThat(openSsl("-alpn", "acme-tls/1")).contains("unrecognized name");
        assertThat(acme.orders()).isEmpty();
    }

    @Test
    void anAddressIsAskedForByItsReverseName() throws Exception {
        try (var published = certificates.tlsAlpn01().publish(ServerName.of("127.0.0.1"), "token.thumbprint")) {
            String output =
                    OpenSsl.request(server.port(), "1.0.0.127.in-addr.arpa", "-alpn", "acme-tls/1", "-showcerts");

            X509Certificate shown = Pem.certificates(output.substring(output.indexOf("-----BEGIN")))
                    .get(0);
            assertThat(shown.getSubjectAlternativeNames()).containsExactly(List.of(7, "127.0.0.1"));
            assertThat(shown.getCriticalExtensionOIDs()).containsExactly("1.3.6.1.5.5.7.1.31");
            assertThat(published).isNotNull();
        }
    }

    @Test
    void anotherNodeAnswersFromTheStorageThatBothHave() throws Exception {
        try (CertificateManager other = CertificateManager.builder()
                        .storage(FileStorage.at(folder))
                        .issuer(AcmeIssuer.directory(acme.directoryUri()))
                        .build();
                var published = other.tlsAlpn01().publish(SHOP, "token.thumbprint")) {
            assertThat(openSsl("-alpn", "acme-tls/1")).contains("acme challenge");
            assertThat(published).isNotNull();
        }
        assertThat(openSsl("-alpn", "acme-tls/1")).doesNotContain("acme challenge");
    }

    private String openSsl(String... options) throws Exception {
        return OpenSsl.request(server.port(), SHOP.value(), options);
    }
}
