package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads CertMagic's storage. Folders of an issuer are named after its directory, in a way that cannot be turned back; so
 * the directory is that of the metadata, where a newer version wrote it, or one that has such a name.
 */
final class CertMagicReader implements LayoutReader {

    static boolean isCertificateFolder(Path site) {
        String name = site.getFileName().toString();
        return Files.isRegularFile(site.resolve(name + ".crt")) || Files.isRegularFile(site.resolve(name + ".key"));
    }

    @Override
    public void read(SourceFolder folder, Findings findings) {
        for (Path issuer : folder.folders(folder.root().resolve("certificates"))) {
            for (Path site : folder.folders(issuer)) {
                readCertificate(folder, issuer.getFileName().toString(), site, findings);
            }
        }
        for (Path issuer : folder.folders(folder.root().resolve("acme"))) {
            folder.folders(issuer.resolve("users")).stream()
                    .sorted(Comparator.comparing(folder::modified).reversed())
                    .forEach(user -> readAccount(folder, issuer.getFileName().toString(), user, findings));
        }
    }

    private static void readCertificate(SourceFolder folder, String issuerKey, Path site, Findings findings) {
        String name = site.getFileName().toString();
        Path chain = site.resolve(name + ".crt");
        Path key = site.resolve(name + ".key");
        if (!folder.exists(chain) && !folder.exists(key)) {
            return;
        }
        try {
            requireNotCompromised(folder, site, key);
            JsonFile issuerData = json(folder, site.resolve(name + ".json")).object("issuer_data");
            Optional<URI> directory = issuerData
                    .url("ca")
                    .or(() -> directory(issuerKey, issuerData.url("url"), findings.givenDirectory()));
            findings.add(new ImportedCertificate(ChainAndKey.read(folder, chain, key), directory, chain));
        } catch (UnusableSourceException unusable) {
            findings.problem(unusable);
        }
    }

    private static void requireNotCompromised(SourceFolder folder, Path site, Path key) throws UnusableSourceException {
        Path setAside = site.resolve(key.getFileName() + ".compromised");
        if (!folder.exists(key) && folder.exists(setAside)) {
            throw new UnusableSourceException(
                    setAside,
                    ImportOutcome.INCOMPLETE,
                    "Caddy set this key aside as compromised. It is not imported; the certificate will be issued anew.");
        }
    }

    private static void readAccount(SourceFolder folder, String issuerKey, Path user, Findings findings) {
        for (Path key : folder.list(user)) {
            String file = key.getFileName().toString();
            if (!file.endsWith(".key")) {
                continue;
            }
            try {
                KeyPair pair = AccountFile.pem(folder, key);
                JsonFile json = json(folder, user.resolve(file.substring(0, file.length() - 4) + ".json"));
                Optional<URI> location = json.url("location")
                        .or(() -> json.object("Registration").url("uri"));
                findings.add(new ImportedAccount(
                        directory(issuerKey, location, findings.givenDirectory()),
                        pair,
                        location,
                        json.strings("contact"),
                        key));
            } catch (UnusableSourceException unusable) {
                findings.problem(unusable);
            }
        }
    }

    private static JsonFile json(SourceFolder folder, Path file) throws UnusableSourceException {
        return JsonFile.parse(folder.exists(file) ? folder.text(file) : "");
    }

    /** The directory that has this name, or that can have no other path at the authority of a URL. */
    private static Optional<URI> directory(String issuerKey, Optional<URI> atAuthority, Optional<URI> given) {
        return AcmeDirectories.named(
                issuerKey, AcmeDirectories::issuerKey, Stream.concat(given.stream(), guesses(issuerKey, atAuthority)));
    }

    private static Stream<URI> guesses(String issuerKey, Optional<URI> atAuthority) {
        return atAuthority.stream().flatMap(url -> {
            String prefix = AcmeDirectories.certMagicSafe(url.getRawAuthority()) + "-";
            String path =
                    issuerKey.toLowerCase(Locale.ROOT).startsWith(prefix) ? issuerKey.substring(prefix.length()) : "";
            boolean isCertain = !path.isEmpty() && path.indexOf('-') < 0;
            return isCertain
                    ? AcmeDirectories.parse(url.getScheme() + "://" + url.getRawAuthority() + "/" + path).stream()
                    : Stream.<URI>empty();
        });
    }
}
