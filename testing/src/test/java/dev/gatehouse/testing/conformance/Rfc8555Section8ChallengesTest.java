package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8555 section 8: Identifier Validation Challenges")
class Rfc8555Section8ChallengesTest extends AgainstServer {
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.txtResolver(name -> {
            if (name.equals("_acme-challenge.lost.example.com")) {
                throw new UnknownHostException(name);
            }
            return records.getOrDefault(name, List.of());
        });
    }

    private Map<String, Object> challenge(Reply order, String type) {
        return Issuance.challenge(
                client.postAsGet(order.strings("authorizations").get(0)), type);
    }

    private Reply answer(Reply order, Map<String, Object> challenge) {
        client.post((String) challenge.get("url"), Map.of()).requireStatus(200);
        return Issuance.awaitNot(client, order.header("Location"), "pending");
    }

    @Test
    @DisplayName(
            "8: a challenge has \"type\", \"url\", \"status\"; \"validated\" is required when it is valid, \"error\" when not")
    void challengeObjects() {
        Reply order = client.newOrder("app.example.com");
        Map<String, Object> pending = challenge(order, "http-01");
        assertThat(pending).containsEntry("status", "pending").containsKeys("type", "url", "token");
        assertThat(pending).doesNotContainKeys("validated", "error");

        web.prove(client, order);
        assertThat(client.postAsGet((String) pending.get("url")).json())
                .containsEntry("status", "valid")
                .containsKey("validated");
    }

    @Test
    @DisplayName(
            "8.3, 8.4: the token MUST have at least 128 bits of entropy, and be of the base64url alphabet without padding")
    void tokensCannotBeGuessed() {
        Set<Object> tokens = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            Reply order = client.newOrder("app.example.com");
            tokens.add(challenge(order, "http-01").get("token"));
            tokens.add(challenge(order, "dns-01").get("token"));
        }

        assertThat(tokens)
                .hasSize(10)
                .allSatisfy(token -> assertThat((String) token).matches("[A-Za-z0-9_-]{22,}"));
    }

    @Test
    @DisplayName("8.1: a key authorization is the token, a dot and the thumbprint of the account key")
    void theKeyAuthorizationHasTheThumbprintOfTheAccount() {
        Reply order = client.newOrder("app.example.com");
        Map<String, Object> challenge = challenge(order, "http-01");
        String token = (String) challenge.get("token");
        web.serve(token, WireClient.stranger(server).keyAuthorization(token));

        Reply refused = answer(order, challenge);

        assertThat(refused.text("status")).isEqualTo("invalid");
        assertThat(refused.object("error")).containsEntry("type", "urn:ietf:params:acme:error:unauthorized");
    }

    @Test
    @DisplayName("8.3: the Host header field MUST be set to the domain name being verified")
    void theHostIsTheDomainName() {
        web.prove(client, client.newOrder("app.example.com"));

        assertThat(web.askedHosts()).containsExactly("app.example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", " \t\n"})
    @DisplayName("8.3: the server SHOULD ignore whitespace characters at the end of the body")
    void whitespaceAtTheEndIsIgnored(String end) {
        Reply order = client.newOrder("app.example.com");
        Map<String, Object> challenge = challenge(order, "http-01");
        String token = (String) challenge.get("token");
        web.serve(token, client.keyAuthorization(token) + end);

        assertThat(answer(order, challenge).text("status")).isEqualTo("ready");
    }

    @Test
    @DisplayName("8.3: if the connection fails, the validation fails: \"connection\"")
    void refusedConnectionsFail() {
        Reply order = client.newOrder("app.example.com");
        web.close();

        Reply refused = answer(order, challenge(order, "http-01"));

        assertThat(refused.object("error")).containsEntry("type", "urn:ietf:params:acme:error:connection");
    }

    @Test
    @DisplayName("8.4: the TXT record is the base64url encoding of the SHA-256 digest of the key authorization")
    void theTxtRecordIsTheDigest() throws Exception {
        Reply order = client.newOrder("*.example.com");
        Map<String, Object> challenge = challenge(order, "dns-01");
        records.put("_acme-challenge.example.com", List.of("another record", digest(challenge)));

        assertThat(answer(order, challenge).text("status"))
                .as("if any of the records matches, the validation succeeds")
                .isEqualTo("ready");
    }

    @Test
    @DisplayName("8.4: if no record matches, the validation fails")
    void otherRecordsFail() {
        Reply order = client.newOrder("app.example.com");
        Map<String, Object> challenge = challenge(order, "dns-01");
        records.put(
                "_acme-challenge.app.example.com", List.of(client.keyAuthorization((String) challenge.get("token"))));

        Reply refused = answer(order, challenge);

        assertThat(refused.text("status")).isEqualTo("invalid");
        assertThat(refused.object("error")).containsEntry("type", "urn:ietf:params:acme:error:unauthorized");
    }

    @Test
    @DisplayName("8.4: if the look-up fails, the validation fails: \"dns\"")
    void failedLookUpsFail() {
        Reply order = client.newOrder("lost.example.com");

        Reply refused = answer(order, challenge(order, "dns-01"));

        assertThat(refused.object("error")).containsEntry("type", "urn:ietf:params:acme:error:dns");
    }

    private String digest(Map<String, Object> challenge) throws Exception {
        String keyAuthorization = client.keyAuthorization((String) challenge.get("token"));
        return Issuance.encode(MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes()));
    }
}
