package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.internal.pki.ServerContexts;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;

@Timeout(60)
class AcmeChallengesTest {
    private static final KeyPair CHALLENGE_KEY = KeyAlgorithm.RSA_2048.generateKeyPair();

    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private Http01Responder responder;

    @BeforeEach
    void start() throws IOException {
        responder = new Http01Responder();
    }

    @AfterEach
    void stop() {
        responder.close();
    }

    @Test
    void provesAWildcardNameByDns01() throws Exception {
        try (AcmeTestServer server = AcmeTestServer.builder()
                .txtResolver(name -> records.getOrDefault(name, List.of()))
                .start()) {
            Acme4jClient client = Acme4jClient.register(server, responder);
            Order order = client.order("*.example.com", "example.com");

            for (Authorization authorization : order.getAuthorizations()) {
                assertThat(authorization.isWildcard())
                        .isEqualTo(authorization.getChallenges().size() == 1);
                Dns01Challenge challenge =
                        authorization.findChallenge(Dns01Challenge.class).orElseThrow();
                String name = challenge.getRRName(authorization.getIdentifier());
                records.computeIfAbsent(name.replaceAll("\\.$", ""), any -> new CopyOnWriteArrayList<>())
                        .add(challenge.getDigest());
                challenge.trigger();
            }
            Acme4jClient.awaitNotPending(order);
            order.execute(KeyAlgorithm.EC_P256.generateKeyPair());

            X509Certificate leaf = Acme4jClient.awaitStatus(order, Set.of(Status.VALID, Status.INVALID))
                    .getCertificate()
                    .getCertificate();
            assertThat(leaf.getSubjectAlternativeNames())
                    .containsExactlyInAnyOrder(List.of(2, "*.example.com"), List.of(2, "example.com"));
            assertThat(records).containsOnlyKeys("_acme-challenge.example.com");
        }
    }

    @Test
    void showsTheTxtRecordsThatItFound() throws Exception {
        records.put("_acme-challenge.app.example.com", List.of("old", "older"));
        try (AcmeTestServer server = AcmeTestServer.builder()
                .challenges(AcmeChallenge.DNS_01)
                .txtResolver(name -> records.getOrDefault(name, List.of()))
                .start()) {
            Acme4jClient client = Acme4jClient.register(server, responder);

            assertThat(errorOf(client.order("app.example.com"), Dns01Challenge.class))
                    .contains("'old', 'older'", "Add one with the text");
            assertThat(errorOf(client.order("other.example.com"), Dns01Challenge.class))
                    .contains("no TXT record at _acme-challenge.other.example.com");
        }
    }

    @Test
    void dns01NeedsAResolver() {
        assertThatThrownBy(() -> AcmeTestServer.builder()
                        .challenges(AcmeChallenge.DNS_01)
                        .start())
                .hasMessage("challenges: DNS_01 (expected: a txtResolver that finds its TXT records)");
    }

    @Test
    void provesNamesAndAddressesByTlsAlpn01() throws Exception {
        for (Identifier identifier :
                List.of(Identifier.dns("app.example.com"), Identifier.ip("192.0.2.7"), Identifier.ip("2001:db8::1"))) {
            try (TlsAlpnServer tls = new TlsAlpnServer();
                    AcmeTestServer server = AcmeTestServer.builder()
                            .challenges(AcmeChallenge.TLS_ALPN_01)
                            .tlsPort(tls.port())
                            .start()) {
                Acme4jClient client = Acme4jClient.register(server, responder);
                Order order = client.login().newOrder().identifier(identifier).create();
                TlsAlpn01Challenge challenge = challenge(order, TlsAlpn01Challenge.class);
                tls.show(
                        challenge.createCertificate(CHALLENGE_KEY, identifier), TlsAlpn01Challenge.ACME_TLS_1_PROTOCOL);
                challenge.trigger();

                Acme4jClient.awaitNotPending(order);

                assertThat(order.getStatus())
                        .as("%s: %s", identifier, order.getError())
                        .isEqualTo(Status.READY);
                assertThat(tls.askedNames())
                        .containsExactly(
                                switch (identifier.toString()) {
                                    case "dns=app.example.com" -> "app.example.com";
                                    case "ip=192.0.2.7" -> "7.2.0.192.in-addr.arpa";
                                    default ->
                                        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
                                });
            }
        }
    }

    @Test
    void tlsAlpn01SaysWhatIsWrongWithTheCertificate() throws Exception {
        try (TlsAlpnServer tls = new TlsAlpnServer();
                AcmeTestServer server = AcmeTestServer.builder()
                        .challenges(AcmeChallenge.TLS_ALPN_01)
                        .tlsPort(tls.port())
                        .start()) {
            Acme4jClient client = Acme4jClient.register(server, responder);
            Identifier name = Identifier.dns("app.example.com");

            Order ordinary = client.order("app.example.com");
            tls.show(
                    server.ca()
                            .leaf("app.example.com")
                            .keyPair(CHALLENGE_KEY)
                            .issue()
                            .leaf(),
                    "acme-tls/1");
            assertThat(errorOf(ordinary, TlsAlpn01Challenge.class)).contains("no critical extension acmeIdentifier");

            Order otherToken = client.order("app.example.com");
            tls.show(
                    challenge(client.order("app.example.com"), TlsAlpn01Challenge.class)
                            .createCertificate(CHALLENGE_KEY, name),
                    "acme-tls/1");
            assertThat(errorOf(otherToken, TlsAlpn01Challenge.class)).contains("another key authorization");

            Order otherName = client.order("app.example.com");
            tls.show(
                    challenge(otherName, TlsAlpn01Challenge.class)
                            .createCertificate(CHALLENGE_KEY, Identifier.dns("other.example.com")),
                    "acme-tls/1");
            assertThat(errorOf(otherName, TlsAlpn01Challenge.class))
                    .contains("[other.example.com]", "Show one for app.example.com only");

            Order otherProtocol = client.order("app.example.com");
            tls.show(challenge(otherProtocol, TlsAlpn01Challenge.class).createCertificate(CHALLENGE_KEY, name), "h2");
            assertThat(errorOf(otherProtocol, TlsAlpn01Challenge.class)).contains("acme-tls/1");

            Order withoutAlpn = client.order("app.example.com");
            tls.show(challenge(withoutAlpn, TlsAlpn01Challenge.class).createCertificate(CHALLENGE_KEY, name));
            assertThat(errorOf(withoutAlpn, TlsAlpn01Challenge.class))
                    .contains("did not choose the protocol acme-tls/1");
        }
    }

    private static <C extends Challenge> C challenge(Order order, Class<C> type) throws Exception {
        return order.getAuthorizations().get(0).findChallenge(type).orElseThrow();
    }

    private static String errorOf(Order order, Class<? extends Challenge> type) throws Exception {
        challenge(order, type).trigger();
        Acme4jClient.awaitNotPending(order);
        assertThat(order.getStatus()).isEqualTo(Status.INVALID);
        return order.getError().orElseThrow().getDetail().orElseThrow();
    }

    /** A TLS server that shows the certificate of a challenge. */
    private static final class TlsAlpnServer implements AutoCloseable {
        private final List<String> askedNames = new CopyOnWriteArrayList<>();
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private volatile SSLContext context = SSLContext.getDefault();
        private volatile String[] protocols = {};

        private TlsAlpnServer() throws IOException, GeneralSecurityException {
            Thread thread = new Thread(this::serve, "tls-alpn-server");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return listener.getLocalPort();
        }

        List<String> askedNames() {
            return askedNames;
        }

        void show(X509Certificate certificate, String... applicationProtocols) {
            context = ServerContexts.of(Credential.of(CHALLENGE_KEY.getPrivate(), List.of(certificate)));
            protocols = applicationProtocols;
        }

        private void serve() {
            while (!listener.isClosed()) {
                try (Socket plain = listener.accept();
                        SSLSocket socket =
                                (SSLSocket) context.getSocketFactory().createSocket(plain, null, true)) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(protocols);
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    ((ExtendedSSLSession) socket.getSession())
                            .getRequestedServerNames()
                            .forEach(name -> askedNames.add(((SNIHostName) name).getAsciiName()));
                    socket.getInputStream().read();
                } catch (IOException refusedOrClosed) {
                    // The validation tells what happened.
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
