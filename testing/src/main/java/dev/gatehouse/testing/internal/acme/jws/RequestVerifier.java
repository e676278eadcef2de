package dev.gatehouse.testing.internal.acme.jws;

import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.state.Accounts;
import dev.gatehouse.testing.internal.acme.wire.Base64Url;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import dev.gatehouse.testing.internal.acme.wire.Urls;

/**
 * Decides who sent a request and whether it was meant for this resource. The order of the checks is deliberate: a
 * nonce is spent only by a request whose signature is good, so that nobody can spend another's.
 */
public final class RequestVerifier {
    private final Accounts accounts;
    private final Nonces nonces;
    private final Urls urls;

    /**
     * Verifies against the accounts and nonces of one server.
     *
     * @param accounts finds the key behind a {@code kid}
     * @param nonces knows which nonces are unused
     * @param urls makes account URLs
     */
    public RequestVerifier(Accounts accounts, Nonces nonces, Urls urls) {
        this.accounts = accounts;
        this.nonces = nonces;
        this.urls = urls;
    }

    /**
     * Verifies a request.
     *
     * @param body the request content
     * @param url the URL that it was sent to
     * @return who sent it, and what
     * @throws ProblemException {@code malformed}, {@code badSignatureAlgorithm}, {@code badPublicKey},
     *     {@code accountDoesNotExist}, {@code badNonce} or {@code unauthorized}
     */
    public SignedRequest verify(String body, String url) throws ProblemException {
        Envelope envelope = Envelope.parse(JsonObject.parse(body, "Request content"));
        envelope.requireAlgorithm(Envelope.ACCOUNT_ALGORITHMS);
        AccountKey embedded = envelope.embeddedKey();
        String keyId = envelope.header().string("kid");
        if (embedded != null && keyId == null) {
            return complete(envelope, url, new SignedRequest(url, embedded, null, envelope.payload()));
        }
        if (embedded == null && keyId != null) {
            Account account = accountNamed(keyId);
            return complete(envelope, url, new SignedRequest(url, account.key(), account, envelope.payload()));
        }
        throw Problem.of(
                        ProblemType.MALFORMED,
                        "The protected header needs either 'jwk' or 'kid'. Send 'kid' once there is an account.")
                .exception();
    }

    private SignedRequest complete(Envelope envelope, String url, SignedRequest request) throws ProblemException {
        envelope.verify(request.key().publicKey(), Envelope.ACCOUNT_ALGORITHMS);
        requireUrl(envelope.header(), url);
        requireFreshNonce(envelope.header());
        return request;
    }

    private Account accountNamed(String keyId) throws ProblemException {
        String prefix = urls.account("");
        Account account = keyId.startsWith(prefix)
                ? accounts.find(keyId.substring(prefix.length())).orElse(null)
                : null;
        if (account == null) {
            throw Problem.of(
                            ProblemType.ACCOUNT_DOES_NOT_EXIST,
                            "No account has the URL " + Text.quote(keyId)
                                    + ". Create one; this server forgets its accounts when it stops.")
                    .exception();
        }
        if (!account.isValid()) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "Account " + account.id() + " is "
                                    + account.status().token() + ". Use another account.")
                    .withStatus(401)
                    .exception();
        }
        return account;
    }

    private static void requireUrl(JsonObject header, String url) throws ProblemException {
        String signed = header.requireString("url");
        if (!signed.equals(url)) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "The JWS was signed for url " + Text.quote(signed) + " and sent to " + url
                                    + ". Sign the very URL that is requested.")
                    .withStatus(401)
                    .exception();
        }
    }

    private void requireFreshNonce(JsonObject header) throws ProblemException {
        String nonce = header.requireString("nonce");
        if (!Base64Url.isEncoded(nonce)) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "Nonce " + Text.quote(nonce) + " is not base64url. Send the value of a Replay-Nonce field.")
                    .exception();
        }
        if (!nonces.use(nonce)) {
            throw Problem.of(
                            ProblemType.BAD_NONCE,
                            "Nonce " + Text.quote(nonce) + " was used already or never handed out."
                                    + " Try again with the Replay-Nonce of this response.")
                    .exception();
        }
    }
}
