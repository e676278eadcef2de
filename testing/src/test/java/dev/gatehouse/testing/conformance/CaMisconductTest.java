package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.OrderStatus;
import java.security.KeyPair;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The faults of orders, as they look on the wire. */
class CaMisconductTest extends AgainstServer {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.clock(InstantSource.fixed(NOW));
    }

    private Reply ready(String name) {
        return web.prove(client, client.newOrder(name).requireStatus(201));
    }

    private Reply finalized(Reply order, String name) {
        return Issuance.finalizeOrder(client, order, Issuance.csr(key, name));
    }

    private List<X509Certificate> chain(String name) {
        return Issuance.download(client, web.issue(client, key, name));
    }

    @Test
    void refusesAChallengeThatIsAnsweredRightly() {
        server.inject(AcmeFault.refusedChallenge("caa", "CAA record for shop.test prevents issuance")
                .forName("shop.test"));
        assertThat(ready("other.test").text("status")).isEqualTo("ready");

        Reply order = ready("shop.test");

        assertThat(order.text("status")).isEqualTo("invalid");
        assertThat(order.object("error"))
                .containsEntry("type", "urn:ietf:params:acme:error:caa")
                .containsEntry("detail", "CAA record for shop.test prevents issuance");
        assertThat(web.askedHosts()).containsExactly("other.test");
        assertThat(ready("shop.test").text("status")).isEqualTo("ready");
    }

    @Test
    void takesASigningRequestAndFails() {
        server.inject(AcmeFault.invalidOrder());
        server.inject(AcmeFault.invalidOrder("caa", "CAA was checked again"));

        Reply failed = finalized(ready("app.example.com"), "app.example.com").requireStatus(200);
        assertThat(failed.text("status")).isEqualTo("invalid");
        assertThat(failed.object("error")).containsEntry("type", "urn:ietf:params:acme:error:serverInternal");
        assertThat(finalized(ready("app.example.com"), "app.example.com").object("error"))
                .containsEntry("detail", "CAA was checked again");
        assertThat(server.issuedCertificates()).isEmpty();
    }

    @Test
    void processesForAsManyPollsAsTheTestWants() {
        server.inject(AcmeFault.processingFor(3));
        Reply order = ready("app.example.com");

        assertThat(finalized(order, "app.example.com").text("status")).isEqualTo("processing");
        for (int i = 0; i < 3; i++) {
            assertThat(client.postAsGet(order.header("Location")).text("status"))
                    .isEqualTo("processing");
        }

        Issuance.assertIssued(client.postAsGet(order.header("Location")));
    }

    @Test
    void sendsAChainThatIsNone() {
        server.inject(AcmeFault.wrongChain().forName("a.example.com"));
        server.inject(AcmeFault.missingIntermediate().forName("b.example.com"));

        List<X509Certificate> wrong = chain("a.example.com");
        assertThat(wrong).hasSize(2);
        assertThatThrownBy(() -> wrong.get(0).verify(wrong.get(1).getPublicKey()))
                .isInstanceOf(SignatureException.class);
        assertThat(chain("b.example.com")).hasSize(1);
        assertThat(chain("a.example.com").get(1)).isEqualTo(server.ca().intermediateCertificate());
    }

    @Test
    void issuesForAnotherName() throws Exception {
        server.inject(AcmeFault.wrongName("evil.example.com"));

        assertThat(chain("app.example.com").get(0).getSubjectAlternativeNames())
                .containsExactly(List.of(2, "evil.example.com"));
        assertThat(server.requireOneOrder("app.example.com").status()).isEqualTo(OrderStatus.VALID);
    }

    @Test
    void issuesForAnotherKey() {
        server.inject(AcmeFault.wrongKey());

        assertThat(chain("app.example.com").get(0).getPublicKey()).isNotEqualTo(key.getPublic());
        assertThat(chain("app.example.com").get(0).getPublicKey()).isEqualTo(key.getPublic());
    }

    @Test
    void issuesWhatHasExpired() {
        server.inject(AcmeFault.expiredCertificate());

        assertThat(chain("app.example.com").get(0).getNotAfter().toInstant()).isEqualTo(NOW.minusSeconds(60));
    }

    @Test
    void suggestsToRenewInThePastInTheFutureAndNever() {
        String url = client.url("renewalInfo")
                + '/'
                + RenewalId.of(chain("app.example.com").get(0));
        server.inject(AcmeFault.renewalWindow(Duration.ofDays(-2), Duration.ofDays(-1)));
        server.inject(AcmeFault.renewalWindow(Duration.ofDays(100), Duration.ofDays(101)));
        server.inject(AcmeFault.renewalWindow(Duration.ofDays(2), Duration.ofDays(1)));

        assertThat(client.get(url).object("suggestedWindow"))
                .isEqualTo(Map.of("start", "2029-12-30T00:00:00Z", "end", "2029-12-31T00:00:00Z"));
        assertThat(client.get(url).object("suggestedWindow")).containsEntry("start", "2030-04-11T00:00:00Z");
        assertThat(client.get(url).object("suggestedWindow"))
                .isEqualTo(Map.of("start", "2030-01-03T00:00:00Z", "end", "2030-01-02T00:00:00Z"));
    }

    @Test
    void changesItsMindAboutTheWindowWheneverItIsAsked() {
        String url = client.url("renewalInfo")
                + '/'
                + RenewalId.of(chain("app.example.com").get(0));
        Instant usual = start(url);
        server.inject(AcmeFault.movingRenewalWindow(Duration.ofHours(-6)));

        assertThat(start(url)).isEqualTo(usual.minus(Duration.ofHours(6)));
        assertThat(start(url)).isEqualTo(usual.minus(Duration.ofHours(12)));
        server.clearFaults();
        assertThat(start(url)).isEqualTo(usual);
    }

    private Instant start(String url) {
        return Instant.parse((String) client.get(url).object("suggestedWindow").get("start"));
    }

    @Test
    void renewalInformationIsOutOfOrder() {
        String url = client.url("renewalInfo")
                + '/'
                + RenewalId.of(chain("app.example.com").get(0));
        server.inject(AcmeFault.renewalInfoDown());

        client.get(url).requireProblem(500, "serverInternal");
        client.get(url).requireProblem(500, "serverInternal");
        client.newOrder("app.example.com").requireStatus(201);
    }

    @Test
    void faultsOfSeveralKindsMeetOneOrder() throws Exception {
        server.inject(AcmeFault.processingFor(1));
        server.inject(AcmeFault.wrongChain());
        server.inject(AcmeFault.wrongName("evil.example.com"));
        Reply order = ready("app.example.com");

        assertThat(finalized(order, "app.example.com").text("status")).isEqualTo("processing");
        assertThat(client.postAsGet(order.header("Location")).text("status")).isEqualTo("processing");
        List<X509Certificate> chain = Issuance.download(client, client.postAsGet(order.header("Location")));

        assertThat(chain.get(0).getSubjectAlternativeNames()).containsExactly(List.of(2, "evil.example.com"));
        assertThat(chain.get(1)).isNotEqualTo(server.ca().intermediateCertificate());
        assertThat(server.pendingFaults()).isZero();
    }
}
