package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.join;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders at an ACME server that really verifies signatures and fetches challenges. */
@Timeout(120)
class AcmeIssuanceTest {

    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private final List<CertificateManager> managers = new ArrayList<>();
    private final List<String> answeredTokens = new CopyOnWriteArrayList<>();
    private final AcmeTestServer acme = AcmeTestServer.start();
    private HttpServer port80;

    @TempDir
    private Path folder;

    @BeforeEach
    void startPort80() throws IOException {
        port80 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port80.start();
        acme.useHttp01Port(port80.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        managers.forEach(CertificateManager::close);
        port80.stop(0);
        acme.close();
    }

    @Test
    void aCertificateIsIssuedThroughHttp01() {
        CertificateManager manager = manager();

        Credential credential = resolve(manager, "app.example.com").orElseThrow();

        assertThat(credential.coverage().covers(ServerName.of("app.example.com")))
                .isTrue();
        assertThat(credential.chain()).hasSize(2);
        assertThat(acme.issuedCertificates()).contains(credential.leaf());
        await().until(() -> events.stream().anyMatch(CertificateEvent.Issued.class::isInstance));
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "Asked",
                        "Permitted",
                        "Ordering",
                        "Ordered",
                        "ChallengePublished",
                        "ChallengeValidated",
                        "Issued");
    }

    @Test
    void theChallengeIsTakenBackWhenItIsOver() {
        CertificateManager manager = manager();

        resolve(manager, "app.example.com");

        assertThat(answeredTokens).isNotEmpty();
        assertThat(answeredTokens)
                .allSatisfy(token ->
                        assertThat(manager.http01().keyAuthorization(token)).isEmpty());
    }

    @Test
    void manyNamesAtOnceAreAllIssuedWithOneAccount() {
        CertificateManager manager = manager();

        List<CompletableFuture<Optional<Credential>>> handshakes = IntStream.range(0, 20)
                .mapToObj(i -> start(manager, "tenant-" + i + ".example.com"))
                .toList();

        assertThat(handshakes)
                .allSatisfy(handshake -> assertThat(join(handshake)).isPresent());
        assertThat(acme.orders()).hasSize(20);
        assertThat(acme.orders())
                .extracting(order -> order.account())
                .containsOnly(acme.orders().get(0).account());
    }

    @Test
    void theAccountOutlivesARestart() {
        resolve(manager(), "a.example.com");
        managers.get(0).close();

        resolve(manager(), "b.example.com");

        assertThat(acme.orders()).hasSize(2);
        assertThat(acme.orders().get(1).account())
                .isEqualTo(acme.orders().get(0).account());
    }

    @Test
    void anAccountThatTheAuthorityHasLostIsMadeAnew() {
        InetSocketAddress address = new InetSocketAddress(
                acme.directoryUri().getHost(), acme.directoryUri().getPort());
        resolve(manager(), "a.example.com");
        managers.get(0).close();
        acme.close();

        try (AcmeTestServer restarted = AcmeTestServer.builder()
                        .listen(address)
                        .http01Port(port80.getAddress().getPort())
                        .start();
                LogCapture log = new LogCapture()) {
            assertThat(resolve(manager(), "b.example.com")).isPresent();

            assertThat(restarted.orders()).hasSize(1);
            assertThat(log.lines()).anyMatch(line -> line.contains("does not know account"));
        }
    }

    @Test
    void aChallengeThatCannotBeFetchedFailsWithTheAuthoritysWords() {
        CertificateManager manager = manager();
        port80.stop(0);
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(manager, "app.example.com")).isEmpty();

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("WARN app.example.com: not issued. The http-01 challenge failed,")
                            .contains("the certificate authority says connection")
                            .contains("Check that port 80 of this name reaches the challenge handler")
                            .contains("Next try from "));
        }
        await().untilAsserted(
                        () -> assertThat(events.get(events.size() - 1)).isInstanceOf(CertificateEvent.Failed.class));
        assertThat(acme.issuedCertificates()).isEmpty();
    }

    @Test
    void anAuthorityThatIsDownIsNamed() {
        CertificateManager manager = manager();
        acme.close();
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(manager, "app.example.com")).isEmpty();

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("WARN app.example.com: not issued.")
                            .contains("cannot be reached")
                            .contains("Check its directory URL and the network"));
        }
    }

    @Test
    void retryAfterAndProcessingAreFollowed() {
        try (AcmeTestServer slow = AcmeTestServer.builder()
                .http01Port(port80.getAddress().getPort())
                .processingTime(Duration.ofMillis(300))
                .retryAfter(Duration.ofSeconds(1))
                .start()) {
            CertificateManager manager = manager(slow.directoryUri());

            assertThat(resolve(manager, "app.example.com")).isPresent();
        }
    }

    @Test
    void issuersAreRefusedWithWrongSettings() {
        assertThatThrownBy(() -> AcmeIssuer.directory(URI.create("acme-v02.api.letsencrypt.org/directory")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Write it as https://host/directory");
        assertThatThrownBy(() -> AcmeIssuer.letsEncrypt().contact("mailto:ops@example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Write it as ops@example.com");
    }

    private CertificateManager manager() {
        return manager(acme.directoryUri());
    }

    private CertificateManager manager(URI directory) {
        CertificateManager manager = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(AcmeIssuer.directory(directory)
                        .contact("ops@example.com")
                        .agreeToTermsOfService())
                .onDemand(ManagerFixture.unlimited(OnDemand.permittedBy(name -> name.endsWith(".example.com")))
                        .burst(100, Duration.ofSeconds(1)))
                .listener(events::add)
                .build();
        managers.add(manager);
        answerChallenges(manager);
        return manager;
    }

    private void answerChallenges(CertificateManager manager) {
        if (managers.size() > 1) {
            port80.removeContext(Http01Challenges.PATH);
        }
        port80.createContext(Http01Challenges.PATH, exchange -> {
            String token = exchange.getRequestURI().getPath().substring(Http01Challenges.PATH.length());
            answeredTokens.add(token);
            byte[] body = manager.http01().keyAuthorization(token).orElse("").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
