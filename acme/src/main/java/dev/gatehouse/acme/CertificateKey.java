package dev.gatehouse.acme;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of private keys that certificates are issued for. */
public enum CertificateKey {
    /** ECDSA on P-256: small and quick, taken by every client of today. The usual one. */
    EC_P256("EC", new ECGenParameterSpec("secp256r1")),
    /** ECDSA on P-384. */
    EC_P384("EC", new ECGenParameterSpec("secp384r1")),
    /** RSA with 2048 bits, for clients that know no ECDSA. */
    RSA_2048("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)),
    /** RSA with 4096 bits; making one takes about a second. */
    RSA_4096("RSA", new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4)),
    /** Ed25519 (RFC 8410), which public authorities and browsers do not take. */
    ED25519("Ed25519", NamedParameterSpec.ED25519);

    private final String algorithm;
    private final AlgorithmParameterSpec parameters;

    CertificateKey(String algorithm, AlgorithmParameterSpec parameters) {
        this.algorithm = algorithm;
        this.parameters = parameters;
    }

    /** {@return a new key pair; takes up to some seconds for {@link #RSA_4096}, else up to some tenths of one} */
    public KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (this != ED25519) {
                generator.initialize(parameters);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every JVM makes keys of the kind " + this, impossible);
        }
    }
}
