package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads certbot's configuration folder: what {@code live/} links to, and all accounts. */
final class CertbotReader implements LayoutReader {

    private static final int MAX_DEPTH = 8;

    /** certbot takes accounts of the first version of Let's Encrypt's service for the second. */
    private static final String LETS_ENCRYPT_V1 = "acme-v01.api.letsencrypt.org/directory";

    private static final String LETS_ENCRYPT_STAGING_V1 = "acme-staging.api.letsencrypt.org/directory";

    @Override
    public void read(SourceFolder folder, Findings findings) {
        Set<URI> directories = new LinkedHashSet<>();
        Map<String, Integer> uses = new HashMap<>();
        for (Path lineage : folder.folders(folder.root().resolve("live"))) {
            SettingsFile renewal = renewal(folder, lineage, findings);
            Optional<URI> directory = renewal.value("server").flatMap(AcmeDirectories::parse);
            directory.ifPresent(directories::add);
            renewal.value("account").ifPresent(account -> uses.merge(account, 1, Integer::sum));
            readLineage(folder, lineage, directory, findings);
        }
        findings.givenDirectory().ifPresent(directories::add);
        readAccounts(folder, directories, uses, findings);
    }

    private static SettingsFile renewal(SourceFolder folder, Path lineage, Findings findings) {
        Path file = folder.root().resolve("renewal").resolve(lineage.getFileName() + ".conf");
        try {
            return SettingsFile.parse(folder.exists(file) ? folder.text(file) : "");
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
            return SettingsFile.parse("");
        }
    }

    private static void readLineage(SourceFolder folder, Path lineage, Optional<URI> directory, Findings findings) {
        Path chain = lineage.resolve("fullchain.pem");
        Path key = lineage.resolve("privkey.pem");
        if (!folder.exists(chain) && !folder.exists(key)) {
            return;
        }
        try {
            findings.add(new ImportedCertificate(ChainAndKey.read(folder, chain, key), directory, chain));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    private static void readAccounts(
            SourceFolder folder, Set<URI> directories, Map<String, Integer> uses, Findings findings) {
        Path accounts = folder.root().resolve("accounts");
        List<Path> found = new ArrayList<>();
        collectAccounts(folder, accounts, MAX_DEPTH, found);
        Set<List<Object>> seen = new HashSet<>();
        found.stream()
                .sorted(Comparator.<Path>comparingInt(account -> -uses.getOrDefault(idOf(account), 0))
                        .thenComparing(folder::modified, Comparator.reverseOrder()))
                .forEach(account -> {
                    Optional<URI> directory = directory(accounts.relativize(account.getParent()), directories);
                    if (seen.add(List.of(directory, idOf(account)))) {
                        readAccount(folder, account, directory, findings);
                    }
                });
    }

    private static void collectAccounts(SourceFolder folder, Path parent, int depth, List<Path> found) {
        if (folder.exists(parent.resolve("private_key.json"))) {
            found.add(parent);
        } else if (depth > 0) {
            folder.folders(parent).forEach(child -> collectAccounts(folder, child, depth - 1, found));
        }
    }

    private static String idOf(Path account) {
        return account.getFileName().toString();
    }

    /** The path below the folder of accounts is that of the directory, without its scheme. */
    private static Optional<URI> directory(Path folder, Set<URI> directories) {
        String path = folder.toString().replace('\\', '/');
        return switch (path) {
            case LETS_ENCRYPT_V1 -> Optional.of(AcmeDirectories.LETS_ENCRYPT);
            case LETS_ENCRYPT_STAGING_V1 -> Optional.of(AcmeDirectories.LETS_ENCRYPT_STAGING);
            default ->
                AcmeDirectories.named(
                        path,
                        AcmeDirectories::certbotFolder,
                        Stream.concat(directories.stream(), AcmeDirectories.parse("https://" + path).stream()));
        };
    }

    private static void readAccount(SourceFolder folder, Path account, Optional<URI> directory, Findings findings) {
        Path key = account.resolve("private_key.json");
        Path registration = account.resolve("regr.json");
        try {
            KeyPair pair = AccountFile.jwk(folder, key);
            JsonFile json = JsonFile.parse(folder.exists(registration) ? folder.text(registration) : "");
            findings.add(new ImportedAccount(
                    directory,
                    pair,
                    json.url("uri").filter(url -> isAt(directory, url)),
                    json.object("body").strings("contact"),
                    key));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    /** An account that was made at the first version of a service has another URL at the second. */
    private static boolean isAt(Optional<URI> directory, URI location) {
        return directory.map(URI::getRawAuthority).equals(Optional.of(location.getRawAuthority()));
    }
}
