package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.conformance.host.HandshakeClient;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GatehouseConnectorTest {

    private static final TestCa CA = TestCa.create();

    private final CertificateIndex index = CertificateIndex.create();
    private final Server server = new Server();

    private int serve(CertificateResolver certificates) throws Exception {
        return start(GatehouseConnector.https(server, certificates, 0));
    }

    private int start(ServerConnector connector) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new RouterHandler(GatehouseConnectorTest::answer));
        server.start();
        return connector.getLocalPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        ByteBuffer text = StandardCharsets.UTF_8.encode(exchange.scheme() + " " + exchange.protocol());
        exchange.startResponse(200, HttpFields.of("Content-Length", String.valueOf(text.remaining())));
        exchange.write(text, true, () -> {});
    }

    @AfterEach
    void stop() {
        LifeCycle.stop(server);
    }

    private static HandshakeClient connect(int port, String name) throws IOException {
        return HandshakeClient.connect(port, name, CA.sslContext(), "TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void eachServerNameGetsItsCertificate(String protocol) throws Exception {
        index.add(CA.issue("a.example"));
        index.add(CA.issue("*.b.example"));
        int port = serve(index);

        for (int i = 0; i < 3; i++) {
            try (HandshakeClient a = HandshakeClient.connect(port, "a.example", CA.sslContext(), protocol);
                    HandshakeClient b = HandshakeClient.connect(port, "x.b.example", CA.sslContext(), protocol)) {
                assertThat(a.names()).containsExactly("a.example");
                assertThat(b.names()).containsExactly("*.b.example");
                assertThat(a.get("/").text()).isEqualTo("https HTTP/1.1");
                assertThat(b.get("/").status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void unknownServerNameIsAnsweredWithUnrecognizedName(String protocol) throws Exception {
        index.add(CA.issue("a.example"));
        int port = serve(index);

        assertThatThrownBy(() -> HandshakeClient.connect(port, "c.example", CA.sslContext(), protocol))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void protocolIsNegotiated(HttpClient.Version version) throws Exception {
        index.add(CA.issue("localhost"));
        int port = serve(index);
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(CA.sslContext())
                .build();

        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.body())
                .isEqualTo("https " + (version == HttpClient.Version.HTTP_2 ? "HTTP/2.0" : "HTTP/1.1"));
    }

    @Test
    void contextOfOnesOwnIsServedWithoutAGate() throws Exception {
        index.add(CA.issue("a.example"));
        ServerConnector connector = GatehouseConnector.https(
                server, ServerTls.using(index).sslContext(), GatehouseConnector.httpConfiguration(), 0);

        int port = start(connector);

        assertThat(connector.getConnectionFactory(TlsGateConnectionFactory.class))
                .isNull();
        try (HandshakeClient client = connect(port, "a.example")) {
            assertThat(client.get("/").text()).isEqualTo("https HTTP/1.1");
        }
    }
}
