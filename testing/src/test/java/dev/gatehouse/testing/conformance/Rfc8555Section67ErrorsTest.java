package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 6.7: Errors")
class Rfc8555Section67ErrorsTest extends AgainstServer {

    @Test
    @DisplayName("When the server responds with an error status, it SHOULD provide a problem document")
    void refusalsAreProblemDocuments() {
        for (Reply refused : List.of(
                client.get(server.directoryUri().resolve("/nowhere").toString()),
                client.request("POST", client.url("newOrder"), WireClient.JOSE, "no JSON"),
                client.request("DELETE", client.url("newNonce"), null, ""))) {
            assertThat(refused.status()).isBetween(400, 499);
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(refused.text("type")).isEqualTo("urn:ietf:params:acme:error:malformed");
            assertThat(refused.json().get("status")).isEqualTo((long) refused.status());
            assertThat(refused.text("detail")).isNotBlank();
        }
    }

    @Test
    @DisplayName(
            "6.7.1: a problem document MAY contain the \"subproblems\" field, each of which MAY have an \"identifier\"")
    void everyRefusedIdentifierHasASubproblem() {
        Reply refused = client.newOrder("under_score.example.com", "app.example.com", "-.example.com")
                .requireProblem(400, "rejectedIdentifier");

        assertThat(refused.objects("subproblems"))
                .extracting(sub -> (Object) ((Map<?, ?>) sub.get("identifier")).get("value"))
                .containsExactly("under_score.example.com", "-.example.com");
        assertThat(refused.objects("subproblems"))
                .allSatisfy(sub -> assertThat(sub)
                        .containsEntry("type", "urn:ietf:params:acme:error:rejectedIdentifier")
                        .containsKey("detail"));
        assertThat(refused.json()).doesNotContainKey("identifier");
    }

    @Test
    @DisplayName("6.7: \"compound\": specific error conditions are indicated in the \"subproblems\" array")
    void problemsOfSeveralTypesAreCompound() {
        Reply refused = client.post(
                        client.url("newOrder"),
                        Map.of(
                                "identifiers",
                                List.of(
                                        Map.of("type", "dns", "value", "under_score.example.com"),
                                        Map.of("type", "onion", "value", "x"))))
                .requireProblem(400, "compound");

        assertThat(refused.objects("subproblems"))
                .extracting(sub -> sub.get("type"))
                .containsExactly(
                        "urn:ietf:params:acme:error:rejectedIdentifier",
                        "urn:ietf:params:acme:error:unsupportedIdentifier");
    }

    @Test
    @DisplayName("6.7.1: subproblems sum up what failed in an order")
    void everyFailedIdentifierHasASubproblem() {
        Reply order = web.fail(client, client.newOrder("a.example.com", "b.example.com"));

        assertThat(order.text("status")).isEqualTo("invalid");
        assertThat(order.object("error")).containsKeys("type", "detail", "subproblems");
    }
}
