package dev.gatehouse.tls.internal.der;

import static dev.gatehouse.tls.internal.der.DerReader.INTEGER;
import static dev.gatehouse.tls.internal.der.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.der.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.der.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import java.security.PrivateKey;

/**
 * A private key in PKCS #8 (RFC 5208), and the proof whose it is: its public key, computed from it once. That shows as much
 * as a signature that verifies, for a tenth of its price on JDK 17.
 *
 * <p>An EC key may bring its public half along. That half may be believed for a while, where a hundred thousand keys are
 * matched to their certificates; the proof is made up for before the key signs anything. Immutable.
 */
public final class EncodedPrivateKey {

    private final byte[] pkcs8;
    private final SubjectPublicKey publicKey;
    private final boolean isProven;

    private EncodedPrivateKey(byte[] pkcs8, SubjectPublicKey publicKey, boolean isProven) {
        this.pkcs8 = pkcs8;
        this.publicKey = publicKey;
        this.isProven = isProven;
    }

    /**
     * Reads a private key.
     *
     * @param pkcs8 its encoding; belongs to the result from now on
     * @return the key
     * @throws CredentialException if it is malformed or servers cannot use such a key
     */
    public static EncodedPrivateKey of(byte[] pkcs8) {
        return read(pkcs8, false);
    }

    /**
     * Reads a private key, and believes the public half that it brings along, if it does.
     *
     * @param pkcs8 its encoding; belongs to the result from now on
     * @return the key, which may have to be {@linkplain #proven() proven} yet
     * @throws CredentialException if it is malformed or servers cannot use such a key
     */
    public static EncodedPrivateKey believed(byte[] pkcs8) {
        return read(pkcs8, true);
    }

    private static EncodedPrivateKey read(byte[] pkcs8, boolean believesPublicHalf) {
        DerReader identifier;
        DerReader oid;
        DerReader secret;
        try {
            DerReader key = DerReader.of(pkcs8).enterOnly(SEQUENCE).skip(INTEGER);
            identifier = key.enter(SEQUENCE);
            oid = identifier.enter(OBJECT_IDENTIFIER);
            secret = key.enter(OCTET_STRING);
        } catch (CredentialException malformed) {
            throw new CredentialException(
                    "The private key is malformed. Give it as PKCS #8: openssl pkcs8 -topk8 -nocrypt -in app.key",
                    malformed);
        }
        KeyAlgorithm algorithm = KeyAlgorithm.required(oid);
        if (algorithm != KeyAlgorithm.EC) {
            byte[] bits = PublicKeyDerivation.of(algorithm, secret);
            return new EncodedPrivateKey(pkcs8, new SubjectPublicKey(algorithm, Octets.of(bits)), true);
        }
        NamedCurve curve = NamedCurve.of(identifier);
        byte[] publicHalf = believesPublicHalf ? PublicKeyDerivation.publicHalfOfEc(secret.copy()) : null;
        byte[] bits = publicHalf == null ? PublicKeyDerivation.ofEc(curve, secret) : publicHalf;
        return new EncodedPrivateKey(pkcs8, new SubjectPublicKey(algorithm, Octets.of(bits)), publicHalf == null);
    }

    /** {@return whether the public key was computed, and not just believed} */
    public boolean isProven() {
        return isProven;
    }

    /**
     * Proves that the public key is that of the private one.
     *
     * @return the same key, proven
     * @throws CredentialException if it is that of another one
     */
    public EncodedPrivateKey proven() {
        if (isProven) {
            return this;
        }
        EncodedPrivateKey proven = of(pkcs8);
        if (!proven.publicKey.equals(publicKey)) {
            throw new CredentialException("The private key (" + algorithm().type()
                    + ") is malformed: the public key in its file is that of another private key. Write the file anew:"
                    + " openssl ec -in app.key -out app.new.key");
        }
        return proven;
    }

    /** {@return the PKCS #8 encoding; not to be changed} */
    public byte[] pkcs8() {
        return pkcs8;
    }

    /** {@return what it is for} */
    public KeyAlgorithm algorithm() {
        return publicKey.algorithm();
    }

    /** {@return the public key that this private key has} */
    public SubjectPublicKey publicKey() {
        return publicKey;
    }

    /**
     * Makes the key for signing.
     *
     * @return a new object
     * @throws CredentialException if the JVM cannot read it
     */
    public PrivateKey toPrivateKey() {
        return algorithm().toPrivateKey(pkcs8);
    }

    /** {@return the algorithm; nothing secret} */
    @Override
    public String toString() {
        return "private key (" + algorithm() + ")";
    }
}
