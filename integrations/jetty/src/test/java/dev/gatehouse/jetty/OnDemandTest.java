package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.conformance.host.HandshakeClient;
import dev.gatehouse.conformance.host.HttpMessage;
import dev.gatehouse.conformance.host.TestOrigin;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import dev.gatehouse.testing.AcmeTestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything together: a handshake for a new name, the challenge on port 80, the router and an origin behind it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OnDemandTest {

    @TempDir
    private Path folder;

    private final Server server = new Server();
    private final ServerConnector plain = GatehouseConnector.http(server, 0);
    private TestOrigin origin;
    private Router router;
    private AcmeTestServer acme;
    private CertificateManager certificates;
    private ServerConnector secure;

    @BeforeEach
    void start() throws Exception {
        origin = TestOrigin.answering(TestOrigin.ok("page"));
        router = Router.builder()
                .service(Service.named("tenants").target(origin.address()).build())
                .build();
        plain.open();
        acme = AcmeTestServer.builder().http01Port(plain.getLocalPort()).start();
        certificates = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(AcmeIssuer.directory(acme.directoryUri()).agreeToTermsOfService())
                .onDemand(OnDemand.permittedBy(name -> name.endsWith(".tenants.example"))
                        .withoutPreflight())
                .build();
        secure = GatehouseConnector.https(server, certificates, 0);
        server.addConnector(plain);
        server.addConnector(secure);
        server.setHandler(new Http01Handler(certificates.http01(), new RouterHandler(router)));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        LifeCycle.stop(server);
        certificates.close();
        acme.close();
        router.close();
        origin.close();
    }

    private HandshakeClient visit(String name) throws IOException {
        return HandshakeClient.connect(secure.getLocalPort(), name, acme.ca().sslContext(), "TLSv1.3");
    }

    @Test
    void firstHandshakeForAPermittedNameGetsItsCertificate() throws Exception {
        try (HandshakeClient client = visit("shop.tenants.example")) {
            assertThat(client.names()).containsExactly("shop.tenants.example");
            HttpMessage page = client.get("/");
            assertThat(page.text()).isEqualTo("page");
        }
        assertThat(acme.issuedCertificates()).hasSize(1);
        assertThat(origin.onlyRequest().header("X-Forwarded-Proto")).isEqualTo("https");
    }

    @Test
    void nameThatIsNotPermittedIsUnrecognized() {
        assertThatThrownBy(() -> visit("shop.other.example"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unrecognized_name");
        assertThat(acme.orders()).isEmpty();
    }

    @Test
    void openChallengesAreAnsweredAndAllElseIsPassedOn() throws Exception {
        try (var published = certificates.http01().publish("token-1", "token-1.thumbprint")) {
            assertThat(send("GET", "token-1").body()).isEqualTo("token-1.thumbprint");
            assertThat(send("GET", "token-1").headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(send("HEAD", "token-1").headers().firstValueAsLong("Content-Length"))
                    .hasValue("token-1.thumbprint".length());
            assertThat(send("POST", "token-1").body()).isEqualTo("page");
            assertThat(send("GET", "token-2").body()).isEqualTo("page");
            assertThat(send("GET", "x/token-1").body()).isEqualTo("page");
            assertThat(send("GET", "").body()).isEqualTo("page");
            assertThat(published).isNotNull();
        }
        assertThat(send("GET", "token-1").body()).isEqualTo("page");
    }

    @Test
    void challengesOfAnotherNodeAreAnsweredFromTheStorageThatBothHave() throws Exception {
        String token = "a-token-of-another-node-with-43-characters-";
        try (CertificateManager other = CertificateManager.builder()
                        .storage(FileStorage.at(folder))
                        .issuer(AcmeIssuer.directory(acme.directoryUri()))
                        .build();
                var published = other.http01().publish(token, token + ".thumbprint")) {
            assertThat(send("GET", token).body()).isEqualTo(token + ".thumbprint");
            assertThat(send("HEAD", token).headers().firstValueAsLong("Content-Length"))
                    .hasValue(token.length() + ".thumbprint".length());
            assertThat(published).isNotNull();
        }
        assertThat(send("GET", token).body()).isEqualTo("page");
    }

    private HttpResponse<String> send(String method, String token) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + plain.getLocalPort() + Http01Challenges.PATH + token);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
    }
}
