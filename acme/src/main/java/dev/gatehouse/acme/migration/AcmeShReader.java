package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads acme.sh's home. Its configuration is shell text, of which only assignments are read. */
final class AcmeShReader implements LayoutReader {

    private static final String ECC = "_ecc";
    private static final int MAX_DEPTH = 8;

    static boolean isCertificateFolder(Path folder) {
        return Files.isRegularFile(folder.resolve(nameOf(folder) + ".conf"))
                && Files.isRegularFile(folder.resolve("fullchain.cer"));
    }

    private static String nameOf(Path folder) {
        String name = folder.getFileName().toString();
        return name.endsWith(ECC) ? name.substring(0, name.length() - ECC.length()) : name;
    }

    @Override
    public void read(SourceFolder folder, Findings findings) {
        Set<URI> directories =
                new LinkedHashSet<>(findings.givenDirectory().stream().toList());
        for (Path site : folder.folders(folder.root())) {
            String name = nameOf(site);
            if (folder.exists(site.resolve("fullchain.cer")) || folder.exists(site.resolve(name + ".conf"))) {
                readCertificate(folder, site, name, directories, findings);
            }
        }
        readAccounts(folder, folder.root().resolve("ca"), MAX_DEPTH, directories, findings);
    }

    private static void readCertificate(
            SourceFolder folder, Path site, String name, Set<URI> directories, Findings findings) {
        try {
            Optional<URI> directory = settings(folder, site.resolve(name + ".conf"))
                    .value("Le_API")
                    .flatMap(AcmeDirectories::parse);
            directory.ifPresent(directories::add);
            Path chain = site.resolve("fullchain.cer");
            findings.add(new ImportedCertificate(
                    ChainAndKey.read(folder, chain, site.resolve(name + ".key")), directory, chain));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    private static void readAccounts(
            SourceFolder folder, Path parent, int depth, Set<URI> directories, Findings findings) {
        Path key = parent.resolve("account.key");
        if (folder.exists(key)) {
            readAccount(folder, parent, key, directories, findings);
        }
        if (depth > 0) {
            folder.folders(parent).forEach(child -> readAccounts(folder, child, depth - 1, directories, findings));
        }
    }

    private static void readAccount(
            SourceFolder folder, Path parent, Path key, Set<URI> directories, Findings findings) {
        try {
            KeyPair pair = AccountFile.pem(folder, key);
            SettingsFile settings = settings(folder, parent.resolve("ca.conf"));
            findings.add(new ImportedAccount(
                    directory(folder.root().resolve("ca").relativize(parent), directories),
                    pair,
                    settings.value("ACCOUNT_URL").flatMap(AcmeDirectories::parse),
                    settings.value("CA_EMAIL")
                            .map(email -> List.of("mailto:" + email))
                            .orElse(List.of()),
                    key));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    /** The path below {@code ca} is host and path of the directory, in old versions the host alone. */
    private static Optional<URI> directory(Path folder, Set<URI> directories) {
        String path = folder.toString().replace('\\', '/');
        Optional<URI> known = AcmeDirectories.named(path, AcmeDirectories::acmeShFolder, directories.stream())
                .or(() -> AcmeDirectories.named(path, URI::getHost, directories.stream()));
        return known.or(() -> path.indexOf('/') < 0 ? Optional.empty() : AcmeDirectories.parse("https://" + path));
    }

    private static SettingsFile settings(SourceFolder folder, Path file) throws UnusableSourceException {
        return SettingsFile.parse(folder.exists(file) ? folder.text(file) : "");
    }
}
