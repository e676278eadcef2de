package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import dev.gatehouse.tls.internal.der.KeyAlgorithm;
import java.security.PrivateKey;

/** The private key of a credential: as bytes if it has an encoding, and as the object if it stands for one in a device. */
sealed interface CredentialKey {

    /** The family of the key. */
    KeyType type();

    /**
     * The key for signing.
     *
     * @throws CredentialException if the JVM cannot read it
     */
    PrivateKey open();

    /**
     * Keeps a key in the smallest form that it has. Some providers give out an encoding that is no more than a handle, so
     * an encoding is used only if it is that of the certificate's key.
     *
     * @param key has signed what the certificate verifies
     */
    static CredentialKey of(PrivateKey key, EncodedCertificate certificate) {
        byte[] encoded = key.getEncoded();
        if (encoded != null) {
            try {
                EncodedPrivateKey read = EncodedPrivateKey.of(encoded.clone());
                if (read.publicKey().equals(certificate.publicKey())) {
                    return of(read);
                }
            } catch (CredentialException onlyItsProviderReadsIt) {
                return new Kept(KeyType.of(key), key);
            }
        }
        return new Kept(KeyType.of(key), key);
    }

    static CredentialKey of(EncodedPrivateKey key) {
        return new Sealed(key.algorithm(), key.pkcs8(), key.isProven());
    }

    /** PKCS #8 bytes, of which may have to be proven yet that they are the certificate's key. */
    record Sealed(KeyAlgorithm algorithm, byte[] pkcs8, boolean isProven) implements CredentialKey {

        @Override
        public KeyType type() {
            return algorithm.type();
        }

        @Override
        public PrivateKey open() {
            if (!isProven) {
                EncodedPrivateKey.believed(pkcs8).proven();
            }
            return algorithm.toPrivateKey(pkcs8);
        }
    }

    /** A key without an encoding, or with one that only its provider reads. */
    record Kept(KeyType type, PrivateKey key) implements CredentialKey {

        @Override
        public PrivateKey open() {
            return key;
        }
    }
}
