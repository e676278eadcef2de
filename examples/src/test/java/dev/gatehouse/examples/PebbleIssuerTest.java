package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.RevocationReason;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an issuer asks of Pebble beside orders: external accounts, a new account key, revocation. */
@Timeout(120)
class PebbleIssuerTest {

    private static final String KEY_ID = "kid-1";
    private static final String MAC_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final ServerName NAME = ServerName.of("app.tenants.test");

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    private HttpServer port80;
    private CertificateManager manager;
    private CertificateStorage storage;
    private Pebble pebble;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        port80 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pebble = Pebble.start(folder, port80.getAddress().getPort(), Map.of(KEY_ID, MAC_KEY));
        storage = FileStorage.at(folder.resolve("certificates"));
        manager = CertificateManager.builder().storage(storage).issuer(issuer()).build();
        answerChallenges(manager.http01());
    }

    private void answerChallenges(Http01Challenges challenges) {
        port80.createContext(Http01Challenges.PATH, exchange -> {
            String token = exchange.getRequestURI().getPath().substring(Http01Challenges.PATH.length());
            byte[] answer = challenges
                    .find(token)
                    .toCompletableFuture()
                    .join()
                    .orElse("unknown")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        port80.start();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        if (pebble != null) {
            manager.close();
            pebble.close();
        }
        port80.stop(0);
    }

    @Test
    void anAccountIsBoundToTheExternalOne() throws IOException {
        Credential credential = issue(bound());

        assertThat(credential.coverage().covers(NAME)).isTrue();
    }

    @Test
    void withoutTheExternalAccountNothingIsOrderedAndTheRemedyIsSaid() {
        assertThatThrownBy(() -> issue(issuer()))
                .isInstanceOf(IssuanceException.class)
                .hasMessageContaining("binds ACME accounts to accounts of its own")
                .hasMessageContaining("externalAccountBinding(keyId, macKey)");

        assertThat(pebble.orders()).isZero();
    }

    @Test
    void aCertificateIsRevokedByTheAccountThatOrderedIt() throws Exception {
        AcmeIssuer issuer = bound();
        Credential credential = issue(issuer);
        assertThat(pebble.isRevoked(credential.leaf())).isFalse();

        join(issuer.revoke(credential, RevocationReason.KEY_COMPROMISE, context(storage)));

        assertThat(pebble.isRevoked(credential.leaf())).isTrue();
    }

    @Test
    void aCertificateIsRevokedByItsKeyWhereThereIsNoAccount() throws Exception {
        Credential credential = issue(bound());
        try (CertificateStorage empty = FileStorage.at(folder.resolve("empty"))) {
            join(issuer().revoke(credential, RevocationReason.SUPERSEDED, context(empty)));
        }

        assertThat(pebble.isRevoked(credential.leaf())).isTrue();
    }

    @Test
    void anAccountGoesOnWithItsNewKey() throws IOException {
        AcmeIssuer issuer = bound();
        Credential before = issue(issuer);

        join(issuer.rollOverAccountKey(context(storage)));

        Credential after = issue(bound());
        assertThat(after.serialNumber()).isNotEqualTo(before.serialNumber());
        join(issuer.revoke(before, RevocationReason.SUPERSEDED, context(storage)));
    }

    private AcmeIssuer bound() throws IOException {
        return issuer().externalAccountBinding(KEY_ID, MAC_KEY);
    }

    private AcmeIssuer issuer() throws IOException {
        return AcmeIssuer.directory(URI.create(pebble.directory()))
                .contact("ops@example.com")
                .agreeToTermsOfService()
                .trustedRoots(Pem.certificates(Files.readString(pebble.listenerRoot())));
    }

    private Credential issue(AcmeIssuer issuer) {
        return join(issuer.issue(IssuanceRequest.of(NAME), context(storage)));
    }

    private IssuanceContext context(CertificateStorage accounts) {
        return new IssuanceContext(
                accounts,
                new Http01Only(manager.http01()),
                manager.http01(),
                InstantSource.system(),
                new Random(),
                threads,
                (work, delay) -> threads.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS),
                event -> {});
    }

    private static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof IssuanceException cause ? cause : failure;
        }
    }
}
