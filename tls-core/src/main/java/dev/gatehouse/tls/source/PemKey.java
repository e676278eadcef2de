package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.pem.Digest;
import dev.gatehouse.tls.internal.pem.PublicKeyId;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A private key of a file. The key itself is here until a credential was made of it, which keeps it from then on; after
 * that only what is needed to recognise its certificate, and it is read again at need. So keys are in memory once.
 */
final class PemKey {

    private final PemFile.Place place;
    private final Supplier<byte[]> readAgain;
    private volatile byte @Nullable [] pkcs8;
    private volatile @Nullable PublicKeyId publicKey;

    PemKey(PemFile.Place place, byte[] pkcs8, Supplier<byte[]> readAgain) {
        this.place = place;
        this.publicKey = PublicKeyId.embeddedIn(pkcs8).orElse(null);
        this.pkcs8 = pkcs8;
        this.readAgain = readAgain;
    }

    /** Null as long as it would have to be computed, which is saved where a guess turns out to be right. */
    @Nullable
    PublicKeyId publicKey() {
        return publicKey;
    }

    /** Notes the public key of a certificate that this key was proven to belong to. */
    void belongsTo(PublicKeyId proven) {
        publicKey = proven;
    }

    /** Makes the public key known; that of a damaged key is one that no certificate has. */
    void computePublicKey() {
        if (publicKey == null) {
            byte[] present = pkcs8();
            try {
                publicKey = PublicKeyId.computed(present);
            } catch (CredentialException damaged) {
                publicKey = new PublicKeyId(Digest.of(present));
            }
        }
    }

    String file() {
        return place.name();
    }

    @Nullable
    Path path() {
        return place.path();
    }

    /**
     * The key as PKCS #8.
     *
     * @throws dev.gatehouse.tls.CredentialException if it has to be read again and that fails
     */
    byte[] pkcs8() {
        byte[] present = pkcs8;
        return present == null ? readAgain.get() : present;
    }

    void forget() {
        pkcs8 = null;
    }

    /** {@return where the key is; nothing of it} */
    @Override
    public String toString() {
        return "private key in " + place.name();
    }
}
