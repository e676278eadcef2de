package dev.gatehouse.tls.source;

import dev.gatehouse.tls.source.Look.Reading;
import dev.gatehouse.tls.source.Look.Unusable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A few pieces of PEM text that were named one by one, and that therefore have to be good, all of them. */
final class PairedFiles {

    private PairedFiles() {}

    /**
     * Pairs the keys with the certificates.
     *
     * @param place the word for all of them in messages
     * @param files what they hold
     * @param paths where they are
     * @param content tells contents apart
     */
    static Look look(String place, Collection<PemFile> files, Set<Path> paths, Object content) {
        for (PemFile file : files) {
            if (file.problem() != null) {
                return new Unusable(
                        file.name().equals(place) ? file.problem() : file.name() + ": " + file.problem(), content);
            }
        }
        Pairing pairing = Pairing.of(List.copyOf(files));
        if (pairing.pairs().isEmpty()) {
            return new Unusable(whyNoPair(files), content);
        }
        List<Found> found = new ArrayList<>();
        for (Pairing.Pair pair : pairing.pairs()) {
            String name = pair.position() == 0 ? place : place + " certificate " + (pair.position() + 1);
            found.add(new Found(name, pair.digest(), null, pair::credential));
        }
        return new Reading(found, List.of(), paths);
    }

    private static String whyNoPair(Collection<PemFile> files) {
        List<String> certificates = new ArrayList<>();
        int keys = 0;
        for (PemFile file : files) {
            file.certificates().forEach(certificate -> certificates.add(certificate.toString()));
            keys += file.keys().size();
        }
        if (certificates.isEmpty()) {
            return "There is no CERTIFICATE section. Give the certificate chain as PEM.";
        }
        if (keys == 0) {
            return "There is no private key section. Give the key of the certificate as PEM.";
        }
        return "The private key does not belong to " + certificates.get(0)
                + (certificates.size() > 1 ? " nor to the others of its chain" : "")
                + ". Give the key that the certificate was requested with.";
    }
}
