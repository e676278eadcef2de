package dev.gatehouse.tls.internal.der;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.KeyType;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The algorithms of keys that servers can use, by their object identifiers. */
public enum KeyAlgorithm {
    /** RSA with any signature scheme (RFC 8017). */
    RSA(KeyType.RSA, "2a864886f70d010101"),
    /** A key on a {@link NamedCurve} (RFC 5480). */
    EC(KeyType.EC, "2a8648ce3d0201"),
    /** Ed25519 (RFC 8410). */
    ED25519(KeyType.EDDSA, "2b6570"),
    /** Ed448 (RFC 8410). */
    ED448(KeyType.EDDSA, "2b6571");

    private static final KeyAlgorithm[] ALL = values();

    private static final Map<String, String> UNUSABLE =
            Map.of("2a864886f70d01010a", "RSASSA-PSS", "2a8648ce380401", "DSA", "2b656e", "X25519", "2b656f", "X448");

    private final KeyType type;
    private final byte[] oid;

    KeyAlgorithm(KeyType type, String oid) {
        this.type = type;
        this.oid = HexFormat.of().parseHex(oid);
    }

    /** Null if it is none of these. */
    static @Nullable KeyAlgorithm ofIdentifier(DerReader oid) {
        for (KeyAlgorithm algorithm : ALL) {
            if (oid.contentEquals(algorithm.oid)) {
                return algorithm;
            }
        }
        return null;
    }

    static KeyAlgorithm required(DerReader oid) {
        KeyAlgorithm algorithm = ofIdentifier(oid);
        if (algorithm == null) {
            String hex = HexFormat.of().formatHex(oid.rest());
            throw new CredentialException("The private key is for "
                    + UNUSABLE.getOrDefault(hex, "an algorithm (object identifier " + hex + " in DER)")
                    + ", which TLS servers cannot use with every client. Make an EC key:"
                    + " openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        }
        return algorithm;
    }

    /** {@return the content of the object identifier} */
    public byte[] oid() {
        return oid.clone();
    }

    /** {@return the family for the choice in a handshake} */
    public KeyType type() {
        return type;
    }

    /**
     * Makes a key for signing.
     *
     * @param pkcs8 the encoded key
     * @return the key of the first provider that takes it
     * @throws CredentialException if there is none
     */
    public PrivateKey toPrivateKey(byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(type.toString()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException unreadable) {
            throw new CredentialException(
                    "The private key (" + type + ") cannot be read by this JVM: " + unreadable.getMessage()
                            + ". Use an EC key on P-256 or an RSA key.",
                    unreadable);
        }
    }
}
