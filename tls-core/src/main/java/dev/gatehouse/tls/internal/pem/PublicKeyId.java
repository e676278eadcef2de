package dev.gatehouse.tls.internal.pem;

import static dev.gatehouse.tls.internal.pem.DerReader.BIT_STRING;
import static dev.gatehouse.tls.internal.pem.DerReader.INTEGER;
import static dev.gatehouse.tls.internal.pem.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.pem.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.pem.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tells public keys apart, so that a private key finds its certificate by one look into a map. It is the part of the key
 * that no encoding changes: the modulus of an RSA key, the x-coordinate of an EC key, the whole of others.
 *
 * @param value the digest of that part
 */
public record PublicKeyId(Digest value) {

    private static final int UNCOMPRESSED = 0x04;
    private static final int EC_PARAMETERS = 0xa0;
    private static final int EC_PUBLIC_KEY = 0xa1;

    /**
     * Reads the public half of a private key that has it along: RSA keys do, EC keys mostly.
     *
     * @param pkcs8 the private key, not encrypted
     * @return what its certificate has, too; or empty if it has to be {@linkplain #computed computed}
     * @throws CredentialException if the key is malformed, or of a type that servers cannot use
     */
    public static Optional<PublicKeyId> embeddedIn(byte[] pkcs8) {
        DerReader key = DerReader.of(pkcs8).enter(SEQUENCE).skip(INTEGER);
        DerReader algorithm = key.enter(SEQUENCE);
        KeyAlgorithm family = KeyAlgorithm.of(algorithm.content(OBJECT_IDENTIFIER));
        DerReader secret = key.enter(OCTET_STRING);
        return switch (family) {
            case RSA ->
                Optional.of(ofModulus(secret.enter(SEQUENCE).skip(INTEGER).content(INTEGER)));
            case EC -> {
                NamedCurve.of(algorithm);
                yield embeddedInEc(secret.enter(SEQUENCE));
            }
            case ED25519, ED448 -> Optional.empty();
        };
    }

    /**
     * Computes the public half of a private key, at a price of some 60 microseconds.
     *
     * @param pkcs8 the private key, not encrypted
     * @return what its certificate has, too
     * @throws CredentialException if the key is malformed, or of a type that servers cannot use
     */
    public static PublicKeyId computed(byte[] pkcs8) {
        DerReader key = DerReader.of(pkcs8).enter(SEQUENCE).skip(INTEGER);
        DerReader algorithm = key.enter(SEQUENCE);
        KeyAlgorithm family = KeyAlgorithm.of(algorithm.content(OBJECT_IDENTIFIER));
        DerReader secret = key.enter(OCTET_STRING);
        return switch (family) {
            case RSA -> ofModulus(secret.enter(SEQUENCE).skip(INTEGER).content(INTEGER));
            case EC ->
                ofPoint(PublicKeyDerivation.point(
                        NamedCurve.of(algorithm),
                        secret.enter(SEQUENCE).skip(INTEGER).content(OCTET_STRING)));
            case ED25519, ED448 ->
                new PublicKeyId(Digest.of(PublicKeyDerivation.edwards(family, secret.content(OCTET_STRING))));
        };
    }

    /** Reads a {@code SubjectPublicKeyInfo}; the reader stands before the algorithm. */
    static PublicKeyId ofSubjectPublicKeyInfo(DerReader info) {
        DerReader algorithm = info.enter(SEQUENCE);
        byte[] oid = algorithm.content(OBJECT_IDENTIFIER);
        byte[] bits = bits(info.enter(BIT_STRING));
        if (KeyAlgorithm.RSA.hasOid(oid)) {
            return ofModulus(DerReader.of(bits).enter(SEQUENCE).content(INTEGER));
        }
        return KeyAlgorithm.EC.hasOid(oid) ? ofPoint(bits) : new PublicKeyId(Digest.of(bits));
    }

    private static Optional<PublicKeyId> embeddedInEc(DerReader secret) {
        secret.skip(INTEGER).skip(OCTET_STRING).skipIfAt(EC_PARAMETERS);
        return secret.isAt(EC_PUBLIC_KEY)
                ? Optional.of(ofPoint(bits(secret.enter(EC_PUBLIC_KEY).enter(BIT_STRING))))
                : Optional.empty();
    }

    private static PublicKeyId ofModulus(byte[] modulus) {
        return new PublicKeyId(Digest.of(modulus));
    }

    private static PublicKeyId ofPoint(byte[] point) {
        boolean hasBothCoordinates = point.length > 0 && point[0] == UNCOMPRESSED;
        int end = hasBothCoordinates ? 1 + (point.length - 1) / 2 : point.length;
        return new PublicKeyId(Digest.of(Arrays.copyOfRange(point, Math.min(1, end), end)));
    }

    private static byte[] bits(DerReader bitString) {
        byte[] withUnusedBits = bitString.rest();
        return Arrays.copyOfRange(withUnusedBits, Math.min(1, withUnusedBits.length), withUnusedBits.length);
    }
}
