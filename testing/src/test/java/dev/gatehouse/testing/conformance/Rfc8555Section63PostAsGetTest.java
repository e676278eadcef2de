package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 6.3: GET and POST-as-GET Requests")
class Rfc8555Section63PostAsGetTest extends AgainstServer {

    @Test
    @DisplayName("The server MUST allow GET requests for the directory and newNonce resources")
    void directoryAndNewNonceAreRead() {
        client.directory().requireStatus(200);
        client.get(client.url("newNonce")).requireStatus(204);
    }

    @Test
    @DisplayName("On receiving a GET request to any other resource, the server MUST return 405 with type \"malformed\"")
    void everythingElseIsNotReadByGet() {
        Reply order = web.issue(client, "app.example.com");
        List<String> urls = List.of(
                client.url("newAccount"),
                client.url("newOrder"),
                client.url("revokeCert"),
                client.url("keyChange"),
                client.account(),
                order.header("Location"),
                order.strings("authorizations").get(0),
                order.text("finalize"),
                order.text("certificate"));

        for (String url : urls) {
            Reply reply = client.get(url).requireProblem(405, "malformed");
            assertThat(reply.header("Allow")).isEqualTo("POST");
        }
    }

    @Test
    @DisplayName("The server MUST verify a POST-as-GET request as any other, with an empty payload (\"\")")
    void resourcesAreReadByPostAsGet() {
        Reply order = web.issue(client, "app.example.com");

        client.postAsGet(client.account()).requireStatus(200);
        client.postAsGet(order.header("Location")).requireStatus(200);
        client.postAsGet(order.strings("authorizations").get(0)).requireStatus(200);
        client.postAsGet(order.text("certificate")).requireStatus(200);
    }

    @Test
    @DisplayName("A JWS whose payload is the JSON object {} is no POST-as-GET request")
    void anEmptyObjectIsNoEmptyPayload() {
        Reply order = web.issue(client, "app.example.com");

        client.post(order.text("certificate"), Map.of()).requireProblem(400, "malformed");
        client.post(order.header("Location"), Map.of()).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("Only the account that owns a resource may read it")
    void othersAreRefused() {
        Reply order = web.issue(client, "app.example.com");
        WireClient other = WireClient.registered(server);

        for (String url : List.of(
                client.account(),
                order.header("Location"),
                order.strings("authorizations").get(0),
                order.text("certificate"))) {
            other.postAsGet(url).requireProblem(403, "unauthorized");
        }
    }
}
