package dev.gatehouse.testing.internal.acme.jws;

import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * A request whose signature, nonce and URL have been verified.
 *
 * @param url the URL that it was sent to
 * @param key the key that signed it
 * @param account the account that it named by {@code kid}; null when it carried its key as {@code jwk}
 * @param payload the decoded payload, empty for a POST-as-GET request
 */
public record SignedRequest(
        String url, AccountKey key, @Nullable Account account, String payload) {

    /** {@return whether it only reads (RFC 8555 section 6.3)} */
    public boolean isPostAsGet() {
        return payload.isEmpty();
    }

    /** {@return the account, for the resources that need one} */
    public Account requireAccount() throws ProblemException {
        if (account == null) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "This resource needs a JWS with 'kid', the URL of the account. Use 'jwk' for new accounts only.")
                    .exception();
        }
        return account;
    }

    /** {@return the payload as a JSON object} */
    public JsonObject json() throws ProblemException {
        return JsonObject.parse(payload, "Payload");
    }

    /**
     * Insists on a request that only reads.
     *
     * @throws ProblemException {@code malformed} when it has a payload
     */
    public void requirePostAsGet() throws ProblemException {
        if (!isPostAsGet()) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "This resource can only be read. Send a POST-as-GET request, whose payload is the empty string.")
                    .exception();
        }
    }
}
