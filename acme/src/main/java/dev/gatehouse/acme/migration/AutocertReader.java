package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Reads the cache of Go's autocert: {@code NAME} with an EC key, {@code NAME+rsa}, the key of the account, and tokens of
 * challenges, which are passed over. kamal-proxy has one such cache for each directory, named after a digest of it.
 */
final class AutocertReader implements LayoutReader {

    private static final String ACCOUNT_KEY = "acme_account+key";
    private static final String OLD_ACCOUNT_KEY = "acme_account.key";

    static boolean isCache(Path folder) {
        return Files.isRegularFile(folder.resolve(ACCOUNT_KEY)) || Files.isRegularFile(folder.resolve(OLD_ACCOUNT_KEY));
    }

    @Override
    public void read(SourceFolder folder, Findings findings) {
        List<Path> children = folder.list(folder.root());
        readCache(folder, folder.root(), children, findings);
        children.stream()
                .filter(RecognizedFolder::isCacheOfDirectory)
                .forEach(cache -> readCache(folder, cache, folder.list(cache), findings));
    }

    private static void readCache(SourceFolder folder, Path cache, List<Path> files, Findings findings) {
        Optional<URI> directory = directory(cache, findings.givenDirectory());
        List<ImportedCertificate> certificates = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            boolean isToken = name.endsWith("+token") || name.endsWith("+http-01");
            if (!isToken && !isAccountKey(name) && !Files.isDirectory(file)) {
                readCertificate(folder, file, directory, certificates, findings);
            }
        }
        Optional<URI> likely = directory.or(() -> issuerOf(certificates));
        certificates.forEach(
                found -> findings.add(new ImportedCertificate(found.credential(), likely, found.source())));
        files.stream()
                .filter(file -> isAccountKey(file.getFileName().toString()))
                .forEach(file -> readAccount(folder, file, likely, findings));
    }

    private static boolean isAccountKey(String name) {
        return name.equals(ACCOUNT_KEY) || name.equals(OLD_ACCOUNT_KEY);
    }

    private static void readCertificate(
            SourceFolder folder,
            Path file,
            Optional<URI> directory,
            List<ImportedCertificate> certificates,
            Findings findings) {
        try {
            certificates.add(new ImportedCertificate(ChainAndKey.read(folder, file, file), directory, file));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    private static void readAccount(SourceFolder folder, Path file, Optional<URI> directory, Findings findings) {
        try {
            findings.add(
                    new ImportedAccount(directory, AccountFile.pem(folder, file), Optional.empty(), List.of(), file));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    private static Optional<URI> directory(Path cache, Optional<URI> given) {
        Path folder = cache.toAbsolutePath().normalize();
        if (!RecognizedFolder.isCacheOfDirectory(folder)) {
            return given;
        }
        String digest = folder.getFileName().toString();
        return AcmeDirectories.named(digest, AcmeDirectories::kamalCache, given.stream())
                .or(() -> AcmeDirectories.named(digest, AcmeDirectories::kamalCacheOfUrl, given.stream()));
    }

    /** autocert orders from Let's Encrypt unless it is told otherwise, and its certificates show whether it was. */
    private static Optional<URI> issuerOf(List<ImportedCertificate> certificates) {
        boolean isLetsEncrypt = !certificates.isEmpty()
                && certificates.stream()
                        .map(found -> found.credential().issuer().getName(X500Principal.RFC2253))
                        .allMatch(issuer -> issuer.endsWith("O=Let's Encrypt,C=US"));
        return isLetsEncrypt ? Optional.of(AcmeDirectories.LETS_ENCRYPT) : Optional.empty();
    }
}
