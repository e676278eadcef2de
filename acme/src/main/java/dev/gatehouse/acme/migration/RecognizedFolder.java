package dev.gatehouse.acme.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A folder and the layout that it shows.
 *
 * @param root where the layout begins: the folder itself, or one that is meant when somebody names it
 * @param layout the layout
 */
record RecognizedFolder(Path root, ImportLayout layout) {

    private static final int MAX_CHILDREN = 10_000;
    private static final Pattern CACHE_OF_DIRECTORY = Pattern.compile("[0-9a-f]{64}");

    /** Where programs keep their folder below one that people name: a home, a volume. */
    private static final List<String> USUAL_PLACES = List.of(
            "caddy",
            ".local/share/caddy",
            ".local/share/certmagic",
            "letsencrypt",
            ".acme.sh",
            "kamal-proxy/certs",
            ".config/kamal-proxy/certs",
            "certs");

    /** The layout that the folder shows. */
    static RecognizedFolder at(Path folder) throws IOException {
        requireReadable(folder);
        try {
            return recognized(folder);
        } catch (UncheckedIOException unreadable) {
            throw new IOException(folder + ": " + SourceFolder.describe(unreadable), unreadable);
        }
    }

    /** The layout that somebody says it has. */
    static RecognizedFolder as(Path folder, ImportLayout layout) throws IOException {
        requireReadable(folder);
        return new RecognizedFolder(folder, layout);
    }

    private static void requireReadable(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            throw new NoSuchFileException(
                    folder + ": there is no such folder. Name the folder that the certificates are in.");
        }
        if (!Files.isReadable(folder)) {
            throw new AccessDeniedException(
                    folder + ": cannot be read. Run the import as a user who may read it, such as its owner.");
        }
    }

    private static RecognizedFolder recognized(Path folder) {
        Optional<RecognizedFolder> itself = programOf(folder);
        if (itself.isPresent()) {
            return itself.get();
        }
        return USUAL_PLACES.stream()
                .map(folder::resolve)
                .filter(Files::isReadable)
                .map(RecognizedFolder::programOf)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(new RecognizedFolder(folder, ImportLayout.PEM));
    }

    private static Optional<RecognizedFolder> programOf(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (isCertbot(folder)) {
            return Optional.of(new RecognizedFolder(folder, ImportLayout.CERTBOT));
        }
        if (absolute.endsWith("live") && parent != null && isCertbot(parent)) {
            return Optional.of(new RecognizedFolder(parent, ImportLayout.CERTBOT));
        }
        if (isCertMagic(folder)) {
            return Optional.of(new RecognizedFolder(folder, ImportLayout.CERTMAGIC));
        }
        if (isAcmeSh(folder)) {
            return Optional.of(new RecognizedFolder(folder, ImportLayout.ACME_SH));
        }
        return isAutocert(folder) ? Optional.of(new RecognizedFolder(folder, ImportLayout.AUTOCERT)) : Optional.empty();
    }

    private static boolean isCertbot(Path folder) {
        return Files.isDirectory(folder.resolve("live"))
                && (Files.isDirectory(folder.resolve("archive")) || Files.isDirectory(folder.resolve("renewal")));
    }

    private static boolean isCertMagic(Path folder) {
        return anyChild(
                        folder.resolve("certificates"),
                        issuer -> anyChild(issuer, CertMagicReader::isCertificateFolder))
                || anyChild(folder.resolve("acme"), issuer -> Files.isDirectory(issuer.resolve("users")));
    }

    private static boolean isAcmeSh(Path folder) {
        return Files.isRegularFile(folder.resolve("account.conf"))
                || anyChild(folder, AcmeShReader::isCertificateFolder);
    }

    private static boolean isAutocert(Path folder) {
        return AutocertReader.isCache(folder) || anyChild(folder, RecognizedFolder::isCacheOfDirectory);
    }

    static boolean isCacheOfDirectory(Path folder) {
        return Files.isDirectory(folder)
                && CACHE_OF_DIRECTORY.matcher(folder.getFileName().toString()).matches();
    }

    private static boolean anyChild(Path folder, Predicate<Path> predicate) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            int seen = 0;
            for (Path child : children) {
                if (predicate.test(child)) {
                    return true;
                }
                if (++seen == MAX_CHILDREN) {
                    return false;
                }
            }
            return false;
        } catch (AccessDeniedException notForUs) {
            return false;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
