package dev.gatehouse.tls;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The families of keys that server certificates have, as far as the choice among them in a handshake goes. */
public enum KeyType {
    /** A key on a NIST curve, for ECDSA. */
    EC("EC"),
    /** An RSA key, for PKCS #1 or PSS signatures. */
    RSA("RSA"),
    /** An Ed25519 or Ed448 key. */
    EDDSA("EdDSA");

    private final String algorithm;

    KeyType(String algorithm) {
        this.algorithm = algorithm;
    }

    /**
     * Tells the family of a public or private key.
     *
     * @param key the key
     * @return its family
     * @throws IllegalArgumentException if servers cannot use such a key
     */
    public static KeyType of(Key key) {
        String algorithm = key.getAlgorithm().toUpperCase(Locale.ROOT);
        if (key instanceof ECKey || algorithm.equals("EC") || algorithm.equals("ECDSA")) {
            return EC;
        }
        if (algorithm.equals("RSA") || key instanceof RSAKey && !algorithm.contains("PSS")) {
            return RSA;
        }
        if (algorithm.startsWith("ED")) {
            return EDDSA;
        }
        throw new IllegalArgumentException(
                "Key algorithm '" + key.getAlgorithm() + "' cannot be used by a server. Use an EC or RSA key.");
    }

    /**
     * Reads the key type that a JSSE provider asks a key manager for. The JDK and Conscrypt say {@code EC} or
     * {@code RSA}; BouncyCastle says {@code EC/secp256r1} in TLS 1.3, and names the key exchange in TLS 1.2, where only the
     * last part of {@code ECDHE_RSA} tells the key.
     *
     * @param jsseKeyType what the provider asks for
     * @return the family, or empty if no credential can have such a key
     */
    static Optional<KeyType> ofJsse(String jsseKeyType) {
        String type = jsseKeyType.toUpperCase(Locale.ROOT);
        if (type.equals("RSA") || type.endsWith("_RSA")) {
            return Optional.of(RSA);
        }
        if (type.equals("EC") || type.startsWith("EC/") || type.endsWith("_ECDSA") || type.equals("EC_EC")) {
            return Optional.of(EC);
        }
        return type.startsWith("ED") ? Optional.of(EDDSA) : Optional.empty();
    }

    /**
     * Tells whether a client that lists signature algorithms can verify a signature by such a key.
     *
     * @param signatureAlgorithms JSSE names, such as {@code SHA256withECDSA}; none if the client's are not known
     */
    boolean isVerifiableWith(Collection<String> signatureAlgorithms) {
        if (signatureAlgorithms.isEmpty()) {
            return true;
        }
        for (String algorithm : signatureAlgorithms) {
            if (fits(algorithm)) {
                return true;
            }
        }
        return false;
    }

    boolean fits(String signatureAlgorithm) {
        boolean isEcdsa = endsWith(signatureAlgorithm, "ECDSA");
        return switch (this) {
            case EC -> isEcdsa;
            case RSA -> !isEcdsa && contains(signatureAlgorithm, "RSA");
            case EDDSA -> signatureAlgorithm.regionMatches(true, 0, "Ed", 0, 2);
        };
    }

    private static boolean endsWith(String text, String end) {
        return text.regionMatches(true, text.length() - end.length(), end, 0, end.length());
    }

    private static boolean contains(String text, String part) {
        for (int i = 0; i <= text.length() - part.length(); i++) {
            if (text.regionMatches(true, i, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }

    /** A signature algorithm that keys of this type have in every JVM. */
    String signatureAlgorithm() {
        return switch (this) {
            case EC -> "SHA256withECDSA";
            case RSA -> "SHA256withRSA";
            case EDDSA -> "EdDSA";
        };
    }

    /** {@return the JCA name of the algorithm} */
    @Override
    public String toString() {
        return algorithm;
    }
}
