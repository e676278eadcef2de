package dev.gatehouse.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;

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
    static CredentialKey of(PrivateKey key, CertificateDer certificate) {
        byte[] encoded = key.getEncoded();
        if (encoded != null) {
            try {
                PrivateKeyDer der = PrivateKeyDer.of(encoded);
                if (der.publicHalf().isIn(certificate)) {
                    return of(der);
                }
            } catch (CredentialException onlyItsProviderReadsIt) {
                return new Kept(KeyType.of(key), key);
            }
        }
        return new Kept(KeyType.of(key), key);
    }

    static CredentialKey of(PrivateKeyDer key) {
        return new Sealed(key.type(), key.encoded());
    }

    /** PKCS #8 bytes. */
    record Sealed(KeyType type, byte[] pkcs8) implements CredentialKey {

        @Override
        public PrivateKey open() {
            try {
                return KeyFactory.getInstance(type.toString()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException unreadable) {
                throw new CredentialException(
                        "The private key (" + type + ") cannot be read by this JVM: " + unreadable.getMessage()
                                + ". Issue a certificate for an EC key on P-256.",
                        unreadable);
            }
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
