package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.pem.CertificateOutline;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys that do not say what their public key is are tried first on the certificate that the names of the files suggest.
 * If it fits, computing the public key once, for the proof that every credential needs, was enough. The names decide
 * nothing: a wrong guess only costs time.
 */
final class KeyGuess {

    private final PemKey key;
    private final CertificateOutline certificate;
    private final List<CertificateOutline> chain;
    private @Nullable Credential credential;

    private KeyGuess(PemKey key, CertificateOutline certificate, List<CertificateOutline> chain) {
        this.key = key;
        this.certificate = certificate;
        this.chain = chain;
    }

    /** Makes all public keys known, and returns the credentials that were made on the way, by their key. */
    static Map<PemKey, KeyGuess> settle(Collection<PemFile> files, Issuers issuers) {
        List<PemKey> unknown = new ArrayList<>();
        files.forEach(file ->
                file.keys().stream().filter(key -> key.publicKey() == null).forEach(unknown::add));
        if (unknown.isEmpty()) {
            return Map.of();
        }
        List<KeyGuess> guesses = guesses(unknown, files, issuers);
        BulkWork.forEach(guesses, KeyGuess::check);
        BulkWork.forEach(unknown, PemKey::computePublicKey);
        Map<PemKey, KeyGuess> proven = new HashMap<>();
        guesses.stream().filter(guess -> guess.credential != null).forEach(guess -> proven.put(guess.key, guess));
        return proven;
    }

    private static List<KeyGuess> guesses(List<PemKey> unknown, Collection<PemFile> files, Issuers issuers) {
        Map<String, PemKey> byStem = new HashMap<>();
        Map<String, PemKey> byFolder = new HashMap<>();
        for (PemKey key : unknown) {
            byStem.put(stem(key.file()), key);
            byFolder.put(folder(key.file()), key);
        }
        Set<PemKey> guessed = new HashSet<>();
        List<KeyGuess> guesses = new ArrayList<>();
        for (PemFile file : files) {
            PemKey key = byStem.getOrDefault(stem(file.name()), byFolder.get(folder(file.name())));
            if (key != null && !file.certificates().isEmpty() && guessed.add(key)) {
                CertificateOutline leaf = file.certificates().get(0);
                guesses.add(new KeyGuess(key, leaf, issuers.chain(leaf, file.certificates())));
            }
        }
        return guesses;
    }

    private void check() {
        try {
            credential = Pairing.credential(key, chain);
            key.belongsTo(certificate.publicKey());
        } catch (CredentialException wrongGuess) {
            credential = null;
        }
    }

    /** The credential with this chain, or null if it was made with another. */
    @Nullable
    Credential credential(List<CertificateOutline> wanted) {
        return chain.equals(wanted) ? credential : null;
    }

    private static String stem(String file) {
        int dot = file.lastIndexOf('.');
        return dot > file.lastIndexOf(File.separatorChar) ? file.substring(0, dot) : file;
    }

    private static String folder(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf(File.separatorChar)));
    }
}
