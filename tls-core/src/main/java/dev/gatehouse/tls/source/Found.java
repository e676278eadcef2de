package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.internal.der.Digest;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A private key and its certificates, as a source has them now; not yet checked.
 *
 * @param place where they are, for messages; the next version of a credential is found at the same place
 * @param digest tells contents apart
 * @param files the files that they are in, if these may be half-written while others are good; null if the source is good
 *     or bad as a whole
 * @param credential makes the credential, or throws {@link dev.gatehouse.tls.CredentialException}
 */
record Found(String place, Digest digest, @Nullable Files files, Supplier<Credential> credential) {

    /** The files of a pair, which may be one and the same. */
    record Files(Path certificate, Path key) {

        boolean contain(@Nullable Path file) {
            return certificate.equals(file) || key.equals(file);
        }
    }

    /** {@return the place; nothing secret} */
    @Override
    public String toString() {
        return place;
    }
}
