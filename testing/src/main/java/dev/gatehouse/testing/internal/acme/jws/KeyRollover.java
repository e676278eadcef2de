package dev.gatehouse.testing.internal.acme.jws;

import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;

/** The request for a new account key, which both keys sign (RFC 8555 section 7.3.5). */
public final class KeyRollover {

    private KeyRollover() {}

    /**
     * Verifies the inner signature, which proves that the client has the new key.
     *
     * @param request the request, signed with the old key
     * @param account its account
     * @param accountUrl the URL of this account
     * @return the new key
     * @throws ProblemException {@code malformed}, {@code badSignatureAlgorithm} or {@code badPublicKey}
     */
    public static AccountKey newKey(SignedRequest request, Account account, String accountUrl) throws ProblemException {
        Envelope inner = Envelope.parse(request.json());
        AccountKey newKey = inner.embeddedKey();
        if (newKey == null) {
            throw malformed("The inner JWS has no 'jwk'. Put the new key there.");
        }
        inner.verify(newKey.publicKey(), Envelope.ACCOUNT_ALGORITHMS);
        if (inner.header().has("nonce") || !inner.header().requireString("url").equals(request.url())) {
            throw malformed("The header of the inner JWS needs the url of the outer one, and no nonce.");
        }
        JsonObject payload = JsonObject.parse(inner.payload(), "Inner payload");
        if (!payload.requireString("account").equals(accountUrl)) {
            throw malformed("Inner payload: member 'account' is not the account that signed. Send " + accountUrl + ".");
        }
        if (!Jwk.parse(payload.requireObject("oldKey"))
                .thumbprint()
                .equals(account.key().thumbprint())) {
            throw malformed("Inner payload: member 'oldKey' is not the key of the account. Send its present key.");
        }
        return newKey;
    }

    private static ProblemException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED, detail).exception();
    }
}
