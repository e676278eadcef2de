package dev.gatehouse.tls.internal.der;

import static dev.gatehouse.tls.internal.der.DerReader.INTEGER;
import static dev.gatehouse.tls.internal.der.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.der.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/** Computes public keys from private ones, in the form that certificates have them. */
final class PublicKeyDerivation {

    private static final int EC_PARAMETERS = 0xa0;
    private static final int EC_PUBLIC_KEY = 0xa1;
    private static final byte UNCOMPRESSED = 4;

    private PublicKeyDerivation() {}

    /** The public half that an {@code ECPrivateKey} (RFC 5915) brings along, as an uncompressed point, or null. */
    static byte @Nullable [] publicHalfOfEc(DerReader secret) {
        try {
            DerReader key = secret.enter(SEQUENCE).skip(INTEGER).skip(OCTET_STRING);
            key.skipIfAt(EC_PARAMETERS);
            if (!key.isAt(EC_PUBLIC_KEY)) {
                return null;
            }
            byte[] point = key.enter(EC_PUBLIC_KEY).bits().rest();
            return point.length > 0 && point[0] == UNCOMPRESSED ? point : null;
        } catch (CredentialException malformed) {
            return null;
        }
    }

    /** Of an {@code ECPrivateKey} (RFC 5915), whose public half is not looked at. */
    static byte[] ofEc(NamedCurve curve, DerReader secret) {
        try {
            BigInteger number =
                    new BigInteger(1, secret.enter(SEQUENCE).skip(INTEGER).content(OCTET_STRING));
            return curve.basePoint().times(number).normalize().getEncoded(false);
        } catch (RuntimeException malformed) {
            throw malformed(KeyAlgorithm.EC, malformed);
        }
    }

    /** Of an {@code RSAPrivateKey} (RFC 8017, appendix A.1.2) or a {@code CurvePrivateKey} (RFC 8410). */
    static byte[] of(KeyAlgorithm algorithm, DerReader secret) {
        try {
            return switch (algorithm) {
                case RSA -> rsaNumbers(secret.enter(SEQUENCE).skip(INTEGER));
                case ED25519 ->
                    new Ed25519PrivateKeyParameters(secret.content(OCTET_STRING))
                            .generatePublicKey()
                            .getEncoded();
                case ED448 ->
                    new Ed448PrivateKeyParameters(secret.content(OCTET_STRING))
                            .generatePublicKey()
                            .getEncoded();
                case EC -> throw new IllegalStateException("the curve is missing");
            };
        } catch (RuntimeException malformed) {
            throw malformed(algorithm, malformed);
        }
    }

    private static CredentialException malformed(KeyAlgorithm algorithm, RuntimeException cause) {
        return new CredentialException(
                "The private key (" + algorithm.type() + ") is malformed: " + cause.getMessage()
                        + ". Give the key that the certificate was requested with.",
                cause);
    }

    private static byte[] rsaNumbers(DerReader key) {
        BigInteger modulus = number(key);
        BigInteger e = number(key);
        BigInteger d = number(key);
        BigInteger p = number(key);
        BigInteger q = number(key);
        BigInteger pLess = p.subtract(BigInteger.ONE);
        BigInteger qLess = q.subtract(BigInteger.ONE);
        boolean isConsistent = p.multiply(q).equals(modulus)
                && isInverse(e, number(key), pLess)
                && isInverse(e, number(key), qLess)
                && isInverse(e, d, pLess)
                && isInverse(e, d, qLess)
                && isInverse(q, number(key), p);
        if (!isConsistent) {
            throw new IllegalArgumentException("its numbers do not belong together");
        }
        return DerWriter.element(
                SEQUENCE,
                DerWriter.element(INTEGER, modulus.toByteArray()),
                DerWriter.element(INTEGER, e.toByteArray()));
    }

    private static BigInteger number(DerReader key) {
        return new BigInteger(key.integer());
    }

    private static boolean isInverse(BigInteger number, BigInteger inverse, BigInteger modulus) {
        return number.multiply(inverse).mod(modulus).equals(BigInteger.ONE);
    }
}
