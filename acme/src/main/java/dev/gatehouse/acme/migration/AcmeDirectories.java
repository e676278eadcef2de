package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The directories of public authorities, and the ways in which clients name folders after a directory. */
final class AcmeDirectories {

    static final URI LETS_ENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");
    static final URI LETS_ENCRYPT_STAGING = URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");

    private static final List<URI> STAGING =
            List.of(LETS_ENCRYPT_STAGING, URI.create("https://dv.acme-v02.test-api.pki.goog/directory"));

    private static final List<URI> WELL_KNOWN = Stream.concat(
                    Stream.of(
                                    "https://acme.zerossl.com/v2/DV90",
                                    "https://dv.acme-v02.api.pki.goog/directory",
                                    "https://acme.ssl.com/sslcom-dv-rsa",
                                    "https://acme.ssl.com/sslcom-dv-ecc",
                                    "https://acme-api.actalis.com/acme/directory",
                                    "https://api.buypass.com/acme/directory")
                            .map(URI::create),
                    Stream.concat(Stream.of(LETS_ENCRYPT), STAGING.stream()))
            .toList();

    private AcmeDirectories() {}

    static boolean isStaging(URI directory) {
        return STAGING.contains(directory);
    }

    /** Reads a directory from a file of a client; empty if it is none. */
    static Optional<URI> parse(String text) {
        try {
            URI uri = URI.create(text.strip());
            boolean isWeb = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return isWeb && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The directory of which a client derives a name: one of the candidates, else a well-known one. */
    static Optional<URI> named(String name, Function<URI, String> naming, Stream<URI> candidates) {
        return Stream.concat(candidates, WELL_KNOWN.stream())
                .filter(directory -> naming.apply(directory).equals(name))
                .findFirst();
    }

    /** CertMagic's name for an issuer: host and path, joined by hyphens. */
    static String issuerKey(URI directory) {
        return certMagicSafe(
                directory.getRawAuthority() + "-" + pathOf(directory).replace('/', '-'));
    }

    /** How CertMagic writes a name in a path. */
    static String certMagicSafe(String name) {
        return name.toLowerCase(Locale.ROOT)
                .strip()
                .replace(" ", "_")
                .replace("+", "_plus_")
                .replace("*", "wildcard_")
                .replace(":", "-")
                .replace("..", "")
                .replaceAll("[^\\w@.-]", "");
    }

    /** kamal-proxy's name for the cache of a directory; that of Let's Encrypt is made of nothing. */
    static String kamalCache(URI directory) {
        return sha256(directory.equals(LETS_ENCRYPT) ? "" : directory.toString());
    }

    /** The same where somebody wrote the directory of Let's Encrypt out. */
    static String kamalCacheOfUrl(URI directory) {
        return sha256(directory.toString());
    }

    /** certbot's folder for the accounts of a directory: authority and path. */
    static String certbotFolder(URI directory) {
        return trimmed(directory.getRawAuthority() + directory.getRawPath());
    }

    /** acme.sh's folder for a directory: host, without the port, and path. */
    static String acmeShFolder(URI directory) {
        return trimmed(directory.getHost() + "/" + pathOf(directory));
    }

    private static String pathOf(URI directory) {
        String path = directory.getRawPath();
        return trimmed(path.startsWith("/") ? path.substring(1) : path);
    }

    private static String trimmed(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }
}
