package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.util.Map;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.3.4: External Account Binding")
class Rfc8555Section734ExternalAccountBindingTest extends AgainstServer {
    private static final byte[] MAC_KEY = "0123456789abcdef0123456789abcdef".getBytes();

    private WireClient stranger;

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.externalAccount("kid-1", Issuance.encode(MAC_KEY)).allowUnboundAccounts();
    }

    /** A right binding of the stranger's key. */
    private Jws binding() {
        stranger = WireClient.stranger(server);
        return new Jws()
                .with("alg", "HS256")
                .with("kid", "kid-1")
                .with("url", stranger.url("newAccount"))
                .payload(Jws.jwk(stranger.key()));
    }

    private Reply register(Map<String, Object> binding) {
        return stranger.register(Map.of("termsOfServiceAgreed", true, "externalAccountBinding", binding));
    }

    private Reply register(Jws binding) {
        return register(binding.sign(new HmacKey(MAC_KEY)));
    }

    @Test
    @DisplayName("If verification succeeds, the server creates the account")
    void rightBindingsAreTaken() {
        register(binding()).requireStatus(201);
    }

    @Test
    @DisplayName("The \"alg\" field MUST indicate a MAC-based algorithm")
    void otherAlgorithmsAreRefused() {
        Jws binding = binding().with("alg", "ES256");

        register(binding.sign(stranger.key().getPrivate())).requireProblem(400, "badSignatureAlgorithm");
    }

    @Test
    @DisplayName("The \"nonce\" field MUST NOT be present")
    void noncesAreRefused() {
        register(binding().with("nonce", "bm9uY2U")).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The \"url\" field MUST be set to the same value as the outer JWS")
    void otherUrlsAreRefused() {
        register(binding().with("url", "https://other.example/")).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The payload MUST be the same key as in the outer JWS")
    void otherKeysAreRefused() {
        register(binding().payload(Jws.jwk(client.key()))).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("The \"kid\" field MUST contain the key identifier provided by the CA")
    void unknownKeyIdentifiersAreRefused() {
        register(binding().with("kid", "kid-2")).requireProblem(403, "unauthorized");
    }

    @Test
    @DisplayName("The CA MUST verify that the MAC was made with the key that it provided")
    void otherMacKeysAreRefused() {
        Jws binding = binding();

        register(binding.sign(new HmacKey(new byte[32]))).requireProblem(400, "malformed");
    }

    @Test
    @DisplayName("If \"externalAccountRequired\" is not true, an account MAY be created without a binding")
    void bindingsAreOptional() {
        assertThat(client.directory().object("meta")).doesNotContainKey("externalAccountRequired");
        assertThat(client.account()).isNotNull();
    }

    @Test
    @DisplayName(
            "If a CA requires a binding, newAccount requests without one MUST be refused: \"externalAccountRequired\"")
    void bindingsAreRequired() {
        try (AcmeTestServer strict = AcmeTestServer.builder()
                .externalAccount("kid-1", Issuance.encode(MAC_KEY))
                .start()) {
            WireClient unbound = WireClient.stranger(strict);

            assertThat(unbound.directory().object("meta")).containsEntry("externalAccountRequired", true);
            unbound.register(Map.of("termsOfServiceAgreed", true)).requireProblem(403, "externalAccountRequired");
        }
    }

    @Test
    @DisplayName("A binding that is no JWS is malformed")
    void nonsenseIsRefused() {
        binding();

        register(Map.of("protected", "e30")).requireProblem(400, "malformed");
    }
}
