package dev.gatehouse.testing.internal.acme.jws;

import dev.gatehouse.testing.internal.acme.state.AccountKey;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** Reads the public key in a {@code jwk} member and judges its strength. */
final class Jwk {
    private static final int RSA_SMALLEST = 2048;
    private static final int RSA_LARGEST = 4096;

    private static final List<String> CURVES = List.of("P-256", "P-384", "P-521");

    private Jwk() {}

    /**
     * Reads a key.
     *
     * @throws ProblemException {@code malformed} when it is no public key, {@code badPublicKey} when it is too weak
     */
    static AccountKey parse(JsonObject json) throws ProblemException {
        if (json.has("d")) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The jwk holds a private key. Make a new key, and send its public members only.")
                    .exception();
        }
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(json.members());
            requireStrength(jwk);
            return new AccountKey(jwk.getPublicKey(), jwk.calculateBase64urlEncodedThumbprint("SHA-256"));
        } catch (JoseException | IllegalArgumentException | ClassCastException e) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The jwk is not a usable public key (" + Text.reason(e)
                                    + "). Send an EC, OKP or RSA key as RFC 7517 says.")
                    .exception();
        }
    }

    private static void requireStrength(PublicJsonWebKey jwk) throws ProblemException {
        if (jwk instanceof EllipticCurveJsonWebKey curve) {
            String name = curve.getCurveName();
            if (!CURVES.contains(name)) {
                throw weak("Its curve is " + name + ". Use one of " + String.join(", ", CURVES) + ".");
            }
        } else if (jwk instanceof OctetKeyPairJsonWebKey pair) {
            if (!pair.getSubtype().equals(OctetKeyPairJsonWebKey.SUBTYPE_ED25519)) {
                throw weak("Its curve is " + pair.getSubtype() + ". Use Ed25519.");
            }
        } else {
            requireRsaSize(jwk.getPublicKey());
        }
    }

    private static void requireRsaSize(PublicKey key) throws ProblemException {
        int bits = ((RSAPublicKey) key).getModulus().bitLength();
        if (bits < RSA_SMALLEST || bits > RSA_LARGEST) {
            throw weak("It has " + bits + " bits. Use RSA with " + RSA_SMALLEST + " to " + RSA_LARGEST + " bits.");
        }
    }

    private static ProblemException weak(String why) {
        return Problem.of(ProblemType.BAD_PUBLIC_KEY, "The account key is not accepted. " + why)
                .exception();
    }
}
