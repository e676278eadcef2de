package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.internal.CredentialFactory;
import dev.gatehouse.tls.internal.der.Digest;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.SubjectPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out which private key belongs to which certificate, by their public keys and by nothing else: names of files do
 * not count. Takes time in proportion to the number of certificates and keys; what can be done for each file alone is done on
 * all processors.
 */
final class Pairing {

    private final Map<SubjectPublicKey, PemKey> keys;
    private final Map<EncodedCertificate, Pair> pairs;
    private final List<Lone> lonely = new ArrayList<>();

    /** A leaf with its key, and the file where its chain is the longest. */
    record Pair(PemFile file, int position, PemKey key, List<EncodedCertificate> chain) {

        /** The file, and the position in it if that is needed to tell one from another. */
        String place() {
            return position == 0 ? file.name() : file.name() + " certificate " + (position + 1);
        }

        Digest digest() {
            return Digest.ofAll(chain.stream().map(EncodedCertificate::digest).toList());
        }

        Credential credential() {
            Credential made = CredentialFactory.get().make(key.encoded(), chain);
            key.forget();
            return made;
        }

        private boolean isBetterThan(Pair other) {
            int longer = chain.size() - other.chain.size();
            int own = file.certificates().size() - other.file.certificates().size();
            if (longer != 0 || own != 0) {
                return longer != 0 ? longer > 0 : own > 0;
            }
            return file.name().compareTo(other.file.name()) < 0;
        }
    }

    /** A key without a certificate, or a certificate without a key. */
    record Lone(PemFile file, boolean isKey, String description) {}

    /** What one file has: pairs, and certificates without a key. */
    private record Matches(List<Pair> pairs, List<Lone> lonely) {}

    private Pairing(int files) {
        keys = new HashMap<>(2 * files);
        pairs = new LinkedHashMap<>(2 * files);
    }

    static Pairing of(List<PemFile> files) {
        Pairing pairing = new Pairing(files.size());
        Issuers issuers = new Issuers(files);
        pairing.indexKeys(files);
        Set<SubjectPublicKey> used = new HashSet<>(2 * files.size());
        BulkWork.map(files, file -> pairing.match(file, issuers)).forEach(matches -> pairing.take(matches, used));
        pairing.collectLoneKeys(files, used);
        return pairing;
    }

    Collection<Pair> pairs() {
        return pairs.values();
    }

    List<Lone> lonely() {
        return lonely;
    }

    private void indexKeys(Collection<PemFile> files) {
        for (PemFile file : files) {
            for (PemKey key : file.keys()) {
                keys.merge(key.publicKey(), key, (one, other) -> one.file().compareTo(other.file()) <= 0 ? one : other);
            }
        }
    }

    private Matches match(PemFile file, Issuers issuers) {
        Matches matches = new Matches(new ArrayList<>(1), new ArrayList<>(0));
        for (EncodedCertificate certificate : file.certificates()) {
            PemKey key = keys.get(certificate.publicKey());
            if (key != null) {
                int position = matches.pairs.size();
                matches.pairs.add(new Pair(file, position, key, issuers.chain(certificate, file.certificates())));
            } else if (!certificate.isAuthority()) {
                matches.lonely.add(new Lone(file, false, certificate.toString()));
            }
        }
        return matches;
    }

    private void take(Matches matches, Set<SubjectPublicKey> used) {
        for (Pair pair : matches.pairs) {
            used.add(pair.key.publicKey());
            pairs.merge(pair.chain.get(0), pair, (one, other) -> other.isBetterThan(one) ? other : one);
        }
        lonely.addAll(matches.lonely);
    }

    private void collectLoneKeys(Collection<PemFile> files, Set<SubjectPublicKey> used) {
        for (PemFile file : files) {
            for (PemKey key : file.keys()) {
                if (!used.contains(key.publicKey())) {
                    lonely.add(new Lone(file, true, key.toString()));
                }
            }
        }
    }
}
