package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.RevocationReason;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUnauthorizedException;

/** Keys, bindings, revocation, renewal information, profiles: what clients need beside issuing. */
@Timeout(60)
class AcmeExtensionsTest {
    private Http01Responder responder;
    private AcmeTestServer server;
    private Acme4jClient client;

    @BeforeEach
    void start() throws Exception {
        responder = new Http01Responder();
        server = AcmeTestServer.builder().http01Port(responder.port()).start();
        client = Acme4jClient.register(server, responder);
    }

    @AfterEach
    void stop() {
        server.close();
        responder.close();
    }

    @Test
    void changesTheKeyOfAnAccount() throws Exception {
        KeyPair oldKey = KeyAlgorithm.EC_P256.generateKeyPair();
        KeyPair newKey = KeyAlgorithm.RSA_2048.generateKeyPair();
        Acme4jClient changing = Acme4jClient.register(server, responder, oldKey);

        changing.account().changeKey(newKey);

        assertThat(existingAccount(newKey)).isEqualTo(changing.account().getLocation());
        assertThatThrownBy(() -> existingAccount(oldKey)).hasMessageContaining("No account has this key");
        assertThat(changing.issue("app.example.com").getCertificate()).isNotNull();
    }

    @Test
    void anAccountCannotTakeTheKeyOfAnother() throws Exception {
        KeyPair taken = KeyAlgorithm.EC_P256.generateKeyPair();
        Acme4jClient.register(server, responder, taken);

        assertThatThrownBy(() -> client.account().changeKey(taken)).hasMessageContaining("An account has the new key");
    }

    @Test
    void keyChangeWantsTheSignaturesOfBothKeys() throws Exception {
        RawAcmeClient raw = RawAcmeClient.es256(server);
        String account = raw.register();
        Map<String, Object> inner = raw.jws("{}", raw.withAccount("/key-change", account));

        assertThat(raw.post("/key-change", inner, raw.withAccount("/key-change", account))
                        .body())
                .contains("The inner JWS has no 'jwk'");
        inner = raw.jws("{}", raw.withKey("/key-change"));
        assertThat(raw.post("/key-change", inner, raw.withAccount("/key-change", account))
                        .body())
                .contains("no nonce");
    }

    @Test
    void keyChangeWantsProofOfTheNewKeyAndKnowledgeOfTheOldOne() throws Exception {
        KeyPair oldKey = KeyAlgorithm.EC_P256.generateKeyPair();
        KeyPair newKey = KeyAlgorithm.EC_P256.generateKeyPair();
        RawAcmeClient raw = new RawAcmeClient(server, oldKey, "ES256");
        RawAcmeClient next = new RawAcmeClient(server, newKey, "ES256");
        String account = raw.register();
        Map<String, Object> innerHeader = next.withKey("/key-change");
        innerHeader.remove("nonce");
        Object oldJwk = raw.withKey("/key-change").get("jwk");
        String payload = JsonUtil.toJson(Map.of("account", account, "oldKey", oldJwk));

        assertThat(keyChange(raw, account, RawAcmeClient.jws(payload, innerHeader, oldKey.getPrivate())))
                .contains("does not verify with its key");
        assertThat(keyChange(
                        raw,
                        account,
                        next.jws(
                                JsonUtil.toJson(Map.of("account", account, "oldKey", innerHeader.get("jwk"))),
                                innerHeader)))
                .contains("'oldKey' is not the key of the account");
        assertThat(keyChange(
                        raw,
                        account,
                        next.jws(JsonUtil.toJson(Map.of("account", "elsewhere", "oldKey", oldJwk)), innerHeader)))
                .contains("'account' is not the account that signed");
        assertThat(keyChange(raw, account, next.jws(payload, innerHeader))).contains("\"status\":\"valid\"");
    }

    private static String keyChange(RawAcmeClient raw, String account, Map<String, Object> inner) throws Exception {
        return raw.post("/key-change", inner, raw.withAccount("/key-change", account))
                .body();
    }

    @Test
    void wantsNewAccountsToBeBoundToAnExternalAccount() throws Exception {
        byte[] macKey = new byte[32];
        new SecureRandom().nextBytes(macKey);
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(macKey);
        try (AcmeTestServer bound =
                AcmeTestServer.builder().externalAccount("kid-1", encoded).start()) {
            Session session = new Session(bound.directoryUri());
            assertThat(session.getMetadata().isExternalAccountRequired()).isTrue();

            assertThat(boundAccount("kid-1", encoded)
                            .createLogin(session)
                            .getAccount()
                            .getStatus())
                    .isEqualTo(Status.VALID);
            assertThatThrownBy(() -> boundAccount("kid-2", encoded).create(session))
                    .isInstanceOf(AcmeUnauthorizedException.class)
                    .hasMessageContaining("'kid-2' is not known");
            macKey[0]++;
            String wrong = Base64.getUrlEncoder().withoutPadding().encodeToString(macKey);
            assertThatThrownBy(() -> boundAccount("kid-1", wrong).create(session))
                    .hasMessageContaining("does not verify with its key");
            RawAcmeClient raw = RawAcmeClient.es256(bound);
            assertThat(raw.post("/new-account", Map.of("termsOfServiceAgreed", true), raw.withKey("/new-account"))
                            .body())
                    .contains("externalAccountRequired");
            assertThat(bound.statistics().accounts()).isEqualTo(1);
        }
    }

    @Test
    void refusesShortMacKeys() {
        assertThatThrownBy(() -> AcmeTestServer.builder().externalAccount("kid-1", "c2hvcnQ"))
                .hasMessage("macKey: 5 bytes (expected: at least 32)");
    }

    @Test
    void theAccountThatOrderedACertificateRevokesIt() throws Exception {
        Certificate certificate = client.issue("app.example.com");

        certificate.revoke(RevocationReason.SUPERSEDED);

        assertThat(server.revokedCertificates()).containsExactly(certificate.getCertificate());
        assertThatThrownBy(certificate::revoke)
                .isInstanceOfSatisfying(
                        AcmeServerException.class,
                        refusal ->
                                assertThat(refusal.getType()).hasToString("urn:ietf:params:acme:error:alreadyRevoked"));
    }

    @Test
    void theKeyOfACertificateRevokesIt() throws Exception {
        KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();
        Order order = client.prove(client.order("app.example.com"));
        order.execute(key);
        X509Certificate certificate = order.getCertificate().getCertificate();
        Session session = new Session(server.directoryUri());

        assertThatThrownBy(() -> Certificate.revoke(
                        session, KeyAlgorithm.EC_P256.generateKeyPair(), certificate, RevocationReason.UNSPECIFIED))
                .isInstanceOf(AcmeUnauthorizedException.class);
        Certificate.revoke(session, key, certificate, RevocationReason.KEY_COMPROMISE);

        assertThat(server.revokedCertificates()).containsExactly(certificate);
    }

    @Test
    void anotherAccountRevokesACertificateOnlyForNamesThatItProved() throws Exception {
        X509Certificate certificate = client.issue("app.example.com").getCertificate();
        Acme4jClient other = Acme4jClient.register(server, responder);

        assertThatThrownBy(() -> Certificate.revoke(other.login(), certificate, RevocationReason.UNSPECIFIED))
                .isInstanceOf(AcmeUnauthorizedException.class)
                .hasMessageContaining("not yours to revoke");
        other.prove(other.order("app.example.com"));
        Certificate.revoke(other.login(), certificate, RevocationReason.UNSPECIFIED);

        assertThat(server.revokedCertificates()).containsExactly(certificate);
    }

    @Test
    void refusesToRevokeWhatItDidNotIssueAndForReasonsThatAreNotTheClients() throws Exception {
        X509Certificate certificate = client.issue("app.example.com").getCertificate();
        X509Certificate foreign = TestCa.create().issue("app.example.com").leaf();

        assertThatThrownBy(() -> Certificate.revoke(client.login(), foreign, RevocationReason.UNSPECIFIED))
                .hasMessageContaining("did not issue");
        assertThatThrownBy(() -> Certificate.revoke(client.login(), certificate, RevocationReason.CA_COMPROMISE))
                .isInstanceOfSatisfying(
                        AcmeServerException.class,
                        refusal -> assertThat(refusal.getType())
                                .hasToString("urn:ietf:params:acme:error:badRevocationReason"));
    }

    @Test
    void suggestsRenewalInTheLastThirdUnlessItIsToldOtherwise() throws Exception {
        Certificate certificate = client.issue("app.example.com");
        X509Certificate leaf = certificate.getCertificate();
        RenewalInfo usual = certificate.getRenewalInfo();
        assertThat(usual.getSuggestedWindowStart())
                .isAfter(leaf.getNotBefore().toInstant().plus(Duration.ofDays(59)))
                .isBefore(usual.getSuggestedWindowEnd());
        assertThat(usual.getSuggestedWindowEnd()).isBefore(leaf.getNotAfter().toInstant());

        Instant now = Instant.parse("2030-01-01T00:00:00Z");
        server.suggestRenewal(leaf, now, now.plusSeconds(60), URI.create("https://status.example.com/incident"));

        RenewalInfo told = client.login().bindRenewalInfo(leaf);
        assertThat(told.fetch())
                .hasValueSatisfying(
                        again -> assertThat(again).isAfter(Instant.now().plus(Duration.ofHours(5))));
        assertThat(told.getSuggestedWindowStart()).isEqualTo(now);
        assertThat(told.getSuggestedWindowEnd()).isEqualTo(now.plusSeconds(60));
        assertThat(told.getExplanation().orElseThrow()).hasToString("https://status.example.com/incident");
    }

    @Test
    void aRevokedCertificateShouldHaveBeenRenewedAlready() throws Exception {
        Certificate certificate = client.issue("app.example.com");
        certificate.revoke();

        assertThat(client.login()
                        .bindRenewalInfo(certificate.getCertificate())
                        .renewalIsOverdue(Instant.now().plusSeconds(1)))
                .isTrue();
    }

    @Test
    void suggestsNothingForCertificatesOfOthers() {
        X509Certificate foreign = TestCa.create().issue("app.example.com").leaf();

        assertThatThrownBy(() -> server.suggestRenewal(foreign, Instant.EPOCH, Instant.now()))
                .hasMessageContaining("was not issued by this server");
        assertThatThrownBy(() -> client.login().bindRenewalInfo(foreign).fetch())
                .isInstanceOf(AcmeServerException.class);
    }

    @Test
    void aCertificateIsReplacedOnce() throws Exception {
        X509Certificate certificate = client.issue("app.example.com").getCertificate();

        Order first = client.login()
                .newOrder()
                .domain("app.example.com")
                .replaces(certificate)
                .create();

        assertThat(first.getJSON().get("replaces").asString()).contains(".");
        assertThatThrownBy(() -> client.login()
                        .newOrder()
                        .domain("app.example.com")
                        .replaces(certificate)
                        .create())
                .isInstanceOfSatisfying(
                        AcmeServerException.class,
                        refusal -> assertThat(refusal.getType())
                                .hasToString("urn:ietf:params:acme:error:alreadyReplaced"));
    }

    @Test
    void anotherOrderMayReplaceACertificateWhenTheFirstFailed() throws Exception {
        X509Certificate certificate = client.issue("app.example.com").getCertificate();
        Order failed = client.login()
                .newOrder()
                .domain("app.example.com")
                .replaces(certificate)
                .create();
        failed.getAuthorizations().get(0).deactivate();

        assertThat(client.login()
                        .newOrder()
                        .domain("app.example.com")
                        .replaces(certificate)
                        .create())
                .isNotNull();
    }

    @Test
    void onlyACertificateOfTheAccountWithANameInCommonIsReplaced() throws Exception {
        X509Certificate certificate = client.issue("app.example.com").getCertificate();
        Acme4jClient other = Acme4jClient.register(server, responder);

        assertThatThrownBy(() -> client.login()
                        .newOrder()
                        .domain("other.example.com")
                        .replaces(certificate)
                        .create())
                .hasMessageContaining("'replaces'");
        assertThatThrownBy(() -> other.login()
                        .newOrder()
                        .domain("app.example.com")
                        .replaces(certificate)
                        .create())
                .hasMessageContaining("'replaces'");
    }

    @Test
    void profilesDecideHowLongCertificatesLast() throws Exception {
        try (AcmeTestServer profiled = AcmeTestServer.builder()
                .http01Port(responder.port())
                .profile("shortlived", "Six days, for hosts that renew often.", Duration.ofDays(6))
                .profile("classic", "Ninety days.", Duration.ofDays(90))
                .start()) {
            Acme4jClient choosing = Acme4jClient.register(profiled, responder);
            assertThat(choosing.login().getSession().getMetadata().getProfiles())
                    .containsExactlyInAnyOrder("shortlived", "classic");
            Order order = choosing.login()
                    .newOrder()
                    .domain("app.example.com")
                    .profile("shortlived")
                    .create();
            choosing.prove(order).execute(KeyAlgorithm.EC_P256.generateKeyPair());

            X509Certificate leaf = order.getCertificate().getCertificate();

            assertThat(Duration.between(
                            leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                    .isEqualTo(Duration.ofDays(6));
            assertThat(order.getProfile()).isEqualTo("shortlived");
        }
    }

    @Test
    void refusesProfilesThatItDoesNotOffer() throws Exception {
        RawAcmeClient raw = RawAcmeClient.es256(server);
        String account = raw.register();

        assertThat(raw.post(
                                "/new-order",
                                Map.of(
                                        "identifiers",
                                        List.of(Map.of("type", "dns", "value", "app.example.com")),
                                        "profile",
                                        "shortlived"),
                                raw.withAccount("/new-order", account))
                        .body())
                .contains("invalidProfile", "'shortlived' is not offered");
    }

    @Test
    void validAuthorizationsServeAgainWhenItIsToldSo() throws Exception {
        try (AcmeTestServer reusing = AcmeTestServer.builder()
                .http01Port(responder.port())
                .reuseAuthorizations()
                .start()) {
            Acme4jClient again = Acme4jClient.register(reusing, responder);
            again.issue("app.example.com");

            assertThat(again.order("app.example.com").getStatus()).isEqualTo(Status.READY);
            assertThat(again.order("other.example.com").getStatus()).isEqualTo(Status.PENDING);
            assertThat(Acme4jClient.register(reusing, responder)
                            .order("app.example.com")
                            .getStatus())
                    .isEqualTo(Status.PENDING);
        }
        client.issue("app.example.com");
        assertThat(client.order("app.example.com").getStatus()).isEqualTo(Status.PENDING);
    }

    @Test
    void offersAlternateChainsToOtherRoots() throws Exception {
        TestCa earlier = TestCa.builder().name("Earlier").build();
        TestCa oldest = TestCa.builder()
                .name("Oldest")
                .keyAlgorithm(KeyAlgorithm.RSA_2048)
                .build();
        try (AcmeTestServer chained = AcmeTestServer.builder()
                .http01Port(responder.port())
                .alternateChain(earlier)
                .alternateChain(oldest)
                .start()) {
            Certificate certificate = Acme4jClient.register(chained, responder).issue("app.example.com");

            assertThat(certificate.getAlternates()).hasSize(2);
            CertificatePaths.validate(chained.ca(), certificate.getCertificateChain());
            CertificatePaths.validate(
                    earlier,
                    certificate.findCertificate("Earlier Root").orElseThrow().getCertificateChain());
            Certificate alternate = certificate.findCertificate("Oldest Root").orElseThrow();
            CertificatePaths.validate(oldest, alternate.getCertificateChain());
            assertThat(alternate.getAlternates())
                    .contains(certificate.getLocation())
                    .hasSize(2);
            assertThat(alternate.getCertificate()).isEqualTo(certificate.getCertificate());
        }
    }

    @Test
    void servesHttpsWithACertificateOfItsCa() throws Exception {
        TestCa ca = TestCa.create();
        try (AcmeTestServer secure = AcmeTestServer.builder().ca(ca).https().start()) {
            HttpClient http =
                    HttpClient.newBuilder().sslContext(ca.sslContext()).build();

            String directory = http.send(
                            HttpRequest.newBuilder(secure.directoryUri()).build(), BodyHandlers.ofString())
                    .body();

            assertThat(secure.directoryUri()).hasScheme("https");
            assertThat(directory)
                    .contains(secure.directoryUri().resolve("/new-order").toString());
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(secure.directoryUri()).build(), BodyHandlers.discarding()))
                    .isInstanceOf(IOException.class);
        }
    }

    private URL existingAccount(KeyPair key) throws AcmeException {
        return new AccountBuilder()
                .onlyExisting()
                .useKeyPair(key)
                .create(new Session(server.directoryUri()))
                .getLocation();
    }

    private static AccountBuilder boundAccount(String keyId, String macKey) {
        return new AccountBuilder()
                .agreeToTermsOfService()
                .useKeyPair(KeyAlgorithm.EC_P256.generateKeyPair())
                .withKeyIdentifier(keyId, macKey);
    }
}
