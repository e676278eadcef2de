package dev.gatehouse.testing.internal.acme.jws;

import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Binds new accounts to accounts elsewhere (RFC 8555 section 7.3.4). */
public final class ExternalAccounts {
    private final Map<String, SecretKey> keys;
    private final boolean required;

    /**
     * Knows some external accounts.
     *
     * @param keys the MAC keys by key identifier; none if no binding is known
     * @param required whether new accounts have to be bound
     */
    public ExternalAccounts(Map<String, SecretKey> keys, boolean required) {
        this.keys = Map.copyOf(keys);
        this.required = required;
    }

    /** {@return whether new accounts have to be bound} */
    public boolean areRequired() {
        return required;
    }

    /**
     * Verifies the binding of a new account.
     *
     * @param binding the member {@code externalAccountBinding}, null when it is missing
     * @param accountKey the key of the new account
     * @param url the URL of the request
     * @return the key identifier, null when the account is not bound
     * @throws ProblemException {@code externalAccountRequired}, {@code malformed}, {@code badSignatureAlgorithm} or
     *     {@code unauthorized}
     */
    public @Nullable String verify(@Nullable JsonObject binding, AccountKey accountKey, String url)
            throws ProblemException {
        if (keys.isEmpty() || (binding == null && !required)) {
            return null;
        }
        if (binding == null) {
            throw Problem.of(
                            ProblemType.EXTERNAL_ACCOUNT_REQUIRED,
                            "New accounts have to be bound to an external account. Send 'externalAccountBinding', made with"
                                    + " the key identifier and the MAC key of this server's settings.")
                    .exception();
        }
        Envelope envelope = Envelope.parse(binding);
        String keyId = envelope.header().requireString("kid");
        verifyMac(envelope, keyId);
        requireSameRequest(envelope, accountKey, url);
        return keyId;
    }

    private void verifyMac(Envelope envelope, String keyId) throws ProblemException {
        SecretKey key = keys.get(keyId);
        if (key == null) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "External account " + Text.quote(keyId)
                                    + " is not known. Use one of this server's settings.")
                    .exception();
        }
        envelope.verify(key, Envelope.MAC_ALGORITHMS);
    }

    private static void requireSameRequest(Envelope envelope, AccountKey accountKey, String url)
            throws ProblemException {
        if (envelope.header().has("nonce")
                || !envelope.header().requireString("url").equals(url)) {
            throw malformed("Its header needs the url of the request, and no nonce.");
        }
        AccountKey bound = Jwk.parse(JsonObject.parse(envelope.payload(), "External account binding"));
        if (!bound.thumbprint().equals(accountKey.thumbprint())) {
            throw malformed("Its payload is another key than that of the request. Send the key of the account.");
        }
    }

    private static ProblemException malformed(String why) {
        return Problem.of(ProblemType.MALFORMED, "The external account binding does not belong to its request. " + why)
                .exception();
    }
}
