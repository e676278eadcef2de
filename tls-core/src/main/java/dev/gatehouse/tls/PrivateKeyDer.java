package dev.gatehouse.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * A private key in PKCS #8, and the proof whose it is: the public key is computed from the private one and compared. That
 * shows as much as a signature that verifies, for a tenth of its price on JDK 17. A public key that the encoding may
 * bring along is not believed.
 */
final class PrivateKeyDer {

    private static final Map<ASN1ObjectIdentifier, KeyType> TYPES = Map.of(
            X9ObjectIdentifiers.id_ecPublicKey, KeyType.EC,
            PKCSObjectIdentifiers.rsaEncryption, KeyType.RSA,
            EdECObjectIdentifiers.id_Ed25519, KeyType.EDDSA,
            EdECObjectIdentifiers.id_Ed448, KeyType.EDDSA);

    /** The curves of TLS 1.3 (RFC 8446, section 4.2.3), which every JVM has. */
    private static final Map<ASN1ObjectIdentifier, X9ECParameters> CURVES = Map.of(
            SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByName("P-256"),
            SECObjectIdentifiers.secp384r1, CustomNamedCurves.getByName("P-384"),
            SECObjectIdentifiers.secp521r1, CustomNamedCurves.getByName("P-521"));

    private final byte[] encoded;
    private final PrivateKeyInfo key;
    private final KeyType type;

    private PrivateKeyDer(byte[] encoded, PrivateKeyInfo key, KeyType type) {
        this.encoded = encoded;
        this.key = key;
        this.type = type;
    }

    /**
     * Reads a private key.
     *
     * @param pkcs8 its encoding; not kept
     * @throws CredentialException if it is malformed or servers cannot use such a key
     */
    static PrivateKeyDer of(byte[] pkcs8) {
        try {
            PrivateKeyInfo key = PrivateKeyInfo.getInstance(pkcs8);
            return new PrivateKeyDer(pkcs8.clone(), key, typeOf(key));
        } catch (CredentialException unusable) {
            throw unusable;
        } catch (RuntimeException malformed) {
            throw new CredentialException(
                    "The private key is malformed. Give it as PKCS #8: openssl pkcs8 -topk8 -nocrypt -in app.key",
                    malformed);
        }
    }

    private static KeyType typeOf(PrivateKeyInfo key) {
        ASN1ObjectIdentifier algorithm = key.getPrivateKeyAlgorithm().getAlgorithm();
        KeyType type = TYPES.get(algorithm);
        if (type == null) {
            throw new CredentialException(
                    "Key algorithm " + algorithm + " cannot be used by a server. Use an EC or RSA key.");
        }
        ASN1Encodable curve = key.getPrivateKeyAlgorithm().getParameters();
        if (type == KeyType.EC && !(curve instanceof ASN1ObjectIdentifier named && CURVES.containsKey(named))) {
            throw new CredentialException(
                    "The private key is on curve " + curve + ", which TLS 1.3 does not have. Use P-256 or P-384.");
        }
        return type;
    }

    KeyType type() {
        return type;
    }

    byte[] encoded() {
        return encoded;
    }

    /**
     * Computes the public key.
     *
     * @throws CredentialException if the private key is none
     */
    PublicHalf publicHalf() {
        try {
            byte[] bits = switch (type) {
                case EC -> ecPoint();
                case RSA -> rsaNumbers();
                case EDDSA -> edwardsPoint();
            };
            return new PublicHalf(key.getPrivateKeyAlgorithm().getAlgorithm(), bits);
        } catch (IOException | RuntimeException malformed) {
            throw new CredentialException(
                    "The private key (" + type + ") is malformed: " + malformed.getMessage()
                            + ". Give the key that the certificate was requested with.",
                    malformed);
        }
    }

    private byte[] ecPoint() throws IOException {
        ASN1Encodable curve = key.getPrivateKeyAlgorithm().getParameters();
        X9ECParameters parameters = Objects.requireNonNull(CURVES.get((ASN1ObjectIdentifier) curve), "curve");
        BigInteger scalar = ECPrivateKey.getInstance(key.parsePrivateKey()).getKey();
        if (scalar.signum() <= 0 || scalar.compareTo(parameters.getN()) >= 0) {
            throw new IllegalArgumentException("its number is out of range");
        }
        return new FixedPointCombMultiplier()
                .multiply(parameters.getG(), scalar)
                .normalize()
                .getEncoded(false);
    }

    private byte[] rsaNumbers() throws IOException {
        RSAPrivateKey rsa = RSAPrivateKey.getInstance(key.parsePrivateKey());
        BigInteger p = rsa.getPrime1();
        BigInteger q = rsa.getPrime2();
        BigInteger e = rsa.getPublicExponent();
        boolean isConsistent = p.multiply(q).equals(rsa.getModulus())
                && isInverse(e, rsa.getExponent1(), p.subtract(BigInteger.ONE))
                && isInverse(e, rsa.getExponent2(), q.subtract(BigInteger.ONE))
                && isInverse(e, rsa.getPrivateExponent(), p.subtract(BigInteger.ONE))
                && isInverse(e, rsa.getPrivateExponent(), q.subtract(BigInteger.ONE))
                && isInverse(q, rsa.getCoefficient(), p);
        if (!isConsistent) {
            throw new IllegalArgumentException("its numbers do not belong together");
        }
        return new RSAPublicKey(rsa.getModulus(), e).getEncoded();
    }

    private static boolean isInverse(BigInteger number, BigInteger inverse, BigInteger modulus) {
        return number.multiply(inverse).mod(modulus).equals(BigInteger.ONE);
    }

    private byte[] edwardsPoint() throws IOException {
        byte[] seed = ASN1OctetString.getInstance(key.parsePrivateKey()).getOctets();
        boolean is25519 = key.getPrivateKeyAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519);
        return is25519
                ? new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded()
                : new Ed448PrivateKeyParameters(seed).generatePublicKey().getEncoded();
    }

    /** The public key that a private key has. */
    static final class PublicHalf {

        private final ASN1ObjectIdentifier algorithm;
        private final byte[] bits;

        private PublicHalf(ASN1ObjectIdentifier algorithm, byte[] bits) {
            this.algorithm = algorithm;
            this.bits = bits;
        }

        /** The points of the curves differ in length, so there is no need to compare the curves. */
        boolean isIn(CertificateDer certificate) {
            SubjectPublicKeyInfo theirs = certificate.publicKey();
            return theirs.getAlgorithm().getAlgorithm().equals(algorithm)
                    && theirs.getPublicKeyData().getPadBits() == 0
                    && Arrays.equals(bits, theirs.getPublicKeyData().getOctets());
        }
    }
}
