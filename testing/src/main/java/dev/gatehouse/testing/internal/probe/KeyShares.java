package dev.gatehouse.testing.internal.probe;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** One key of each of the two groups that every server knows (RFC 8446 section 4.2.8). Immutable and thread safe. */
final class KeyShares {
    static final int X25519 = 0x001d;
    static final int SECP256R1 = 0x0017;

    private static final int X25519_BYTES = 32;
    private static final int P256_BYTES = 32;
    private static final int UNCOMPRESSED = 4;

    private final KeyPair x25519;
    private final KeyPair p256;

    KeyShares() {
        try {
            x25519 = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            p256 = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make keys for X25519 and P-256.", e);
        }
    }

    /** {@return what the client sends in the extension, both groups} */
    byte[] extension() {
        byte[] shares = new TlsOutput()
                .uint16(X25519)
                .vector16(encoded((XECPublicKey) x25519.getPublic()))
                .uint16(SECP256R1)
                .vector16(encoded((ECPublicKey) p256.getPublic()))
                .toByteArray();
        return new TlsOutput().vector16(shares).toByteArray();
    }

    /** {@return the shared secret} */
    byte[] agree(int group, byte[] serverShare) throws HelloException {
        try {
            return switch (group) {
                case X25519 -> agree("X25519", x25519, x25519Key(serverShare));
                case SECP256R1 -> agree("ECDH", p256, p256Key(serverShare));
                default ->
                    throw new HelloException("The server chose group " + group + ", of which it got no key share.");
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new HelloException("The key share of the server is none of its group: " + e.getMessage());
        }
    }

    private static byte[] agree(String algorithm, KeyPair own, PublicKey other) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
        agreement.init(own.getPrivate());
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }

    private static byte[] encoded(XECPublicKey key) {
        return reversed(fixed(key.getU(), X25519_BYTES));
    }

    private static byte[] encoded(ECPublicKey key) {
        return new TlsOutput()
                .uint8(UNCOMPRESSED)
                .raw(fixed(key.getW().getAffineX(), P256_BYTES))
                .raw(fixed(key.getW().getAffineY(), P256_BYTES))
                .toByteArray();
    }

    private static PublicKey x25519Key(byte[] share) throws GeneralSecurityException {
        BigInteger u = new BigInteger(1, reversed(share));
        return KeyFactory.getInstance("X25519").generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, u));
    }

    private static PublicKey p256Key(byte[] share) throws GeneralSecurityException {
        if (share.length != 1 + 2 * P256_BYTES || share[0] != UNCOMPRESSED) {
            throw new IllegalArgumentException("a point of " + share.length + " bytes");
        }
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(share, 1, 1 + P256_BYTES));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(share, 1 + P256_BYTES, share.length));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[length];
        int count = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - count, fixed, length - count, count);
        return fixed;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
