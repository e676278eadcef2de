package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUnauthorizedException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;
import org.slf4j.LoggerFactory;

@Timeout(60)
class AcmeTestServerTest {
    private Http01Responder responder;
    private AcmeTestServer server;

    @BeforeEach
    void start() throws Exception {
        responder = new Http01Responder();
        server = AcmeTestServer.builder()
                .http01Port(responder.port())
                .resolver(name -> {
                    if (name.equals("unknown.example.com")) {
                        throw new UnknownHostException(name);
                    }
                    return InetAddress.getLoopbackAddress();
                })
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
        responder.close();
    }

    @Test
    void issuesACertificateThatTheRootVouchesFor() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);

        Certificate certificate = client.issue("app.example.com");

        CertificatePaths.validate(server.ca(), certificate.getCertificateChain());
        assertThat(certificate.getCertificate().getSubjectAlternativeNames())
                .containsExactly(List.of(2, "app.example.com"));
        assertThat(responder.askedHosts()).containsExactly("app.example.com");
        assertThat(server.issuedCertificates()).containsExactly(certificate.getCertificate());
        assertThat(server.orders()).singleElement().satisfies(order -> {
            assertThat(order.names()).containsExactly("app.example.com");
            assertThat(order.status()).isEqualTo(OrderStatus.VALID);
            assertThat(order.error()).isNull();
        });
        assertThat(server.statistics())
                .extracting(
                        AcmeStatistics::accounts,
                        AcmeStatistics::orders,
                        AcmeStatistics::validations,
                        AcmeStatistics::failedValidations,
                        AcmeStatistics::certificates,
                        AcmeStatistics::refusedRequests)
                .containsExactly(1L, 1L, 1L, 0L, 1L, 0L);
    }

    @Test
    void issuesForSeveralNamesAndAnAddress() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        Order order = client.login()
                .newOrder()
                .domains("b.example.com", "a.example.com")
                .identifier(org.shredzone.acme4j.Identifier.ip(InetAddress.getByName("192.0.2.7")))
                .create();

        client.prove(order).execute(KeyAlgorithm.RSA_2048.generateKeyPair());

        X509Certificate leaf = Acme4jClient.awaitStatus(order, Set.of(Status.VALID, Status.INVALID))
                .getCertificate()
                .getCertificate();
        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "a.example.com"), List.of(2, "b.example.com"), List.of(7, "192.0.2.7"));
        assertThat(responder.askedHosts()).containsExactlyInAnyOrder("a.example.com", "b.example.com", "192.0.2.7");
    }

    @Test
    void acceptsEveryUsualKindOfAccountKey() throws Exception {
        for (KeyAlgorithm algorithm : List.of(KeyAlgorithm.EC_P384, KeyAlgorithm.RSA_2048, KeyAlgorithm.EC_P256)) {
            Certificate certificate = Acme4jClient.register(server, responder, algorithm.generateKeyPair())
                    .issue(algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".example.com");
            CertificatePaths.validate(server.ca(), certificate.getCertificateChain());
        }
    }

    @Test
    void ordersRunAtTheSameTime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Certificate>> certificates = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String name = "tenant-" + i + ".example.com";
                certificates.add(threads.submit(
                        () -> Acme4jClient.register(server, responder).issue(name)));
            }
            for (Future<Certificate> certificate : certificates) {
                CertificatePaths.validate(server.ca(), certificate.get().getCertificateChain());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.issuedCertificates()).hasSize(24).doesNotHaveDuplicates();
    }

    @Test
    void findsTheExistingAccountOfAKey() throws Exception {
        KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();
        Account created = Acme4jClient.register(server, responder, key).account();

        Account found = new AccountBuilder().onlyExisting().useKeyPair(key).create(new Session(server.directoryUri()));

        assertThat(found.getLocation()).isEqualTo(created.getLocation());
        assertThat(server.statistics().accounts()).isEqualTo(1);
    }

    @Test
    void doesNotCreateAnAccountWhenOnlyAnExistingOneIsWanted() {
        assertThatThrownBy(() -> new AccountBuilder()
                        .onlyExisting()
                        .useKeyPair(KeyAlgorithm.EC_P256.generateKeyPair())
                        .create(new Session(server.directoryUri())))
                .isInstanceOf(AcmeServerException.class)
                .hasMessageContaining("No account has this key");
    }

    @Test
    void wantsAgreementToTheTermsOfService() {
        assertThatThrownBy(() -> new AccountBuilder()
                        .useKeyPair(KeyAlgorithm.EC_P256.generateKeyPair())
                        .create(new Session(server.directoryUri())))
                .isInstanceOfSatisfying(
                        AcmeUserActionRequiredException.class,
                        refusal -> assertThat(refusal.getTermsOfServiceUri())
                                .hasValueSatisfying(uri -> assertThat(uri)
                                        .hasToString(server.directoryUri()
                                                .resolve("/terms-of-service")
                                                .toString())));
    }

    @Test
    void updatesAndDeactivatesAnAccount() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);

        client.account().modify().addEmail("ops@example.com").commit();
        assertThat(client.account().getContacts()).hasToString("[mailto:ops@example.com]");

        client.account().deactivate();
        assertThatThrownBy(() -> client.order("app.example.com"))
                .isInstanceOf(AcmeUnauthorizedException.class)
                .hasMessageContaining("deactivated");
    }

    @Test
    void listsTheOrdersOfAnAccountOverSeveralPages() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        for (int i = 0; i < 60; i++) {
            client.order("tenant-" + i + ".example.com");
        }
        Acme4jClient.register(server, responder).order("other.example.com");

        List<Order> orders = new ArrayList<>();
        client.account().getOrders().forEachRemaining(orders::add);

        assertThat(orders).hasSize(60);
    }

    @Test
    void refusesASigningRequestForOtherNames() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        Order order = client.prove(client.order("app.example.com"));

        assertThatThrownBy(() -> order.execute(
                        KeyAlgorithm.EC_P256.generateKeyPair(), csr -> csr.addDomain("extra.example.com")))
                .isInstanceOfSatisfying(AcmeServerException.class, refusal -> {
                    assertThat(refusal.getType()).hasToString("urn:ietf:params:acme:error:badCSR");
                    assertThat(refusal).hasMessageContaining("[app.example.com, extra.example.com]");
                });

        order.execute(KeyAlgorithm.EC_P256.generateKeyPair());
        assertThat(Acme4jClient.awaitStatus(order, Set.of(Status.VALID)).getCertificate())
                .isNotNull();
    }

    @Test
    void refusesASigningRequestWithTheKeyOfTheAccount() throws Exception {
        KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();
        Acme4jClient client = Acme4jClient.register(server, responder, key);
        Order order = client.prove(client.order("app.example.com"));

        assertThatThrownBy(() -> order.execute(key)).hasMessageContaining("Its key is the key of the account");
    }

    @Test
    void refusesToFinalizeAPendingOrder() throws Exception {
        Order order = Acme4jClient.register(server, responder).order("app.example.com");

        assertThatThrownBy(() -> order.execute(KeyAlgorithm.EC_P256.generateKeyPair()))
                .isInstanceOfSatisfying(
                        AcmeServerException.class,
                        refusal ->
                                assertThat(refusal.getType()).hasToString("urn:ietf:params:acme:error:orderNotReady"));
    }

    @Test
    void refusedConnectionMakesTheOrderInvalidAndNamesThePort() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        server.useHttp01Port(closedPort);
        Acme4jClient client = Acme4jClient.register(server, responder);

        Order order = client.prove(client.order("app.example.com"));

        assertThat(order.getStatus()).isEqualTo(Status.INVALID);
        assertThat(order.getError()).hasValueSatisfying(problem -> {
            assertThat(problem.getType()).hasToString("urn:ietf:params:acme:error:connection");
            assertThat(problem.getDetail().orElseThrow())
                    .contains("port " + closedPort + " refused the connection", "app.example.com", "http01Port");
        });
        assertThat(server.statistics().failedValidations()).isEqualTo(1);
    }

    @Test
    void wrongContentMakesTheOrderInvalidAndShowsBoth() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        Order order = client.order("app.example.com");
        Http01Challenge challenge = challenge(order);
        responder.serve(challenge.getToken(), "something else");
        challenge.trigger();

        Acme4jClient.awaitNotPending(order);

        assertThat(order.getStatus()).isEqualTo(Status.INVALID);
        assertThat(order.getError().orElseThrow().getDetail().orElseThrow())
                .contains("'something else'", challenge.getAuthorization());
        assertThat(server.orders().get(0).error()).contains("something else");
    }

    @Test
    void missingFileMakesTheOrderInvalidAndShowsTheStatus() throws Exception {
        Order order = Acme4jClient.register(server, responder).order("app.example.com");
        challenge(order).trigger();

        Acme4jClient.awaitNotPending(order);

        assertThat(order.getError().orElseThrow().getDetail().orElseThrow())
                .contains("http://app.example.com/.well-known/acme-challenge/", "status 404");
    }

    @Test
    void aFailedValidationLeavesOneWarning() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(AcmeTestServer.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            Order order = Acme4jClient.register(server, responder).order("app.example.com");
            challenge(order).trigger();
            Acme4jClient.awaitNotPending(order);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("app.example.com: http-01 validation failed, unauthorized: http://app.example.com/")
                        .contains("status 404"));
        assertThat(server.statistics().failedValidations()).isEqualTo(1);
    }

    @Test
    void unknownNameIsADnsProblem() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);

        Order order = client.prove(client.order("unknown.example.com"));

        assertThat(order.getError().orElseThrow().getType()).hasToString("urn:ietf:params:acme:error:dns");
    }

    @Test
    void namesEveryIdentifierThatFailed() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        Order order = client.order("a.example.com", "b.example.com");
        for (var authorization : order.getAuthorizations()) {
            authorization.findChallenge(Http01Challenge.class).orElseThrow().trigger();
        }
        Acme4jClient.awaitNotPending(order);

        await().untilAsserted(() -> {
            order.fetch();
            assertThat(order.getError().orElseThrow().getSubProblems())
                    .extracting(problem -> problem.getIdentifier().orElseThrow().getDomain())
                    .containsExactly("a.example.com", "b.example.com");
        });
    }

    @Test
    void refusesWildcardNamesThatHttp01CannotProve() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);

        assertThatThrownBy(() -> client.order("*.example.com"))
                .isInstanceOfSatisfying(
                        AcmeServerException.class,
                        refusal -> assertThat(refusal.getType())
                                .hasToString("urn:ietf:params:acme:error:rejectedIdentifier"))
                .hasMessageContaining("dns-01");
    }

    @Test
    void keepsAnOrderProcessingForAsLongAsItIsTold() throws Exception {
        MovableClock clock = new MovableClock(Instant.parse("2030-01-01T00:00:00Z"));
        try (AcmeTestServer slow = AcmeTestServer.builder()
                .http01Port(responder.port())
                .clock(clock)
                .processingTime(Duration.ofSeconds(30))
                .start()) {
            Acme4jClient client = Acme4jClient.register(slow, responder);
            Order order = client.prove(client.order("app.example.com"));
            order.execute(KeyAlgorithm.EC_P256.generateKeyPair());

            order.fetch();
            assertThat(order.getStatus()).isEqualTo(Status.PROCESSING);

            clock.advance(Duration.ofSeconds(30));
            order.fetch();
            assertThat(order.getStatus()).isEqualTo(Status.VALID);
            assertThat(order.getCertificate().getCertificate().getNotBefore()).isEqualTo("2030-01-01T00:00:00Z");
        }
    }

    @Test
    void ordersExpire() throws Exception {
        MovableClock clock = new MovableClock(Instant.now());
        try (AcmeTestServer brief = AcmeTestServer.builder()
                .http01Port(responder.port())
                .clock(clock)
                .orderLifetime(Duration.ofMinutes(5))
                .start()) {
            Acme4jClient client = Acme4jClient.register(brief, responder);
            Order order = client.prove(client.order("app.example.com"));
            assertThat(order.getStatus()).isEqualTo(Status.READY);

            clock.advance(Duration.ofMinutes(5));

            order.fetch();
            assertThat(order.getStatus()).isEqualTo(Status.INVALID);
        }
    }

    @Test
    void deactivatingAnAuthorizationEndsTheOrder() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        Order order = client.prove(client.order("app.example.com"));

        order.getAuthorizations().get(0).deactivate();

        order.fetch();
        assertThat(order.getStatus()).isEqualTo(Status.INVALID);
    }

    @Test
    void anAccountCannotReachTheOrdersOfAnother() throws Exception {
        Order order = Acme4jClient.register(server, responder).order("app.example.com");
        Acme4jClient other = Acme4jClient.register(server, responder);

        assertThatThrownBy(() -> other.login().bindOrder(order.getLocation()).fetch())
                .isInstanceOf(AcmeUnauthorizedException.class)
                .hasMessageContaining("does not own");
    }

    @Test
    void issuesForTheValidityThatTheOrderAsksFor() throws Exception {
        Acme4jClient client = Acme4jClient.register(server, responder);
        Instant notAfter = Instant.now().plus(Duration.ofDays(3)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        Order order = client.login()
                .newOrder()
                .domain("app.example.com")
                .notAfter(notAfter)
                .create();

        client.prove(order).execute(KeyAlgorithm.EC_P256.generateKeyPair());

        assertThat(Acme4jClient.awaitStatus(order, Set.of(Status.VALID))
                        .getCertificate()
                        .getCertificate()
                        .getNotAfter())
                .isEqualTo(notAfter);
    }

    @Test
    void closingFreesThePort() throws Exception {
        int port = server.directoryUri().getPort();

        server.close();

        try (AcmeTestServer again = AcmeTestServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .start()) {
            assertThat(again.directoryUri()).isEqualTo(server.directoryUri());
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> AcmeTestServer.builder().http01Port(0))
                .hasMessage("http01Port: 0 (expected: 1 to 65535)");
        assertThatThrownBy(() -> AcmeTestServer.builder().retryAfter(Duration.ofSeconds(-1)))
                .hasMessage("retryAfter: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> AcmeTestServer.builder().http01Port(1).http01Port(2))
                .hasMessage("http01Port was already set to 1. Set it once.");
    }

    private static Http01Challenge challenge(Order order) throws AcmeException {
        return order.getAuthorizations()
                .get(0)
                .findChallenge(Http01Challenge.class)
                .orElseThrow();
    }
}
