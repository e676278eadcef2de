package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.math.BigInteger;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 9773: ACME Renewal Information (ARI) Extension")
class Rfc9773RenewalInformationTest extends AgainstServer {

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.renewalInfoRetryAfter(Duration.ofHours(2));
    }

    private X509Certificate issued(String name) {
        return Issuance.download(client, web.issue(client, name)).get(0);
    }

    private Reply renewalInfo(X509Certificate certificate) {
        return client.get(client.url("renewalInfo") + '/' + RenewalId.of(certificate));
    }

    @Test
    @DisplayName(
            "4.1: the identifier is the base64url key identifier, a dot and the base64url serial number (the RFC's example)")
    void theIdentifierOfTheExample() {
        byte[] keyIdentifier = HexFormat.of().parseHex("69885b6b87464041e1b37b847ba0ae2cde01c8d4");

        assertThat(RenewalId.of(keyIdentifier, new BigInteger("0087654321", 16)))
                .isEqualTo("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
    }

    @Test
    @DisplayName("4.1: renewal information is read by an unauthenticated GET request; 4.2: it has a suggested window")
    void renewalInformationIsRead() {
        X509Certificate certificate = issued("app.example.com");

        Reply info = renewalInfo(certificate).requireStatus(200);

        Instant start = Instant.parse((String) info.object("suggestedWindow").get("start"));
        Instant end = Instant.parse((String) info.object("suggestedWindow").get("end"));
        assertThat(start).isAfter(certificate.getNotBefore().toInstant()).isBefore(end);
        assertThat(end).isBefore(certificate.getNotAfter().toInstant());
        assertThat(info.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    @DisplayName("4.2: \"explanationURL\" is a page that tells why the window is as it is")
    void explanationUrl() {
        X509Certificate certificate = issued("app.example.com");
        Instant start = Instant.parse("2020-01-01T00:00:00Z");

        server.suggestRenewal(certificate, start, start.plusSeconds(60), URI.create("https://ca.example/incident"));

        Reply info = renewalInfo(certificate);
        assertThat(info.text("explanationURL")).isEqualTo("https://ca.example/incident");
        assertThat(info.object("suggestedWindow"))
                .containsEntry("start", "2020-01-01T00:00:00Z")
                .containsEntry("end", "2020-01-01T00:01:00Z");
    }

    @Test
    @DisplayName("4.3: the server SHOULD include a Retry-After header field indicating the polling interval")
    void retryAfter() {
        assertThat(renewalInfo(issued("app.example.com")).header("Retry-After")).isEqualTo("7200");
    }

    @Test
    @DisplayName("Identifiers of certificates that the server does not know are not found")
    void unknownCertificates() {
        client.get(client.url("renewalInfo") + "/aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE")
                .requireProblem(404, "malformed");
        client.get(client.url("renewalInfo")).requireStatus(404);
    }

    @Test
    @DisplayName("5: the order MUST reproduce the \"replaces\" field when it was created with one")
    void ordersReplaceCertificates() {
        String replaced = RenewalId.of(issued("app.example.com"));

        Reply order = client.newOrder(Map.of("replaces", replaced), "app.example.com", "new.example.com")
                .requireStatus(201);

        assertThat(order.text("replaces")).isEqualTo(replaced);
        assertThat(server.requireOneOrder("new.example.com").replaces()).isEqualTo(replaced);
    }

    @Test
    @DisplayName(
            "5: if the certificate was marked as replaced already, the server MUST refuse: 409, \"alreadyReplaced\"")
    void certificatesAreReplacedOnce() {
        String replaced = RenewalId.of(issued("app.example.com"));
        Reply first = client.newOrder(Map.of("replaces", replaced), "app.example.com");

        client.newOrder(Map.of("replaces", replaced), "app.example.com").requireProblem(409, "alreadyReplaced");
        client.post(first.strings("authorizations").get(0), Map.of("status", "deactivated"));

        client.newOrder(Map.of("replaces", replaced), "app.example.com").requireStatus(201);
    }

    @Test
    @DisplayName("5: the certificate has to be of the same account and share an identifier with the order")
    void onlyOwnCertificatesAreReplaced() {
        String replaced = RenewalId.of(issued("app.example.com"));

        WireClient.registered(server)
                .newOrder(Map.of("replaces", replaced), "app.example.com")
                .requireProblem(400, "malformed");
        client.newOrder(Map.of("replaces", replaced), "other.example.com").requireProblem(400, "malformed");
        client.newOrder(Map.of("replaces", "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"), "app.example.com")
                .requireProblem(400, "malformed");
        client.newOrder(Map.of("replaces", "nonsense"), "app.example.com").requireProblem(400, "malformed");
    }
}
