package dev.gatehouse.tls.source;

import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import dev.gatehouse.tls.internal.der.SubjectPublicKey;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A private key of a file. The key itself is here until a credential was made of it, which keeps it from then on; after
 * that only what is needed to recognise its certificate, and it is read again at need. So keys are in memory once.
 */
final class PemKey {

    private final PemFile.Place place;
    private final SubjectPublicKey publicKey;
    private final Supplier<EncodedPrivateKey> readAgain;
    private volatile @Nullable EncodedPrivateKey encoded;

    PemKey(PemFile.Place place, EncodedPrivateKey encoded, Supplier<EncodedPrivateKey> readAgain) {
        this.place = place;
        this.publicKey = encoded.publicKey();
        this.encoded = encoded;
        this.readAgain = readAgain;
    }

    SubjectPublicKey publicKey() {
        return publicKey;
    }

    String file() {
        return place.name();
    }

    @Nullable
    Path path() {
        return place.path();
    }

    /**
     * The key itself.
     *
     * @throws dev.gatehouse.tls.CredentialException if it has to be read again and that fails
     */
    EncodedPrivateKey encoded() {
        EncodedPrivateKey present = encoded;
        return present == null ? readAgain.get() : present;
    }

    void forget() {
        encoded = null;
    }

    /** {@return where the key is; nothing of it} */
    @Override
    public String toString() {
        return "private key in " + place.name();
    }
}
