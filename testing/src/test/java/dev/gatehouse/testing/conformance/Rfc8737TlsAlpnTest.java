package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.TlsTestServer;
import java.time.Duration;
import java.util.Map;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8737: TLS Application-Layer Protocol Negotiation (ALPN) Challenge Extension")
class Rfc8737TlsAlpnTest extends AgainstServer {
    private static final String NAME = "app.example.com";

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.challenges(AcmeChallenge.TLS_ALPN_01);
    }

    /** Answers the challenge of a new order with a certificate, and returns the order when it is no longer pending. */
    private Reply answer(ChallengeCertificate certificate, String... protocols) throws Exception {
        Reply order = client.newOrder(NAME);
        Map<String, Object> challenge = Issuance.challenge(
                client.postAsGet(order.strings("authorizations").get(0)), "tls-alpn-01");
        String keyAuthorization = client.keyAuthorization((String) challenge.get("token"));
        try (TlsTestServer tls = TlsTestServer.builder(certificate.of(keyAuthorization))
                .applicationProtocols(protocols)
                .start()) {
            server.useTlsPort(tls.port());
            client.post((String) challenge.get("url"), Map.of()).requireStatus(200);
            Reply done = Issuance.awaitNot(client, order.header("Location"), "pending");
            assertThat(tls.awaitHandshake(Duration.ofSeconds(10)).serverName()).isEqualTo(NAME);
            return done;
        }
    }

    private void assertRefused(ChallengeCertificate certificate) throws Exception {
        Reply refused = answer(certificate, "acme-tls/1");

        assertThat(refused.text("status")).isEqualTo("invalid");
        assertThat(refused.object("error")).containsEntry("type", "urn:ietf:params:acme:error:unauthorized");
    }

    @Test
    @DisplayName(
            "3: the server connects with the ALPN name \"acme-tls/1\" and the domain name as SNI, and verifies the digest")
    void theRightCertificateProvesControl() throws Exception {
        assertThat(answer(ChallengeCertificate.forName(NAME), "acme-tls/1").text("status"))
                .isEqualTo("ready");
    }

    @Test
    @DisplayName("3: the dNSName comparison is case insensitive")
    void theCaseOfTheNameDoesNotCount() throws Exception {
        assertThat(answer(ChallengeCertificate.forName("APP.example.com"), "acme-tls/1")
                        .text("status"))
                .isEqualTo("ready");
    }

    @Test
    @DisplayName(
            "3: the certificate MUST contain a subjectAltName with the domain being validated and no other entries")
    void otherNamesAreRefused() throws Exception {
        assertRefused(ChallengeCertificate.forName("other.example.com"));
        assertRefused(
                ChallengeCertificate.forName(NAME).and(new GeneralName(GeneralName.dNSName, "other.example.com")));
        assertRefused(ChallengeCertificate.forName(NAME).and(new GeneralName(GeneralName.rfc822Name, "a@example.com")));
    }

    @Test
    @DisplayName("3: the acmeIdentifier extension MUST be critical")
    void theExtensionIsCritical() throws Exception {
        assertRefused(ChallengeCertificate.forName(NAME).notCritical());
        assertRefused(ChallengeCertificate.forName(NAME).withoutIdentifier());
    }

    @Test
    @DisplayName("4: if the server does not negotiate \"acme-tls/1\", the validation fails")
    void otherProtocolsAreRefused() throws Exception {
        Reply order = client.newOrder(NAME);
        Map<String, Object> challenge = Issuance.challenge(
                client.postAsGet(order.strings("authorizations").get(0)), "tls-alpn-01");
        try (TlsTestServer tls = TlsTestServer.start(server.ca().issue(NAME))) {
            server.useTlsPort(tls.port());
            client.post((String) challenge.get("url"), Map.of());

            assertThat(Issuance.awaitNot(client, order.header("Location"), "pending")
                            .object("error"))
                    .containsEntry("type", "urn:ietf:params:acme:error:unauthorized");
        }
    }
}
