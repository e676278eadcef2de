package dev.gatehouse.tls.source;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file, or another piece of PEM text, holds.
 *
 * @param place where it is from
 * @param certificates its certificates, in their order
 * @param keys its private keys, in their order
 * @param problem why it is of no use, or null; then it has neither certificates nor keys
 */
record PemFile(
        Place place,
        List<EncodedCertificate> certificates,
        List<PemKey> keys,
        @Nullable String problem) {

    /**
     * Where PEM text is from.
     *
     * @param name the file, or the word for what is none
     * @param path the file, or null
     */
    record Place(String name, @Nullable Path path) {

        static Place of(Path path) {
            return new Place(path.toString(), path);
        }
    }

    static PemFile unusable(Place place, String problem) {
        return new PemFile(place, List.of(), List.of(), problem);
    }

    String name() {
        return place.name();
    }
}
