package dev.gatehouse.testing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of key that a {@link TestCa} makes and signs with. */
public enum KeyAlgorithm {
    /** ECDSA on the curve P-256: fast, understood by every client, and the default. */
    EC_P256("EC", "secp256r1", "SHA256withECDSA"),
    /** ECDSA on the curve P-384. */
    EC_P384("EC", "secp384r1", "SHA384withECDSA"),
    /** RSA with 2048 bits: the size that public CAs still issue for. */
    RSA_2048("RSA", "2048", "SHA256withRSA"),
    /** RSA with 3072 bits; a key takes about a second to make. */
    RSA_3072("RSA", "3072", "SHA256withRSA"),
    /** RSA with 4096 bits; a key takes several seconds to make. */
    RSA_4096("RSA", "4096", "SHA256withRSA"),
    /** Ed25519: the JDK's TLS takes it, most browsers do not. */
    ED25519("Ed25519", "Ed25519", "Ed25519");

    private final String algorithm;
    private final String parameter;
    private final String signatureAlgorithm;

    KeyAlgorithm(String algorithm, String parameter, String signatureAlgorithm) {
        this.algorithm = algorithm;
        this.parameter = parameter;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    /**
     * Makes a key pair with the JDK's providers.
     *
     * @return a new key pair
     */
    public KeyPair generateKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make a key of kind " + this + ". Use another kind.", e);
        }
    }

    /** {@return the JCA name of the signature algorithm that such a key signs certificates with} */
    public String signatureAlgorithm() {
        return signatureAlgorithm;
    }

    private AlgorithmParameterSpec parameters() {
        return switch (algorithm) {
            case "EC" -> new ECGenParameterSpec(parameter);
            case "RSA" -> new RSAKeyGenParameterSpec(Integer.parseInt(parameter), RSAKeyGenParameterSpec.F4);
            default -> new NamedParameterSpec(parameter);
        };
    }
}
