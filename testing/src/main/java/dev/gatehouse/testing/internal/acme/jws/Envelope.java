package dev.gatehouse.testing.internal.acme.jws;

import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.wire.Base64Url;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON web signature in flattened JSON serialization (RFC 7515 section 7.2.2) as RFC 8555 section 6.2 narrows it: one
 * signature, a protected header only. Parsing it proves nothing; {@link #verify} does.
 */
final class Envelope {
    /** The signature algorithms of accounts. */
    static final List<String> ACCOUNT_ALGORITHMS = List.of("ES256", "ES384", "ES512", "EdDSA", "RS256");

    /** The algorithms of an external account binding. */
    static final List<String> MAC_ALGORITHMS = List.of("HS256", "HS384", "HS512");

    private final String protectedPart;
    private final String payloadPart;
    private final String signaturePart;
    private final JsonObject header;
    private final String payload;

    private Envelope(String protectedPart, String payloadPart, String signaturePart) throws ProblemException {
        this.protectedPart = protectedPart;
        this.payloadPart = payloadPart;
        this.signaturePart = signaturePart;
        this.header = JsonObject.parse(decode(protectedPart, "protected"), "Protected header");
        if (header.has("b64")) {
            throw malformed("The protected header has the member 'b64'. Leave it out: ACME encodes every payload.");
        }
        this.payload = decode(payloadPart, "payload");
    }

    /**
     * Takes the parts out of a JWS.
     *
     * @throws ProblemException {@code malformed} when it is not of the one form that ACME allows
     */
    static Envelope parse(JsonObject json) throws ProblemException {
        if (json.has("signatures") || json.has("header")) {
            throw malformed("The JWS has an unprotected header or several signatures. Send the flattened form, with"
                    + " 'protected', 'payload' and 'signature' only.");
        }
        return new Envelope(
                json.requireString("protected"), json.requireString("payload"), json.requireString("signature"));
    }

    /** {@return the protected header} */
    JsonObject header() {
        return header;
    }

    /** {@return the decoded payload, which is empty for a POST-as-GET request} */
    String payload() {
        return payload;
    }

    /**
     * Insists on an algorithm out of a list.
     *
     * @throws ProblemException {@code badSignatureAlgorithm} with that list
     */
    void requireAlgorithm(List<String> accepted) throws ProblemException {
        String algorithm = header.requireString("alg");
        if (!accepted.contains(algorithm)) {
            throw Problem.of(
                            ProblemType.BAD_SIGNATURE_ALGORITHM,
                            "The JWS is signed with alg " + Text.quote(algorithm) + ". Use one of "
                                    + String.join(", ", accepted) + ".")
                    .withAlgorithms(accepted)
                    .exception();
        }
    }

    /** {@return the key in the {@code jwk} member, null when there is none} */
    @Nullable
    AccountKey embeddedKey() throws ProblemException {
        JsonObject jwk = header.object("jwk");
        return jwk == null ? null : Jwk.parse(jwk);
    }

    /**
     * Verifies the signature or the MAC.
     *
     * @param key a public key, or a secret key
     * @param accepted the algorithms that are accepted
     * @throws ProblemException {@code malformed} when it was not made by this key over these very bytes
     */
    void verify(Key key, List<String> accepted) throws ProblemException {
        requireAlgorithm(accepted);
        if (!isSignedBy(key, accepted)) {
            throw malformed("The signature of the JWS does not verify with its key. Sign the ASCII bytes of protected,"
                    + " a dot and payload with the key that the protected header names.");
        }
    }

    private boolean isSignedBy(Key key, List<String> accepted) throws ProblemException {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(
                    new AlgorithmConstraints(ConstraintType.PERMIT, accepted.toArray(String[]::new)));
            signature.setCompactSerialization(protectedPart + "." + payloadPart + "." + signaturePart);
            signature.setKey(key);
            return signature.verifySignature();
        } catch (JoseException e) {
            throw malformed("The JWS cannot be verified (" + Text.reason(e) + "). Use a key that fits its alg.");
        }
    }

    private static String decode(String part, String member) throws ProblemException {
        return new String(Base64Url.decode(part, "Member '" + member + "' of the JWS"), StandardCharsets.UTF_8);
    }

    private static ProblemException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED, detail).exception();
    }
}
