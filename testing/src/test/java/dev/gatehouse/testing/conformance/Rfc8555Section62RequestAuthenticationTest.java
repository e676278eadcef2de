package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.KeyAlgorithm;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 8555 section 6.2: Request Authentication")
class Rfc8555Section62RequestAuthenticationTest extends AgainstServer {

    static Stream<Object[]> algorithms() throws Exception {
        return Stream.of(
                new Object[] {"ES256", generated("EC", new ECGenParameterSpec("secp256r1"))},
                new Object[] {"ES384", generated("EC", new ECGenParameterSpec("secp384r1"))},
                new Object[] {"ES512", generated("EC", new ECGenParameterSpec("secp521r1"))},
                new Object[] {"EdDSA", KeyPairGenerator.getInstance("Ed25519").generateKeyPair()},
                new Object[] {"RS256", KeyAlgorithm.RSA_2048.generateKeyPair()});
    }

    private static KeyPair generated(String algorithm, ECGenParameterSpec curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(curve);
        return generator.generateKeyPair();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("algorithms")
    @DisplayName(
            "An ACME server MUST implement the \"ES256\" signature algorithm and SHOULD implement \"EdDSA\" with Ed25519")
    void implementsTheAlgorithm(String algorithm, KeyPair key) {
        WireClient other = WireClient.stranger(server, key, algorithm);

        other.register(Map.of("termsOfServiceAgreed", true)).requireStatus(201);
        other.newOrder("app.example.com").requireStatus(201);
    }

    @Test
    @DisplayName("The JWS MUST be in the Flattened JSON Serialization")
    void otherSerializationsAreRefused() {
        String url = client.url("newOrder");
        Map<String, Object> flat =
                client.withAccount(url).payload(Map.of()).sign(client.key().getPrivate());
        String compact = flat.get("protected") + "." + flat.get("payload") + "." + flat.get("signature");

        client.request("POST", url, WireClient.JOSE, compact).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The JWS MUST NOT have multiple signatures")
    void multipleSignaturesAreRefused() {
        String url = client.url("newOrder");
        Map<String, Object> jws =
                client.withAccount(url).payload(Map.of()).sign(client.key().getPrivate());
        jws.put("signatures", List.of(Map.of("protected", jws.get("protected"), "signature", jws.get("signature"))));

        client.send(url, jws).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The JWS Unencoded Payload Option MUST NOT be used")
    void unencodedPayloadsAreRefused() {
        // Of an empty payload both forms are the same, so that nothing but the header tells them apart.
        Jws jws = client.withAccount(client.account()).with("b64", false).with("crit", List.of("b64"));

        assertThat(client.send(client.account(), jws)
                        .requireProblem(400, "malformed")
                        .text("detail"))
                .contains("'b64'");
    }

    @Test
    @DisplayName("The JWS Unprotected Header MUST NOT be used")
    void unprotectedHeadersAreRefused() {
        String url = client.url("newOrder");
        Map<String, Object> jws =
                client.withAccount(url).payload(Map.of()).sign(client.key().getPrivate());
        jws.put("header", Map.of("kid", client.account()));

        client.send(url, jws).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The JWS Payload MUST NOT be detached")
    void detachedPayloadsAreRefused() {
        String url = client.url("newOrder");
        Map<String, Object> jws =
                client.withAccount(url).payload(Map.of()).sign(client.key().getPrivate());
        jws.remove("payload");

        client.send(url, jws).requireProblem(400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alg", "nonce", "url"})
    @DisplayName("The JWS Protected Header MUST include \"alg\", \"nonce\", \"url\" and either \"jwk\" or \"kid\"")
    void everyFieldOfTheProtectedHeaderIsWanted(String field) {
        String url = client.url("newOrder");
        Jws right = client.withAccount(url).payload(Map.of());
        Map<String, Object> jws = right.sign(client.key().getPrivate());
        Map<String, Object> header = new LinkedHashMap<>();
        for (String name : List.of("alg", "nonce", "url", "kid")) {
            if (!name.equals(field)) {
                header.put(name, right.header(name));
            }
        }
        jws.put("protected", Issuance.encode(JsonUtil.toJson(header).getBytes()));

        // Without 'alg' nothing can be signed, so the signature is that of the whole header, and not looked at.
        Reply reply = field.equals("alg") ? client.send(url, jws) : client.send(url, right.without(field));

        reply.requireProblem(400, "malformed");
        assertThat(reply.text("detail")).contains("'" + field + "'");
    }

    @Test
    @DisplayName("This field MUST NOT contain \"none\"")
    void algorithmNoneIsRefused() {
        String url = client.url("newOrder");
        Map<String, Object> jws =
                client.withAccount(url).payload(Map.of()).sign(client.key().getPrivate());
        jws.put(
                "protected",
                Issuance.encode(JsonUtil.toJson(Map.of("alg", "none", "kid", client.account(), "url", url))
                        .getBytes()));

        client.send(url, jws).requireProblem(400, "badSignatureAlgorithm");
    }

    @Test
    @DisplayName("This field MUST NOT contain a Message Authentication Code (MAC) algorithm")
    void macAlgorithmsAreRefused() {
        String url = client.url("newOrder");
        Jws jws = client.withAccount(url).payload(Map.of()).with("alg", "HS256");

        client.send(url, jws.sign(new HmacKey(new byte[32]))).requireProblem(400, "badSignatureAlgorithm");
    }

    @Test
    @DisplayName("The problem document returned with the error MUST include an \"algorithms\" field")
    void badSignatureAlgorithmListsTheAlgorithms() {
        String url = client.url("newOrder");
        KeyPair rsa = KeyAlgorithm.RSA_2048.generateKeyPair();
        Jws jws = client.withAccount(url).payload(Map.of()).with("alg", "PS256");

        Reply reply = client.send(url, jws.sign(rsa.getPrivate()));

        reply.requireProblem(400, "badSignatureAlgorithm");
        assertThat(reply.strings("algorithms")).contains("ES256", "RS256", "EdDSA");
    }

    @Test
    @DisplayName(
            "The \"jwk\" and \"kid\" fields are mutually exclusive. Servers MUST reject requests that contain both")
    void keyAndAccountTogetherAreRefused() {
        String url = client.url("newOrder");

        client.send(url, client.withAccount(url).payload(Map.of()).with("jwk", Jws.jwk(client.key())))
                .requireProblem(400, "malformed");
        client.send(url, client.withAccount(url).payload(Map.of()).without("kid"))
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("For newAccount requests there MUST be a \"jwk\" field")
    void newAccountWantsTheKey() {
        String url = client.url("newAccount");

        client.post(url, Map.of("termsOfServiceAgreed", true)).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName(
            "For all other requests, the request is signed using an existing account, and there MUST be a \"kid\" field")
    void otherResourcesWantTheAccount() {
        String url = client.url("newOrder");

        client.send(url, client.withKey(url).payload(Map.of("identifiers", WireClient.identifiers("app.example.com"))))
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The \"kid\" field MUST contain the account URL received by POSTing to the newAccount resource")
    void unknownAccountsAreRefused() {
        String url = client.url("newOrder");

        client.send(url, client.withAccount(url).payload(Map.of()).with("kid", client.account() + "0"))
                .requireProblem(400, "accountDoesNotExist");
    }

    @Test
    @DisplayName("The server chooses to reject the public key \"jwk\": it MUST return \"badPublicKey\"")
    void weakKeysAreRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        WireClient weak = WireClient.stranger(server, generator.generateKeyPair(), "RS256");

        weak.register(Map.of("termsOfServiceAgreed", true)).requireProblem(400, "badPublicKey");
    }

    @Test
    @DisplayName("The server verifies the JWS before looking at what it says")
    void signaturesOfOthersAreRefused() {
        String url = client.url("newOrder");
        Jws jws = client.withAccount(url).payload(Map.of("identifiers", WireClient.identifiers("app.example.com")));

        client.send(url, jws.sign(KeyAlgorithm.EC_P256.generateKeyPair().getPrivate()))
                .requireProblem(400, "malformed");
        assertThat(server.orders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/jose", "text/plain"})
    @DisplayName("Client requests MUST have the Content-Type header field set to \"application/jose+json\"")
    void otherContentTypesAreRefused(String contentType) {
        String url = client.url("newOrder");
        Map<String, Object> jws =
                client.withAccount(url).payload(Map.of()).sign(client.key().getPrivate());

        client.request("POST", url, contentType, JsonUtil.toJson(jws)).requireProblem(415, "malformed");
    }
}
