package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.Pem;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads a certificate chain and its key, and tells what is wrong if they are not both there, whole, and for each other. */
final class ChainAndKey {

    private ChainAndKey() {}

    /** From two files, or from one that has both. */
    static Credential read(SourceFolder folder, Path chain, Path key) throws UnusableSourceException {
        requireBoth(folder, chain, key);
        String chainText = folder.text(chain);
        return join(chain, chainText, key, chain.equals(key) ? chainText : folder.text(key));
    }

    private static void requireBoth(SourceFolder folder, Path chain, Path key) throws UnusableSourceException {
        if (!folder.exists(chain)) {
            throw new UnusableSourceException(
                    key,
                    ImportOutcome.INCOMPLETE,
                    "Its certificate " + chain + " is missing. It was never issued, or is lost.");
        }
        if (!folder.exists(key)) {
            throw new UnusableSourceException(
                    chain,
                    ImportOutcome.INCOMPLETE,
                    "Its private key " + key + " is missing. Put it there, or let the certificate be issued anew.");
        }
    }

    static Credential join(Path chain, String chainText, Path key, String keyText) throws UnusableSourceException {
        try {
            return Pem.credential(chainText, keyText);
        } catch (CredentialException unusable) {
            List<X509Certificate> certificates = certificates(chain, chainText);
            PrivateKey privateKey = privateKey(key, keyText);
            boolean isMismatch = certificates.stream()
                    .noneMatch(certificate -> KeyPairs.isPair(certificate.getPublicKey(), privateKey));
            throw new UnusableSourceException(
                    chain,
                    isMismatch ? ImportOutcome.KEY_MISMATCH : ImportOutcome.DAMAGED,
                    isMismatch ? mismatch(key, unusable) : unusable.getMessage() + "");
        }
    }

    private static String mismatch(Path key, CredentialException unusable) {
        return "With " + key + ": " + unusable.getMessage();
    }

    private static List<X509Certificate> certificates(Path file, String text) throws UnusableSourceException {
        try {
            return Pem.certificates(text);
        } catch (CredentialException damaged) {
            throw new UnusableSourceException(file, ImportOutcome.DAMAGED, damaged.getMessage() + "");
        }
    }

    private static PrivateKey privateKey(Path file, String text) throws UnusableSourceException {
        try {
            return Pem.privateKey(text);
        } catch (CredentialException damaged) {
            throw new UnusableSourceException(file, ImportOutcome.DAMAGED, damaged.getMessage() + "");
        }
    }
}
