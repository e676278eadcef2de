package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.5: Identifier Authorization")
class Rfc8555Section75AuthorizationTest extends AgainstServer {

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.retryAfter(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("The client sends a POST-as-GET request to the authorization URL and gets the challenges")
    void authorizationsAreRead() {
        Reply order = client.newOrder("app.example.com");
        Reply authorization = client.postAsGet(order.strings("authorizations").get(0));

        assertThat(authorization.text("status")).isEqualTo("pending");
        assertThat(Issuance.challenge(authorization, "http-01")).containsKeys("url", "token", "status");
    }

    @Test
    @DisplayName("7.5.1: the challenge response carries a link to its authorization with the relation \"up\"")
    void challengesLinkToTheirAuthorization() {
        Reply order = client.newOrder("app.example.com");
        String authorization = order.strings("authorizations").get(0);
        String challenge = (String)
                Issuance.challenge(client.postAsGet(authorization), "http-01").get("url");

        assertThat(client.postAsGet(challenge).links("up")).containsExactly(authorization);
        assertThat(client.post(challenge, Map.of()).links("up")).containsExactly(authorization);
    }

    @Test
    @DisplayName("7.5.1: the server finalizes the authorization as \"valid\", and the order becomes \"ready\"")
    void provedAuthorizationsAreValid() {
        Reply order = web.prove(client, client.newOrder("app.example.com"));

        assertThat(order.text("status")).isEqualTo("ready");
        assertThat(client.postAsGet(order.strings("authorizations").get(0)).text("status"))
                .isEqualTo("valid");
    }

    @Test
    @DisplayName("7.5.1: a challenge that fails makes authorization and order \"invalid\", with the reason")
    void failedChallengesMakeTheOrderInvalid() {
        Reply order = web.fail(client, client.newOrder("app.example.com"));

        assertThat(order.text("status")).isEqualTo("invalid");
        assertThat(order.object("error")).containsEntry("type", "urn:ietf:params:acme:error:unauthorized");
        assertThat(client.postAsGet(order.strings("authorizations").get(0)).text("status"))
                .isEqualTo("invalid");
    }

    @Test
    @DisplayName(
            "7.5.2: a client can relinquish its authorization with the static object {\"status\": \"deactivated\"}")
    void authorizationsAreDeactivated() {
        Reply order = web.prove(client, client.newOrder("app.example.com"));
        String url = order.strings("authorizations").get(0);

        assertThat(client.post(url, Map.of("status", "deactivated"))
                        .requireStatus(200)
                        .text("status"))
                .isEqualTo("deactivated");
        assertThat(client.postAsGet(order.header("Location")).text("status")).isEqualTo("invalid");
        client.post(url, Map.of("status", "valid")).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("7.5.2: the server MUST NOT treat a deactivated authorization as sufficient for issuing certificates")
    void deactivatedAuthorizationsServeNoLaterOrder() {
        try (AcmeTestServer reusing = AcmeTestServer.builder()
                .http01Port(web.port())
                .reuseAuthorizations()
                .start()) {
            WireClient owner = WireClient.registered(reusing);
            Reply first = web.prove(owner, owner.newOrder("app.example.com"));
            assertThat(owner.newOrder("app.example.com").text("status")).isEqualTo("ready");

            owner.post(first.strings("authorizations").get(0), Map.of("status", "deactivated"));

            assertThat(owner.newOrder("app.example.com").text("status")).isEqualTo("pending");
        }
    }
}
