package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 6.5: Replay Protection")
class Rfc8555Section65ReplayProtectionTest extends AgainstServer {

    @Test
    @DisplayName("The server MUST include a Replay-Nonce header field in every successful response to a POST request")
    void everyPostIsAnsweredWithANonce() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            nonces.add(client.postAsGet(client.account()).requireStatus(200).header("Replay-Nonce"));
        }

        assertThat(nonces).hasSize(5).allSatisfy(nonce -> assertThat(nonce).matches("[A-Za-z0-9_-]{22,}"));
    }

    @Test
    @DisplayName("The server SHOULD include a Replay-Nonce header field in error responses as well")
    void refusalsCarryANonce() {
        Reply refused = client.post(client.url("newOrder"), Map.of()).requireProblem(400, "malformed");

        String url = client.url("newOrder");
        Jws jws = client.withAccount(url)
                .with("nonce", refused.header("Replay-Nonce"))
                .payload(Map.of("identifiers", WireClient.identifiers("app.example.com")));
        client.send(url, jws).requireStatus(201);
    }

    @Test
    @DisplayName("The directory promises no nonce, so that clients take theirs from newNonce")
    void theDirectoryCarriesNoNonce() {
        assertThat(client.directory().headers().firstValue("Replay-Nonce")).isEmpty();
    }

    @Test
    @DisplayName("If the server detects that a nonce was used already, it MUST reject the request with \"badNonce\"")
    void aNonceCountsOnce() {
        String url = client.account();
        Map<String, Object> jws = client.withAccount(url).sign(client.key().getPrivate());

        client.send(url, jws).requireStatus(200);
        Reply replayed = client.send(url, jws).requireProblem(400, "badNonce");

        assertThat(replayed.header("Replay-Nonce"))
                .as("An error response with the \"badNonce\" error type MUST include a Replay-Nonce header field")
                .isNotEmpty();
        client.send(url, client.withAccount(url).with("nonce", replayed.header("Replay-Nonce")))
                .requireStatus(200);
    }

    @Test
    @DisplayName("A nonce that the server did not hand out is a bad nonce")
    void inventedNoncesAreRefused() {
        client.send(client.account(), client.withAccount(client.account()).with("nonce", "aW52ZW50ZWQ"))
                .requireProblem(400, "badNonce");
    }

    @Test
    @DisplayName("A \"nonce\" that is not base64url: the verifier MUST reject the JWS as malformed")
    void noncesThatAreNotBase64urlAreMalformed() {
        client.send(client.account(), client.withAccount(client.account()).with("nonce", "not/base64url="))
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("A request whose signature is bad does not spend the nonce of another")
    void badSignaturesSpendNoNonce() {
        String url = client.account();
        Jws jws = client.withAccount(url);
        client.send(url, jws.sign(WireClient.stranger(server).key().getPrivate()))
                .requireProblem(400, "malformed");

        client.send(url, jws).requireStatus(200);
    }
}
