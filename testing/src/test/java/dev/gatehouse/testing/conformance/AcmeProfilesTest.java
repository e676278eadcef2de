package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.KeyAlgorithm;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("draft-ietf-acme-profiles: Automated Certificate Management Environment (ACME) Profiles Extension")
class AcmeProfilesTest extends AgainstServer {

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.profile("classic", "What most want", Duration.ofDays(90))
                .profile("shortlived", "For the brave", Duration.ofMinutes(10))
                .defaultProfile("classic");
    }

    @Test
    @DisplayName("The \"profiles\" field of the directory's metadata maps names to descriptions")
    void profilesAreAdvertised() {
        assertThat(client.directory().object("meta").get("profiles"))
                .isEqualTo(Map.of("classic", "What most want", "shortlived", "For the brave"));
    }

    @Test
    @DisplayName("An order that chooses a profile has it, and so has its certificate")
    void ordersChooseProfiles() {
        Reply order = client.newOrder(Map.of("profile", "shortlived"), "app.example.com")
                .requireStatus(201);
        assertThat(order.text("profile")).isEqualTo("shortlived");

        Reply issued = Issuance.finalizeOrder(
                client,
                web.prove(client, order),
                Issuance.csr(KeyAlgorithm.EC_P256.generateKeyPair(), "app.example.com"));

        X509Certificate leaf = Issuance.download(client, issued).get(0);
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    @DisplayName(
            "If an order names no profile, it is RECOMMENDED that the server select one and associate it with the order")
    void aProfileIsSelected() {
        assertThat(client.newOrder("app.example.com").text("profile")).isEqualTo("classic");
    }

    @Test
    @DisplayName("The server MUST reject an order with a profile that it does not advertise: \"invalidProfile\"")
    void otherProfilesAreRefused() {
        client.newOrder(Map.of("profile", "eternal"), "app.example.com").requireProblem(400, "invalidProfile");
    }

    @Test
    @DisplayName("A server without profiles advertises none and rejects them all")
    void noProfiles() {
        try (AcmeTestServer plain = AcmeTestServer.start()) {
            WireClient other = WireClient.registered(plain);

            assertThat(other.directory().object("meta")).doesNotContainKey("profiles");
            other.newOrder(Map.of("profile", "classic"), "app.example.com").requireProblem(400, "invalidProfile");
            assertThat(other.newOrder("app.example.com").json()).doesNotContainKey("profile");
        }
    }
}
