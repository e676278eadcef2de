package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Real handshakes against a server that uses a context of {@link ServerTls}. */
@Timeout(60)
class ServerTlsTest {

    private static final String RSA_ONLY = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

    private final Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    @BeforeEach
    void captureLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void tearDown() {
        logger.detachAppender(log);
        clients.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void eachNameGetsItsCertificate(String protocol) throws Exception {
        Credential app = Certificates.ec("app.example.com");
        Credential wildcard = Certificates.rsa("*.example.com");
        try (HandshakeServer server = serverWith(app, wildcard)) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThat(client.handshake("app.example.com", protocol)).isEqualTo(app.leaf());
            assertThat(client.handshake("APP.Example.Com", protocol)).isEqualTo(app.leaf());
            assertThat(client.handshake("other.example.com", protocol)).isEqualTo(wildcard.leaf());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void unknownNamesGetTheAlertUnrecognizedName(String protocol) throws Exception {
        try (HandshakeServer server = serverWith(Certificates.ec("*.example.com"))) {
            HandshakeClient client = new HandshakeClient(server.port());

            for (String unknown : List.of("example.com", "a.b.example.com", "stranger.test")) {
                assertThatThrownBy(() -> client.handshake(unknown, protocol))
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("unrecognized_name");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutAServerNameTheHandshakeFails(String protocol) throws Exception {
        try (HandshakeServer server = serverWith(Certificates.ec("app.example.com"))) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThatThrownBy(() -> client.handshake(null, protocol))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("handshake_failure");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void eachRefusedHandshakeIsOneEventAndOneLine(String protocol) throws Exception {
        List<HandshakeRefused> refusals = new CopyOnWriteArrayList<>();
        ServerTls tls = ServerTls.builder(indexOf(Certificates.ec("app.example.com")))
                .listener(refusals::add)
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThatThrownBy(() -> client.handshake("one-line.test", protocol))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> client.handshake(null, protocol)).isInstanceOf(SSLException.class);
            client.handshake("app.example.com", protocol);

            await().until(() -> refusals.size() == 2);
            assertThat(refusals)
                    .extracting(HandshakeRefused::serverName)
                    .containsExactly(Optional.of(ServerName.of("one-line.test")), Optional.empty());
            assertThat(logLines())
                    .filteredOn(line -> line.startsWith("one-line.test"))
                    .containsExactly(
                            "one-line.test: handshake refused with unrecognized_name: there is no certificate for"
                                    + " it. Add one, or permit its issuance.");
        }
    }

    @Test
    void aClientThatOnlyVerifiesRsaGetsTheRsaCertificate() throws Exception {
        Credential ec = Certificates.ec("app.example.com");
        Credential rsa = Certificates.rsa("app.example.com");
        try (HandshakeServer server = serverWith(ec, rsa)) {
            HandshakeClient client = new HandshakeClient(server.port());

            assertThat(client.handshake("app.example.com", "TLSv1.2")).isEqualTo(ec.leaf());
            assertThat(client.handshake("app.example.com", "TLSv1.2", RSA_ONLY)).isEqualTo(rsa.leaf());
        }
    }

    @Test
    void resolverIsAskedAFewTimesPerHandshakeAndNotForEachCipherSuite() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        CertificateIndex index = indexOf(Certificates.rsa("app.example.com"));
        CertificateResolver counting = hello -> {
            questions.incrementAndGet();
            return index.resolve(hello);
        };
        try (HandshakeServer server =
                new HandshakeServer(ServerTls.using(counting).sslContext())) {
            new HandshakeClient(server.port()).handshake("app.example.com", "TLSv1.2");

            assertThat(questions.get()).isBetween(2, 4);
        }
    }

    @Test
    void handshakeWaitsForTheResolver() throws Exception {
        Credential late = Certificates.ec("late.example.com");
        CompletableFuture<Optional<Credential>> answer = new CompletableFuture<>();
        try (HandshakeServer server =
                new HandshakeServer(ServerTls.using(hello -> answer).sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());
            Future<X509Certificate> shown = clients.submit(() -> client.handshake("late.example.com", "TLSv1.3"));

            await().until(() -> answer.getNumberOfDependents() > 0);
            assertThat(shown).isNotDone();
            answer.complete(Optional.of(late));

            assertThat(shown.get()).isEqualTo(late.leaf());
        }
    }

    @Test
    void aWaitBeyondTheBoundIsRefusedAndLogged() throws Exception {
        ServerTls tls = ServerTls.builder(hello -> new CompletableFuture<>())
                .maxWait(Duration.ofMillis(1))
                .build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            assertThatThrownBy(() -> new HandshakeClient(server.port()).handshake("slow.example.com", "TLSv1.3"))
                    .hasMessageContaining("unrecognized_name");

            assertThat(logLines())
                    .anyMatch(line -> line.startsWith(
                            "slow.example.com: handshake refused with unrecognized_name: no certificate within"));
        }
    }

    @Test
    void handshakesBeyondTheBoundOnWaitersAreRefusedAtOnceAndLogged() throws Exception {
        CompletableFuture<Optional<Credential>> answer = new CompletableFuture<>();
        ServerTls tls = ServerTls.builder(hello -> answer).maxWaiters(3).build();
        try (HandshakeServer server = new HandshakeServer(tls.sslContext())) {
            HandshakeClient client = new HandshakeClient(server.port());
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(clients.submit(() -> client.handshake("slow.example.com", "TLSv1.3")));
            }
            await().until(() -> answer.getNumberOfDependents() == 3);

            assertThatThrownBy(() -> client.handshake("one-too-many.example.com", "TLSv1.3"))
                    .hasMessageContaining("unrecognized_name");

            assertThat(logLines())
                    .anyMatch(line -> line.startsWith(
                            "one-too-many.example.com: handshake refused with unrecognized_name: 3 others wait"));
            assertThat(waiting).noneMatch(Future::isDone);
            answer.complete(Optional.empty());
        }
    }

    @Test
    void aResolverThatFailsRefusesTheHandshakeAndIsLogged() throws Exception {
        CertificateResolver failing = hello -> {
            throw new IllegalStateException("no database");
        };
        try (HandshakeServer server =
                new HandshakeServer(ServerTls.using(failing).sslContext())) {
            assertThatThrownBy(() -> new HandshakeClient(server.port()).handshake("app.example.com", "TLSv1.3"))
                    .hasMessageContaining("unrecognized_name");

            assertThat(logLines())
                    .anyMatch(line -> line.startsWith(
                                    "app.example.com: handshake refused with unrecognized_name: the certificate resolver failed")
                            && line.contains("no database"));
        }
    }

    @Test
    void aResolversReasonIsWhatTheLogSays() throws Exception {
        CertificateResolver refusing =
                hello -> CompletableFuture.failedFuture(new NoCertificateException("nobody permits it. Permit it."));
        try (HandshakeServer server =
                new HandshakeServer(ServerTls.using(refusing).sslContext())) {
            assertThatThrownBy(() -> new HandshakeClient(server.port()).handshake("app.example.com", "TLSv1.3"))
                    .hasMessageContaining("unrecognized_name");

            assertThat(logLines())
                    .contains(
                            "app.example.com: handshake refused with unrecognized_name: nobody permits it. Permit it.");
        }
    }

    @Test
    void swapsDuringHandshakesNeverPairAKeyWithAnotherChain() throws Exception {
        List<Credential> generations = List.of(Certificates.ec("app.example.com"), Certificates.ec("app.example.com"));
        CertificateIndex index = indexOf(generations.get(0));
        try (HandshakeServer server = new HandshakeServer(ServerTls.using(index).sslContext())) {
            Future<?> swaps = clients.submit(() -> {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                    index.replace(generations.get(i % 2), generations.get((i + 1) % 2));
                }
            });
            for (int i = 0; i < 100; i++) {
                X509Certificate shown = new HandshakeClient(server.port()).handshake("app.example.com", "TLSv1.3");
                assertThat(generations).extracting(Credential::leaf).contains(shown);
            }
            assertThat(swaps).isNotDone();
            swaps.cancel(true);
        }
    }

    @Test
    void settingsAreRefusedAtOnceWhenTheyAreDoubleOrOutOfRange() {
        CertificateResolver resolver = CertificateIndex.create();

        assertThatThrownBy(() -> ServerTls.builder(resolver).maxWaiters(5).maxWaiters(6))
                .hasMessage("maxWaiters was already set to 5");
        assertThatThrownBy(
                        () -> ServerTls.builder(resolver).maxWait(Duration.ZERO).build())
                .hasMessage("maxWait: PT0S (expected: more than zero)");
    }

    private List<String> logLines() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static HandshakeServer serverWith(Credential... credentials) throws Exception {
        return new HandshakeServer(ServerTls.using(indexOf(credentials)).sslContext());
    }

    private static CertificateIndex indexOf(Credential... credentials) {
        CertificateIndex index = CertificateIndex.create();
        for (Credential credential : credentials) {
            index.add(credential);
        }
        return index;
    }
}
