package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.TestOrigin;
import dev.gatehouse.testing.CertificateFault;
import dev.gatehouse.testing.CertificateMaterial;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins that speak TLS, over real sockets. */
class TlsOriginTest extends TlsFixture {

    // What works

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anExchangeGoesOverTlsAndItsConnectionCarriesTheNextOne(String version) {
        ConcurrentLinkedQueue<String> spoken = new ConcurrentLinkedQueue<>();
        TestOrigin origin = tlsOrigin(
                server().sslContext(), socket -> socket.setEnabledProtocols(new String[] {version}), connection -> {
                    ANSWERING.run(connection);
                    spoken.add(connection.session().getProtocol());
                });
        OriginTls tls = tls(settings -> settings);

        assertThat(get(origin, tls).text()).isEqualTo("ok");
        assertThat(carry(service(origin, tls), FakeExchange.of("POST", "/").body("hello"))
                        .await()
                        .status())
                .isEqualTo(200);
        assertThat(origin.connections()).isEqualTo(1);
        plane().close();
        advanceUntilClosed(spoken, version);
    }

    private void advanceUntilClosed(ConcurrentLinkedQueue<String> spoken, String version) {
        await().untilAsserted(() -> {
            advance(Duration.ofSeconds(31));
            assertThat(spoken).containsExactly(version);
        });
    }

    @Test
    void theOriginIsAskedForItsNameAndForHttp11() {
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        TestOrigin origin = tlsOrigin(
                server().sslContext(),
                socket -> socket.setHandshakeApplicationProtocolSelector((at, offered) -> {
                    asked.addAll(offered);
                    ((ExtendedSSLSession) at.getHandshakeSession())
                            .getRequestedServerNames()
                            .forEach(name -> asked.add(((SNIHostName) name).getAsciiName()));
                    return "http/1.1";
                }),
                ANSWERING);

        assertThat(get(origin, tls(settings -> settings.serverName(NAME))).text())
                .isEqualTo("ok");
        assertThat(asked).containsExactly("http/1.1", NAME);
    }

    @Test
    void anAddressIsVerifiedButNotAskedFor() {
        AtomicInteger names = new AtomicInteger(-1);
        TestOrigin origin = tlsOrigin(
                server().sslContext(),
                socket -> socket.setHandshakeApplicationProtocolSelector((at, offered) -> {
                    names.set(((ExtendedSSLSession) at.getHandshakeSession())
                            .getRequestedServerNames()
                            .size());
                    return "";
                }),
                ANSWERING);

        assertThat(get(origin, tls(settings -> settings)).status()).isEqualTo(200);
        assertThat(names).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientCertificateIsShown(String version) throws Exception {
        ConcurrentLinkedQueue<String> clients = new ConcurrentLinkedQueue<>();
        TestOrigin origin = tlsOrigin(
                TlsServers.trusting(CA, server()),
                socket -> {
                    socket.setEnabledProtocols(new String[] {version});
                    socket.setNeedClientAuth(true);
                },
                connection -> {
                    connection.readRequest();
                    clients.add(connection.session().getPeerPrincipal().getName());
                    connection.send(OK);
                });
        CertificateMaterial client = CA.issueClient("router-1");

        assertThat(get(origin, tls(settings -> settings.clientCertificate(client.privateKey(), client.chain())))
                        .text())
                .isEqualTo("ok");
        assertThat(clients).containsExactly("CN=router-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumed(String version) {
        ConcurrentLinkedQueue<Long> created = new ConcurrentLinkedQueue<>();
        TestOrigin origin = tlsOrigin(
                server().sslContext(), socket -> socket.setEnabledProtocols(new String[] {version}), connection -> {
                    connection.readRequest();
                    created.add(connection.session().getCreationTime());
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                    connection.hasMore();
                });
        OriginTls tls = tls(settings -> settings.serverName(NAME));

        for (int i = 0; i < 3; i++) {
            assertThat(get(origin, tls).text()).isEqualTo("ok");
        }

        assertThat(origin.connections()).isEqualTo(3);
        assertThat(created).hasSize(3).containsOnly(created.peek());
    }

    @Test
    void withoutVerificationEverythingIsAcceptedAndOneWarningIsLogged() {
        TestOrigin origin = tlsOrigin(CA.broken("other.example.com").expired().sslContext(), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        });
        OriginTls tls = OriginTls.builder().insecureWithoutVerification().build();

        assertThat(get(origin, tls).status()).isEqualTo(200);
        assertThat(get(origin, tls).status()).isEqualTo(200);
        assertThat(origin.connections()).isEqualTo(2);
        assertThat(logs.lines())
                .filteredOn(line -> line.contains("is not verified"))
                .singleElement()
                .asString()
                .startsWith("WARN 127.0.0.1:" + origin.port());
    }

    @Test
    void aContextThatIsReadyDecidesAboutTrustAndTheNameIsVerified() {
        TestOrigin good = tlsOrigin(server().sslContext(), ANSWERING);
        TestOrigin wrong =
                tlsOrigin(CertificateMaterial.of(CA.issue("other.example.com")).sslContext(), ANSWERING);
        OriginTls tls = OriginTls.builder().sslContext(CA.sslContext()).build();

        assertThat(get(good, tls).status()).isEqualTo(200);
        assertThat(get(wrong, tls).status()).isEqualTo(502);
        awaitLog(" shows a certificate that is not accepted \\(No subject alternative names .*");
    }

    @Test
    void aCertificateCanBeTrustedItself() {
        CertificateMaterial own = CA.broken("127.0.0.1", "a.b.c").selfSigned();
        TestOrigin origin = tlsOrigin(own.sslContext(), ANSWERING);

        assertThat(get(
                                origin,
                                OriginTls.builder()
                                        .trustedCertificates(own.certificatePem())
                                        .serverName("a.b.c")
                                        .build())
                        .status())
                .isEqualTo(200);
    }

    // What is refused

    /** Without the two that the JDK accepts below a root that is not public. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SHA1_SIGNATURE", "WEAK_KEY"})
    void aBrokenCertificateIsRefusedAndExplained(CertificateFault fault) {
        AtomicInteger requests = new AtomicInteger();
        TestOrigin origin = tlsOrigin(CA.broken(NAME).with(fault).sslContext(), connection -> {
            connection.readRequest();
            requests.incrementAndGet();
        });

        FakeExchange exchange = get(origin, tls(settings -> settings.serverName(NAME)));

        assertThat(exchange.status()).isEqualTo(502);
        assertThat(requests).hasValue(0);
        assertThat(exchange.text()).isEqualTo("502 Bad Gateway\nThe application cannot be reached.\n");
        String expected = switch (fault) {
            case EXPIRED -> " shows a certificate that expired at .*; answered 502. Renew it";
            case NOT_YET_VALID -> " shows a certificate that is valid from .* on only; answered 502. See .* clocks.*";
            case EXPIRED_INTERMEDIATE -> " shows a certificate of its issuer that expired at .*";
            case WRONG_HOST ->
                " shows a certificate that is not for " + NAME + ", but for wrong-host.invalid; answered 502. Set the"
                        + " server name .*";
            case COMMON_NAME_ONLY -> ".* but for nobody, since it has no subject alternative names; .*";
            case WILDCARD_TOO_SHORT, WILDCARD_TOO_LONG, WILDCARD_TWICE, WILDCARD_IN_LABEL, WILDCARD_NOT_LEFTMOST ->
                " shows a certificate that is not for " + NAME + ", but for .*\\*.*";
            case SELF_SIGNED, UNTRUSTED_ROOT, MISSING_INTERMEDIATE ->
                " shows a certificate that is not trusted: nobody here knows its issuer CN=.*";
            default -> " ?.+; answered 502. .*";
        };
        awaitLog(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anOriginThatWantsAClientCertificateSaysSo(String version) throws Exception {
        TestOrigin origin = tlsOrigin(
                TlsServers.trusting(CA, server()),
                socket -> {
                    socket.setEnabledProtocols(new String[] {version});
                    socket.setNeedClientAuth(true);
                },
                ANSWERING);

        assertThat(get(origin, tls(settings -> settings)).status()).isEqualTo(502);
        awaitLog(".* alert (bad_certificate|certificate_required|handshake_failure).*");
    }

    @Test
    void anAlertOfTheOriginIsNamed() throws Exception {
        TestOrigin origin = tlsOrigin(
                server().sslContext(), socket -> socket.setEnabledProtocols(new String[] {"TLSv1.3"}), ANSWERING);
        SSLContext old = SSLContext.getInstance("TLSv1.2");
        old.init(null, new TrustManager[] {CA.trustManager()}, null);

        assertThat(get(origin, OriginTls.builder().sslContext(old).build()).status())
                .isEqualTo(502);
        awaitLog(" answered the TLS handshake with the alert protocol_version; answered 502. See which TLS versions.*");
    }

    @Test
    void plainHttpOnATlsPortIsRecognized() {
        TestOrigin origin = origin(connection -> {
            connection.in().read();
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
            connection.hasMore();
        });

        assertThat(get(origin, tls(settings -> settings)).status()).isEqualTo(502);
        awaitLog(" speaks plain HTTP on this port; answered 502. Write http:// in the target");
    }

    @Test
    void tlsOnAPlainPortIsRecognized() {
        TestOrigin origin = tlsOrigin(server().sslContext(), ANSWERING);

        assertThat(carry(origin, FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(logs.lines())
                .anyMatch(line -> line.matches("WARN api: 127.0.0.1:\\d+ sent a malformed response: a record of TLS in"
                        + " place of HTTP \\(write https:// in the target\\); answered 502.*"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOriginThatClosesDuringTheHandshakeIsNamed(boolean reset) {
        TestOrigin origin = origin(connection -> {
            connection.in().read();
            if (reset) {
                connection.reset();
            }
        });

        assertThat(get(origin, tls(settings -> settings)).status()).isEqualTo(502);
        awaitLog(" closed the connection during the TLS handshake; answered 502. See its log .*");
    }

    @Test
    void aHandshakeMustEndWithinTheConnectTimeout() {
        CountDownLatch greeted = new CountDownLatch(1);
        TestOrigin origin = origin(connection -> {
            connection.in().read();
            greeted.countDown();
            connection.in().readAllBytes();
        });
        FakeExchange exchange = carry(
                service(origin, tls(s -> s), settings -> settings.connectTimeout(Duration.ofSeconds(3))),
                FakeExchange.get("/"));

        await().until(() -> greeted.getCount() == 0);
        advance(Duration.ofMillis(2900));
        assertThat(exchange.isOver()).isFalse();
        advance(Duration.ofMillis(200));

        assertThat(exchange.await().status()).isEqualTo(504);
        awaitLog(" did not accept a connection within 3 s; answered 504.*");
    }

    // The end of responses

    private TestOrigin endingWithoutLength(boolean closeNotify) {
        return tlsOrigin(server().sslContext(), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\nhalf of ");
            if (!closeNotify) {
                connection.transport().close();
            }
        });
    }

    @Test
    void aResponseUntilTheEndOfTheConnectionIsWholeWithCloseNotify() {
        FakeExchange exchange = get(endingWithoutLength(true), tls(settings -> settings));

        assertThat(exchange.isComplete()).isTrue();
        assertThat(exchange.text()).isEqualTo("half of ");
    }

    @Test
    void aResponseThatIsCutOffWithoutCloseNotifyIsAborted() {
        FakeExchange exchange = get(endingWithoutLength(false), tls(settings -> settings));

        assertThat(exchange.isAborted()).isTrue();
        awaitLog(" closed the connection without the close_notify of TLS in the middle of its response; aborted the"
                + " response.*");
    }

    @Test
    void aResponseWhoseLengthIsKnownNeedsNoCloseNotify() {
        TestOrigin origin = tlsOrigin(server().sslContext(), connection -> {
            connection.readRequest();
            connection.send(OK);
            connection.transport().close();
        });

        FakeExchange exchange = get(origin, tls(settings -> settings));

        assertThat(exchange.isComplete()).isTrue();
        assertThat(exchange.text()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anIdleConnectionThatTheOriginHasClosedIsNotUsed(boolean closeNotifyOnly) throws Exception {
        CountDownLatch close = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        TestOrigin origin = tlsOrigin(server().sslContext(), connection -> {
            connection.readRequest();
            connection.send(OK);
            if (connection.number() == 1) {
                close.await();
                if (closeNotifyOnly) {
                    ((SSLSocket) connection.socket()).shutdownOutput();
                } else {
                    connection.transport().close();
                }
                closed.countDown();
            }
            connection.hasMore();
        });
        OriginTls tls = tls(settings -> settings);
        assertThat(get(origin, tls).status()).isEqualTo(200);
        holdLoopUntil(closed);
        FakeExchange post =
                carry(service(origin, tls), FakeExchange.of("POST", "/").body("x"));
        close.countDown();

        assertThat(post.await().status()).isEqualTo(200);
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionThatIsClosedHereSaysSo() {
        CountDownLatch orderly = new CountDownLatch(1);
        TestOrigin origin = tlsOrigin(server().sslContext(), connection -> {
            connection.readRequest();
            connection.send(OK);
            if (!connection.hasMore()) { // an SSLSocket throws if close_notify is missing
                orderly.countDown();
            }
        });
        get(origin, tls(settings -> settings));

        await().until(() -> {
            advance(Duration.ofSeconds(31));
            return orderly.getCount() == 0;
        });
    }
}
