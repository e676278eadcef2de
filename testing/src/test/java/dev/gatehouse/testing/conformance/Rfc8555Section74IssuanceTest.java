package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.4: Applying for Certificate Issuance")
class Rfc8555Section74IssuanceTest extends AgainstServer {
    private final TestCa otherCa = TestCa.create();
    private final KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.alternateChain(otherCa).retryAfter(Duration.ofSeconds(7));
    }

    @Test
    @DisplayName("If the server is willing, it MUST respond with 201 (Created), the order, and its URL in Location")
    void ordersAreCreated() {
        Reply order = client.newOrder("www.example.com", "example.com").requireStatus(201);

        assertThat(order.text("status")).isEqualTo("pending");
        assertThat(order.header("Location")).isNotEmpty();
        assertThat(order.strings("authorizations")).hasSize(2);
        assertThat(order.objects("identifiers"))
                .extracting(identifier -> identifier.get("value"))
                .containsExactly("www.example.com", "example.com");
    }

    @Test
    @DisplayName("The server MUST return an error if it cannot fulfill the request as specified")
    void requestsThatCannotBeFulfilledAreRefused() {
        client.post(client.url("newOrder"), Map.of("identifiers", List.of())).requireProblem(400, "malformed");
        client.post(client.url("newOrder"), Map.of("identifiers", List.of(Map.of("type", "onion", "value", "a"))))
                .requireProblem(400, "unsupportedIdentifier");
        client.newOrder("*.example.com").requireProblem(400, "rejectedIdentifier");
        client.newOrder("*.*.example.com").requireProblem(400, "rejectedIdentifier");
        client.newOrder(Map.of("notAfter", "tomorrow"), "app.example.com").requireProblem(400, "malformed");
        client.newOrder(Map.of("notAfter", "2999-01-01T00:00:00Z"), "app.example.com")
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName(
            "The server MUST NOT issue a certificate with other contents than those requested: notBefore and notAfter")
    void theRequestedValidityIsKept() {
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(60);
        Instant end = start.plus(Duration.ofMinutes(5));
        Reply order = client.newOrder(
                        Map.of("notBefore", start.toString(), "notAfter", end.toString()), "app.example.com")
                .requireStatus(201);
        assertThat(order.text("notBefore")).isEqualTo(start.toString());

        Reply issued = Issuance.finalizeOrder(client, web.prove(client, order), Issuance.csr(key, "app.example.com"));

        X509Certificate leaf = Issuance.download(client, issued).get(0);
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(start);
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(end);
    }

    @Test
    @DisplayName(
            "A request to finalize an order that is not \"ready\": the server MUST return 403 with \"orderNotReady\"")
    void ordersThatAreNotReadyAreNotFinalized() {
        Reply pending = client.newOrder("app.example.com");
        Issuance.finalizeOrder(client, pending, Issuance.csr(key, "app.example.com"))
                .requireProblem(403, "orderNotReady");

        Reply issued = web.issue(client, key, "app.example.com");
        Issuance.finalizeOrder(client, issued, Issuance.csr(key, "app.example.com"))
                .requireProblem(403, "orderNotReady");
    }

    @Test
    @DisplayName("The CSR MUST indicate the exact same set of requested identifiers as the initial newOrder request")
    void signingRequestsAreForTheNamesOfTheOrder() {
        Reply order = web.prove(client, client.newOrder("a.example.com", "b.example.com"));

        assertRefused(order, Issuance.csr(key, "a.example.com"));
        assertRefused(order, Issuance.csr(key, "a.example.com", "b.example.com", "c.example.com"));
        assertRefused(
                order, Issuance.csr("CN=c.example.com", "SHA256withECDSA", key, "a.example.com", "b.example.com"));
        assertThat(client.postAsGet(order.header("Location")).text("status"))
                .as("if the server returns an error, the order remains ready")
                .isEqualTo("ready");
        Issuance.assertIssued(
                Issuance.finalizeOrder(client, order, Issuance.csr(key, "B.example.com", "a.example.com")));
    }

    @Test
    @DisplayName("The identifiers MUST appear either in the commonName or in a subjectAltName extension, or both")
    void theCommonNameCounts() {
        Reply order = web.prove(client, client.newOrder("a.example.com", "b.example.com"));

        Reply issued = Issuance.finalizeOrder(
                client, order, Issuance.csr("CN=a.example.com", "SHA256withECDSA", key, "b.example.com"));

        Issuance.assertIssued(issued);
        assertThat(Issuance.download(client, issued)
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .as("the certificate has no common name, as those of public CAs")
                .isEmpty();
    }

    @Test
    @DisplayName(
            "An error of type \"badCSR\" when the CSR is unacceptable: weak key, account key, bad or weak signature")
    void badSigningRequestsAreRefused() throws Exception {
        Reply order = web.prove(client, client.newOrder("app.example.com"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair weak = generator.generateKeyPair();
        KeyPair rsa = KeyAlgorithm.RSA_2048.generateKeyPair();

        assertRefused(order, Issuance.csr("", "SHA256withRSA", weak, "app.example.com"));
        assertRefused(order, Issuance.csr("", "SHA1withRSA", rsa, "app.example.com"));
        assertRefused(order, Issuance.csr(client.key(), "app.example.com"));
        KeyPair mixed = new KeyPair(
                key.getPublic(), KeyAlgorithm.EC_P256.generateKeyPair().getPrivate());
        assertRefused(order, Issuance.csr(mixed, "app.example.com"));
        assertRefused(order, "AAAA");
    }

    private void assertRefused(Reply order, String csr) {
        Issuance.finalizeOrder(client, order, csr).requireProblem(400, "badCSR");
    }

    @Test
    @DisplayName(
            "\"processing\": the client should send a request after the time given in the Retry-After header field")
    void processingOrdersSayWhenToComeBack() {
        server.inject(AcmeFault.processingFor(2));
        Reply order = web.prove(client, client.newOrder("app.example.com"));

        Reply first = Issuance.finalizeOrder(client, order, Issuance.csr(key, "app.example.com"));

        assertThat(first.text("status")).isEqualTo("processing");
        assertThat(first.header("Retry-After")).isEqualTo("7");
        assertThat(first.json()).doesNotContainKey("certificate");
        assertThat(first.header("Location")).isEqualTo(order.header("Location"));
    }

    @Test
    @DisplayName("7.4.1: pre-authorization is not offered, and neither is its resource")
    void preAuthorizationIsNotOffered() {
        client.post(server.directoryUri().resolve("/new-authorization").toString(), Map.of())
                .requireStatus(404);
    }

    @Test
    @DisplayName("7.4.1: if the server is willing, it responds to newAuthz with 201 (Created) and the authorization")
    void identifiersAreAuthorizedAhead() {
        try (AcmeTestServer offering = AcmeTestServer.builder()
                .http01Port(web.port())
                .preAuthorization()
                .start()) {
            WireClient ahead = WireClient.registered(offering);
            Map<String, String> identifier = Map.of("type", "dns", "value", "app.example.com");

            Reply authorization = ahead.post(ahead.url("newAuthz"), Map.of("identifier", identifier))
                    .requireStatus(201);
            String url = authorization.header("Location");
            Map<String, Object> challenge = Issuance.challenge(authorization, "http-01");
            web.serve((String) challenge.get("token"), ahead.keyAuthorization((String) challenge.get("token")));
            ahead.post((String) challenge.get("url"), Map.of());
            Issuance.awaitNot(ahead, url, "pending");

            Reply order = ahead.newOrder("app.example.com").requireStatus(201);
            assertThat(order.text("status")).isEqualTo("ready");
            assertThat(order.strings("authorizations")).containsExactly(url);
            ahead.post(ahead.url("newAuthz"), Map.of("identifier", Map.of("type", "dns", "value", "*.example.com")))
                    .requireStatus(400);
        }
    }

    @Test
    @DisplayName(
            "7.4.2: the default format MUST be application/pem-certificate-chain, each certificate certified by the next")
    void certificatesComeAsAChain() throws Exception {
        Reply issued = web.issue(client, key, "app.example.com");

        Reply download = client.postAsGet(issued.text("certificate")).requireStatus(200);

        assertThat(download.header("Content-Type")).isEqualTo("application/pem-certificate-chain");
        assertThat(download.body()).startsWith("-----BEGIN CERTIFICATE-----");
        List<X509Certificate> chain = Issuance.download(client, issued);
        assertThat(chain).hasSize(2);
        assertThat(chain.get(0).getPublicKey()).isEqualTo(key.getPublic());
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(server.rootCertificate().getPublicKey());
    }

    @Test
    @DisplayName("7.4.2: the server MAY provide one or more link relation header fields with relation \"alternate\"")
    void alternateChainsAreLinked() throws Exception {
        Reply issued = web.issue(client, "app.example.com");
        Reply first = client.postAsGet(issued.text("certificate"));
        Reply second = client.postAsGet(first.links("alternate").get(0)).requireStatus(200);

        List<X509Certificate> chain = dev.gatehouse.tls.Pem.certificates(second.body());
        assertThat(chain.get(0)).isEqualTo(Issuance.download(client, issued).get(0));
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(otherCa.rootCertificate().getPublicKey());
        assertThat(second.links("alternate")).containsExactly(issued.text("certificate"));
        client.postAsGet(issued.text("certificate") + "/2").requireProblem(404, "malformed");
    }
}
