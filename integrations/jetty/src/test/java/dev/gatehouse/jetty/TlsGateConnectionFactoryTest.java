package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gate among other parts of Jetty. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsGateConnectionFactoryTest {

    private static final TestCa CA = TestCa.create();
    private static final CertificateIndex CERTIFICATES = CertificateIndex.create();

    static {
        CERTIFICATES.add(CA.issue("a.example"));
    }

    private static String visit(GateServer server) throws IOException {
        try (TlsClient client = TlsClient.connect(server.port(), "a.example", CA.sslContext(), "TLSv1.3")) {
            return client.get("Host: a.example");
        }
    }

    @Test
    void addressFromTheProxyProtocolIsTheClients() throws Exception {
        try (LogLines log = new LogLines();
                GateServer server = GateServer.start(
                        ServerTls.using(CERTIFICATES),
                        8,
                        connector -> connector.addFirstConnectionFactory(new ProxyConnectionFactory("TLS")));
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            byte[] header = "PROXY TCP4 192.0.2.7 192.0.2.1 1234 443\r\n".getBytes(StandardCharsets.US_ASCII);
            byte[] hello = ClientHellos.forName("unknown.example");
            byte[] together = new byte[header.length + hello.length];
            System.arraycopy(header, 0, together, 0, header.length);
            System.arraycopy(hello, 0, together, header.length, hello.length);
            plain.getOutputStream().write(together);

            assertThat(plain.getInputStream().readAllBytes()).hasSize(7).endsWith(112);
            assertThat(log.lines()).singleElement().asString().contains("unknown.example", "192.0.2.7");
        }
    }

    @Test
    void handshakeGoesThroughBehindTheProxyProtocol() throws Exception {
        try (GateServer server = GateServer.start(
                        ServerTls.using(CERTIFICATES),
                        8,
                        connector -> connector.addFirstConnectionFactory(new ProxyConnectionFactory("TLS")));
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            plain.getOutputStream()
                    .write("PROXY TCP4 192.0.2.7 192.0.2.1 1234 443\r\n".getBytes(StandardCharsets.US_ASCII));
            try (SSLSocket client = (SSLSocket)
                    CA.sslContext().getSocketFactory().createSocket(plain, "a.example", server.port(), true)) {
                client.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));

                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200")
                        .contains("name=a.example");
            }
        }
    }

    @Test
    void listenersOfHandshakesAreTold() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        try (GateServer server = GateServer.start(ServerTls.using(CERTIFICATES), 8, connector -> {
            connector.addBean(listener("connector", told));
            connector.getConnectionFactory(TlsGateConnectionFactory.class).addBean(listener("factory", told));
        })) {
            assertThat(visit(server)).startsWith("HTTP/1.1 200");
            assertThat(told).containsExactly("connector", "factory");
        }
    }

    private static SslHandshakeListener listener(String name, Queue<String> told) {
        return new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                told.add(name);
            }
        };
    }

    @Test
    void jettysOwnCheckOfTheServerNameCanBeSwitchedOn() throws Exception {
        HttpConfiguration configuration = GatehouseConnector.httpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer(true, true, -1, false));
        try (GateServer server = GateServer.start(ServerTls.using(CERTIFICATES), configuration)) {
            assertThat(visit(server)).startsWith("HTTP/1.1 200");
            try (TlsClient client = TlsClient.connect(server.port(), "a.example", CA.sslContext(), "TLSv1.3")) {
                assertThat(client.get("Host: b.example")).startsWith("HTTP/1.1 400");
            }
        }
    }

    @Test
    void customizersAreAddedOnceToASharedConfiguration() throws Exception {
        HttpConfiguration configuration = GatehouseConnector.httpConfiguration();
        try (GateServer server = GateServer.start(ServerTls.using(CERTIFICATES), configuration);
                GateServer other = GateServer.start(ServerTls.using(CERTIFICATES), configuration)) {
            assertThat(visit(server)).startsWith("HTTP/1.1 200");
            assertThat(visit(other)).startsWith("HTTP/1.1 200");
            assertThat(configuration.getCustomizers())
                    .filteredOn(customizer -> customizer instanceof MisdirectedRequests)
                    .hasSize(1);
            assertThat(configuration.getCustomizers())
                    .filteredOn(customizer -> customizer instanceof SecureRequestCustomizer)
                    .hasSize(1);
        }
    }

    @Test
    void largeHelloAndDirectBuffersChangeNothing() throws Exception {
        String[] protocols = new String[400];
        for (int i = 0; i < protocols.length - 1; i++) {
            protocols[i] = "protocol-with-a-long-name-" + i;
        }
        protocols[protocols.length - 1] = "http/1.1";
        try (GateServer server = GateServer.start(ServerTls.using(CERTIFICATES), 8, connector -> {
            TlsGateConnectionFactory factory = connector.getConnectionFactory(TlsGateConnectionFactory.class);
            factory.setDirectBuffersForEncryption(true);
            factory.setDirectBuffersForDecryption(true);
        })) {
            try (TlsClient client =
                    TlsClient.connect(server.port(), "a.example", CA.sslContext(), "TLSv1.3", protocols)) {
                assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
                assertThat(client.get("Host: a.example")).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void protocolThatTheConnectorDoesNotHaveEndsTheConnectionWithALine() throws Exception {
        ServerTls tls =
                ServerTls.builder(CERTIFICATES).applicationProtocols("imap").build();
        try (LogLines log = new LogLines();
                GateServer server = GateServer.start(tls)) {
            try (TlsClient client = TlsClient.connect(server.port(), "a.example", CA.sslContext(), "TLSv1.2", "imap")) {
                assertThat(client.get("Host: a.example")).isEmpty();
            }
            await().until(() -> server.connections() == 0);
            assertThat(log.lines())
                    .containsExactly("a.example: connection closed, imap has no connection factory in the connector."
                            + " Add one.");
        }
    }

    /** The JDK finds out about the curve with its ServerHello on the way already. */
    @ParameterizedTest
    @CsvSource({"-sigalgs,ECDSA+SHA256", "-ciphersuites,TLS_AES_128_CCM_SHA256"})
    void clientWithWhichNothingCanBeAgreedOnSeesAnAlertAndLeavesALine(String option, String value) throws Exception {
        CertificateIndex other = CertificateIndex.create();
        other.add(CA.leaf("a.example").keyAlgorithm(KeyAlgorithm.EC_P384).issue());
        try (LogLines log = new LogLines();
                GateServer server = GateServer.start(ServerTls.using(other))) {
            String output = new OpenSslClient(server.port()).visit("a.example", "-tls1_3", option, value);

            assertThat(output).contains("SSL alert number ");
            await().untilAsserted(() -> assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("a.example: handshake of 127.0.0.1 "));
        }
    }

    @Test
    void connectorOfOnesOwnNeedsNoHttp2() throws Exception {
        GateServer unused = GateServer.start(ServerTls.using(CERTIFICATES));
        try (unused) {
            TlsGateConnectionFactory tls =
                    new TlsGateConnectionFactory(ServerTls.using(CERTIFICATES).gate("http/1.1"));
            ServerConnector connector = new ServerConnector(
                    unused.connector().getServer(), new ConnectionFactory[] {tls, new HttpConnectionFactory()});
            connector.setHost("127.0.0.1");
            connector.start();
            try (TlsClient client = TlsClient.connect(
                    connector.getLocalPort(), "a.example", CA.sslContext(), "TLSv1.3", "h2", "http/1.1")) {
                assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
                assertThat(client.get("Host: a.example")).startsWith("HTTP/1.1 200");
            } finally {
                connector.stop();
            }
        }
    }
}
