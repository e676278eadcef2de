package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out which certificates and keys of a folder belong together: those with the same public key. */
final class PemPairs {

    /** A file with certificates. */
    private record Chain(Path file, List<PemEntry> certificates) {}

    /** A file with a private key. */
    private record Key(Path file, KeyPair pair) {}

    private final List<Chain> chains = new ArrayList<>();
    private final Map<ByteBuffer, Key> keys = new LinkedHashMap<>();
    private final Map<Path, Set<PemEntry>> authorities = new HashMap<>();

    void addCertificates(Path file, List<PemEntry> certificates) {
        chains.add(new Chain(file, certificates));
        certificates.stream()
                .filter(PemEntry::isAuthority)
                .forEach(authority -> authorities
                        .computeIfAbsent(folderOf(file), folder -> new LinkedHashSet<>())
                        .add(authority));
    }

    void addKey(Path file, KeyPair pair) {
        keys.putIfAbsent(ByteBuffer.wrap(pair.getPublic().getEncoded()), new Key(file, pair));
    }

    void join(Findings findings) {
        Map<PemEntry, Chain> longest = new LinkedHashMap<>();
        for (Chain chain : chains) {
            for (PemEntry certificate : chain.certificates()) {
                if (!certificate.isAuthority() || keys.containsKey(certificate.publicKey())) {
                    longest.merge(certificate, chain, PemPairs::longer);
                }
            }
        }
        Set<Key> used = new HashSet<>();
        Map<String, Path> lonelyCertificates = new HashMap<>();
        longest.forEach((leaf, chain) -> {
            Key key = keys.get(leaf.publicKey());
            if (key == null) {
                lonelyCertificates.put(stem(chain.file()), chain.file());
            } else {
                used.add(key);
                joinOne(leaf, chain, key, findings);
            }
        });
        reportLonely(used, lonelyCertificates, findings);
    }

    private static Chain longer(Chain one, Chain other) {
        return other.certificates().size() > one.certificates().size() ? other : one;
    }

    private void joinOne(PemEntry leaf, Chain chain, Key key, Findings findings) {
        Set<PemEntry> certificates = new LinkedHashSet<>();
        certificates.add(leaf);
        certificates.addAll(chain.certificates());
        certificates.addAll(authorities.getOrDefault(folderOf(chain.file()), Set.of()));
        List<byte[]> encoded = certificates.stream()
                .filter(certificate ->
                        certificate.equals(leaf) || !certificate.publicKey().equals(leaf.publicKey()))
                .map(certificate -> certificate.encoded().array())
                .toList();
        try {
            Credential credential = Credential.ofDer(key.pair().getPrivate().getEncoded(), encoded);
            findings.add(new ImportedCertificate(credential, findings.givenDirectory(), chain.file()));
        } catch (CredentialException unusable) {
            findings.problem(chain.file(), ImportOutcome.DAMAGED, unusable.getMessage() + "");
        }
    }

    /** A certificate and a key with one name that do not fit are one problem; all others are one each. */
    private void reportLonely(Set<Key> used, Map<String, Path> lonelyCertificates, Findings findings) {
        keys.values().stream().filter(key -> !used.contains(key)).forEach(key -> {
            @Nullable Path namesake = lonelyCertificates.remove(stem(key.file()));
            if (namesake != null) {
                findings.problem(
                        namesake,
                        ImportOutcome.KEY_MISMATCH,
                        "The key in " + key.file() + " is not that of this certificate."
                                + " Put the key there that it was requested with.");
            } else {
                findings.problem(
                        key.file(),
                        ImportOutcome.INCOMPLETE,
                        "The private key belongs to no certificate of the folder. Put its certificate there.");
            }
        });
        lonelyCertificates.values().stream()
                .sorted()
                .forEach(file -> findings.problem(
                        file,
                        ImportOutcome.INCOMPLETE,
                        "The certificate has no private key in the folder. Put its key there."));
    }

    private static Path folderOf(Path file) {
        return Optional.ofNullable(file.getParent()).orElse(file);
    }

    private static String stem(Path file) {
        String path = file.toString();
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf(file.getFileSystem().getSeparator()) ? path.substring(0, dot) : path;
    }
}
