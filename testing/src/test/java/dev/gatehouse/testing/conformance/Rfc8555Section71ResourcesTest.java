package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.1: Resources")
class Rfc8555Section71ResourcesTest extends AgainstServer {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.clock(InstantSource.fixed(NOW)).txtResolver(name -> List.of());
    }

    @Test
    @DisplayName("The \"index\" link relation is present on all resources other than the directory")
    void everythingLinksToTheDirectory() {
        Reply order = web.issue(client, "app.example.com");

        for (Reply reply : List.of(
                order,
                client.postAsGet(order.text("certificate")),
                client.postAsGet(order.strings("authorizations").get(0)),
                client.get(client.url("newNonce")),
                client.get(client.url("newOrder")))) {
            assertThat(reply.links("index"))
                    .containsExactly(server.directoryUri().toString());
        }
        assertThat(client.directory().links("index")).isEmpty();
    }

    @Test
    @DisplayName("7.1.1: the directory MUST list newNonce, newAccount, newOrder, revokeCert and keyChange")
    void theDirectoryListsTheResources() {
        Reply directory = client.directory().requireStatus(200);

        assertThat(directory.header("Content-Type")).isEqualTo("application/json");
        assertThat(directory.json()).containsKeys("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange");
    }

    @Test
    @DisplayName("7.1.1: if a server does not implement pre-authorization, it MUST omit the \"newAuthz\" field")
    void newAuthzIsOmitted() {
        assertThat(client.directory().json()).doesNotContainKey("newAuthz");
    }

    @Test
    @DisplayName("7.1.1: \"termsOfService\" identifies the current terms of service")
    void theMetadataNamesTheTerms() {
        String terms = (String) client.directory().object("meta").get("termsOfService");

        client.get(terms).requireStatus(200);
    }

    @Test
    @DisplayName("7.1.2: an account has a \"status\" and an \"orders\" URL, and the \"contact\" that it was given")
    void accountObject() {
        WireClient other = WireClient.stranger(server);
        Reply account =
                other.register(Map.of("termsOfServiceAgreed", true, "contact", List.of("mailto:admin@example.org")));

        assertThat(account.text("status")).isEqualTo("valid");
        assertThat(account.strings("contact")).containsExactly("mailto:admin@example.org");
        assertThat(account.json()).containsKey("orders");
    }

    @Test
    @DisplayName("7.1.2.1: the server SHOULD NOT include invalid orders in the \"orders\" array")
    void invalidOrdersAreNotListed() {
        Reply valid = client.newOrder("a.example.com");
        web.fail(client, client.newOrder("b.example.com"));
        String list = client.postAsGet(client.account()).text("orders");

        assertThat(client.postAsGet(list).strings("orders")).containsExactly(valid.header("Location"));
    }

    @Test
    @DisplayName("7.1.2.1: a server that lists not all orders MUST provide a link with the relation \"next\"")
    void longListsHavePages() {
        for (int i = 0; i < 51; i++) {
            client.newOrder("app" + i + ".example.com").requireStatus(201);
        }
        String first = client.postAsGet(client.account()).text("orders");
        Reply page = client.postAsGet(first);
        Reply next = client.postAsGet(page.links("next").get(0));

        List<String> all = new ArrayList<>(page.strings("orders"));
        all.addAll(next.strings("orders"));
        assertThat(page.strings("orders")).hasSize(50);
        assertThat(all).doesNotHaveDuplicates().hasSize(51);
        assertThat(next.links("next")).isEmpty();
    }

    @Test
    @DisplayName(
            "7.1.3: an order has status, expires, identifiers, authorizations and finalize, and then a certificate")
    void orderObject() {
        Reply pending = client.newOrder("app.example.com");

        assertThat(pending.json()).containsKeys("status", "expires", "identifiers", "authorizations", "finalize");
        assertThat(pending.json()).doesNotContainKeys("certificate", "error");
        assertThat(Instant.parse(pending.text("expires"))).isEqualTo(NOW.plus(Duration.ofDays(7)));
        Issuance.assertIssued(web.issue(client, "app.example.com"));
    }

    @Test
    @DisplayName(
            "7.1.4: wildcard domain names MUST NOT be the \"value\"; \"wildcard\" MUST be true then and absent otherwise")
    void authorizationOfAWildcard() {
        Reply order = client.newOrder("*.example.com", "example.com");
        Reply wildcard = client.postAsGet(order.strings("authorizations").get(0));
        Reply exact = client.postAsGet(order.strings("authorizations").get(1));

        assertThat(wildcard.object("identifier")).containsEntry("value", "example.com");
        assertThat(wildcard.json().get("wildcard")).isEqualTo(true);
        assertThat(wildcard.objects("challenges"))
                .extracting(challenge -> challenge.get("type"))
                .containsExactly("dns-01");
        assertThat(exact.json()).doesNotContainKey("wildcard");
    }

    @Test
    @DisplayName("7.1.4: for pending authorizations the challenges that can be fulfilled, else the one that decided")
    void challengesOfADecidedAuthorization() {
        Reply order = client.newOrder("app.example.com");
        String url = order.strings("authorizations").get(0);
        assertThat(client.postAsGet(url).objects("challenges")).hasSize(2);

        web.prove(client, order);
        assertThat(client.postAsGet(url).objects("challenges"))
                .singleElement()
                .satisfies(challenge -> assertThat(challenge)
                        .containsEntry("type", "http-01")
                        .containsEntry("status", "valid")
                        .containsEntry("validated", NOW.toString()));

        Reply failed = client.newOrder("other.example.com");
        web.fail(client, failed);
        assertThat(client.postAsGet(failed.strings("authorizations").get(0)).objects("challenges"))
                .singleElement()
                .satisfies(challenge ->
                        assertThat(challenge).containsEntry("status", "invalid").containsKey("error"));
    }

    @Test
    @DisplayName("7.1.6: once an authorization is valid it can expire, and so can its order")
    void validAuthorizationsExpire() {
        Reply order = web.prove(client, client.newOrder("app.example.com"));
        assertThat(order.text("status")).isEqualTo("ready");

        server.moveClock(Duration.ofDays(7));

        assertThat(status(order.strings("authorizations").get(0))).isEqualTo("expired");
        assertThat(status(order.header("Location"))).isEqualTo("invalid");
    }

    @Test
    @DisplayName("7.1.6: an error while the authorization is still pending makes it \"invalid\"")
    void pendingAuthorizationsBecomeInvalid() {
        Reply order = client.newOrder("app.example.com");

        server.moveClock(Duration.ofDays(7));

        assertThat(status(order.strings("authorizations").get(0))).isEqualTo("invalid");
        assertThat(status(order.header("Location"))).isEqualTo("invalid");
    }

    private String status(String url) {
        return client.postAsGet(url).text("status");
    }
}
