package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Finds the certificate of a private key: for an object by signing a probe, the one check that works for every key and
 * provider, and for an encoding by computing its public key.
 */
final class KeyMatch {

    private static final byte[] PROBE = "gatehouse key match".getBytes(StandardCharsets.US_ASCII);

    private KeyMatch() {}

    static X509Certificate leafOf(PrivateKey key, List<X509Certificate> certificates) {
        requireSome(certificates);
        byte[] signature = sign(key);
        for (X509Certificate certificate : certificates) {
            if (verifies(certificate.getPublicKey(), key, signature)) {
                return certificate;
            }
        }
        throw mismatch(key.getAlgorithm(), SubjectNames.describe(certificates.get(0)), certificates.size());
    }

    static EncodedCertificate leafOf(EncodedPrivateKey key, List<EncodedCertificate> certificates) {
        requireSome(certificates);
        for (EncodedCertificate certificate : certificates) {
            if (key.publicKey().equals(certificate.publicKey())) {
                return certificate;
            }
        }
        throw mismatch(key.algorithm().type().toString(), certificates.get(0).describe(), certificates.size());
    }

    private static void requireSome(List<?> certificates) {
        if (certificates.isEmpty()) {
            throw new CredentialException("No certificate was given for the private key. Add the certificate chain.");
        }
    }

    private static CredentialException mismatch(String algorithm, String first, int certificates) {
        return new CredentialException("The private key (" + algorithm + ") does not belong to certificate " + first
                + (certificates > 1 ? " nor to the others of its chain" : "")
                + ". Give the key that the certificate was requested with.");
    }

    private static byte[] sign(PrivateKey key) {
        try {
            Signature signer = Signature.getInstance(KeyType.of(key).signatureAlgorithm());
            signer.initSign(key);
            signer.update(PROBE);
            return signer.sign();
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new CredentialException(
                    "The private key (" + key.getAlgorithm() + ") cannot sign: " + unusable.getMessage(), unusable);
        }
    }

    private static boolean verifies(PublicKey publicKey, PrivateKey key, byte[] signature) {
        if (!isSameFamily(publicKey, key)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(KeyType.of(key).signatureAlgorithm());
            verifier.initVerify(publicKey);
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException notItsKey) {
            return false;
        }
    }

    private static boolean isSameFamily(PublicKey publicKey, PrivateKey key) {
        try {
            return KeyType.of(publicKey) == KeyType.of(key);
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }
}
