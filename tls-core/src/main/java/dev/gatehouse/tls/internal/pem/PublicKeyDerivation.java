package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Computes public keys from private ones that do not have them along. */
final class PublicKeyDerivation {

    private PublicKeyDerivation() {}

    static byte[] point(NamedCurve curve, byte[] scalar) {
        X9ECParameters parameters = curve.parameters();
        BigInteger secret = new BigInteger(1, scalar);
        if (secret.signum() == 0 || secret.compareTo(parameters.getN()) >= 0) {
            throw new CredentialException(
                    "The private key is not a number of its curve. Copy the key again from its source.");
        }
        return new FixedPointCombMultiplier()
                .multiply(parameters.getG(), secret)
                .normalize()
                .getEncoded(false);
    }

    static byte[] edwards(KeyAlgorithm algorithm, byte[] secret) {
        try {
            return algorithm == KeyAlgorithm.ED25519
                    ? new Ed25519PrivateKeyParameters(secret)
                            .generatePublicKey()
                            .getEncoded()
                    : new Ed448PrivateKeyParameters(secret).generatePublicKey().getEncoded();
        } catch (IllegalArgumentException wrongLength) {
            throw new CredentialException(
                    "The private key has the wrong length. Copy the key again from its source.", wrongLength);
        }
    }
}
