package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.KeyAlgorithm;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.3.5: Account Key Rollover")
class Rfc8555Section735KeyRolloverTest extends AgainstServer {
    private final KeyPair newKey = KeyAlgorithm.EC_P256.generateKeyPair();

    /** A right inner JWS. */
    private Jws inner() {
        return new Jws()
                .with("alg", "ES256")
                .with("jwk", Jws.jwk(newKey))
                .with("url", client.url("keyChange"))
                .payload(Map.of("account", client.account(), "oldKey", Jws.jwk(client.key())));
    }

    private Reply change(Map<String, Object> inner) {
        return client.post(client.url("keyChange"), inner);
    }

    private Reply change(Jws inner) {
        return change(inner.sign(newKey.getPrivate()));
    }

    @Test
    @DisplayName("If all of these checks pass, the server updates the account and returns 200 (OK)")
    void theKeyIsChanged() {
        change(inner()).requireStatus(200);

        client.postAsGet(client.account()).requireProblem(400, "malformed");
        WireClient changed = WireClient.stranger(server, newKey, "ES256");
        assertThat(changed.register(Map.of("onlyReturnExisting", true)).header("Location"))
                .isEqualTo(client.account());
    }

    @Test
    @DisplayName("1. Validate the POST request as in section 6.2: the outer JWS is signed by the account's key")
    void theOuterJwsNamesTheAccount() {
        String url = client.url("keyChange");

        client.send(url, client.withKey(url).payload(inner().sign(newKey.getPrivate())))
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("2. Check that the payload of the JWS is a well-formed JWS object")
    void thePayloadIsAJws() {
        change(Map.of("jwk", Jws.jwk(newKey))).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("3. Check that the JWS protected header of the inner JWS has a \"jwk\" field")
    void theInnerJwsHasTheNewKey() {
        change(inner().without("jwk").with("kid", client.account())).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("4. Check that the inner JWS verifies using the key in its \"jwk\" field")
    void theInnerJwsIsSignedWithTheNewKey() {
        change(inner().sign(client.key().getPrivate())).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("5. Check that the payload of the inner JWS is a well-formed keyChange object")
    void theInnerPayloadIsAKeyChangeObject() {
        change(inner().payload("[]")).requireProblem(400, "malformed");
        change(inner().payload(Map.of("account", client.account()))).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("6. Check that the \"url\" parameters of the inner and outer JWSs are the same")
    void theUrlsAreTheSame() {
        change(inner().with("url", client.account())).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The inner JWS MUST omit the \"nonce\" header parameter")
    void theInnerJwsHasNoNonce() {
        change(inner().with("nonce", client.nonce())).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("7. Check that the \"account\" field contains the URL for the account matching the old key")
    void theAccountIsThatOfTheOldKey() {
        change(inner().payload(Map.of("account", client.account() + "0", "oldKey", Jws.jwk(client.key()))))
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("8. Check that the \"oldKey\" field is the same as the account key for the account in question")
    void theOldKeyIsThatOfTheAccount() {
        change(inner().payload(Map.of("account", client.account(), "oldKey", Jws.jwk(newKey))))
                .requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("9. If there is an existing account with the new key, return 409 (Conflict) and its URL in Location")
    void theNewKeyIsNobodysKey() {
        WireClient other = WireClient.stranger(server, newKey, "ES256");
        other.register(Map.of("termsOfServiceAgreed", true));

        Reply refused = change(inner()).requireProblem(409, "malformed");

        assertThat(refused.header("Location")).isEqualTo(other.account());
    }
}
