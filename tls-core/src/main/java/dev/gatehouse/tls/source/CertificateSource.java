package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.CredentialException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place where certificates and their private keys come from: files, a directory, a key store, the environment, a text.
 * {@link #load()} reads it once; {@link WatchedCertificates} reads it whenever it changes.
 *
 * <p>PEM is read in all forms that people have: certificate chains in any order; keys as PKCS #8, encrypted PKCS #8, PKCS
 * #1 and SEC 1, also in OpenSSL's traditional encryption; EC, RSA, Ed25519 and Ed448. Which key belongs to which
 * certificate is told by their public keys, never by names of files. Only files up to 1 MiB are read.
 *
 * <p>Immutable and safe for use by several threads. Making one reads nothing.
 */
public final class CertificateSource {

    private static final int DEFAULT_DEPTH = 3;
    private static final int MAX_DEPTH = 32;

    private final String name;
    private final Opener opener;
    private final Coverage required;
    private final @Nullable Supplier<char[]> password;

    private CertificateSource(String name, Opener opener, Coverage required, @Nullable Supplier<char[]> password) {
        this.name = name;
        this.opener = opener;
        this.required = required;
        this.password = password;
    }

    /** Makes the reader, which has the state that this has not. */
    private interface Opener {

        SourceReader open(@Nullable Supplier<char[]> password, InstantSource clock);
    }

    private static CertificateSource of(String name, Opener opener) {
        return new CertificateSource(name, opener, Coverage.of(Set.of()), null);
    }

    /**
     * A file with a certificate chain and a file with its private key. They are watched as one: while they do not fit
     * together, which is so for a moment whenever both are written, the previous certificate is served.
     *
     * @param certificateChain the leaf and its intermediates
     * @param privateKey the key of the leaf; may be the same file
     * @return the source
     */
    public static CertificateSource pemFiles(Path certificateChain, Path privateKey) {
        if (certificateChain.equals(privateKey)) {
            return pemFile(certificateChain);
        }
        String name = certificateChain + " with " + privateKey;
        List<Path> files = List.of(certificateChain, privateKey);
        return of(name, (password, clock) -> new PemFilesReader(name, files, new PemParser(password), clock));
    }

    /**
     * A file with a certificate chain and its private key, or with several pairs.
     *
     * @param file the file
     * @return the source
     */
    public static CertificateSource pemFile(Path file) {
        String name = file.toString();
        return of(name, (password, clock) -> new PemFilesReader(name, List.of(file), new PemParser(password), clock));
    }

    /**
     * A directory with any number of pairs in PEM files of any names, and its sub-directories down to three levels: for
     * instance certbot's {@code live}, a mounted secret of Kubernetes, or a flat folder of {@code .crt} and {@code .key}.
     *
     * @param directory the directory
     * @return the source
     * @see #directory(Path, int)
     */
    public static CertificateSource directory(Path directory) {
        return directory(directory, DEFAULT_DEPTH);
    }

    /**
     * A directory with any number of pairs in PEM files of any names.
     *
     * <p>Certificates of authorities complete the chains that lack them. Where several files have the same leaf, the one
     * with the longest chain is taken. Files that are not PEM are passed over, and so is all whose name begins with a dot.
     * Symbolic links are followed. There may be a million files.
     *
     * <p>One bad pair does not keep the others from being served: it is reported, and its previous version, if there was
     * one, is served on. A pair whose files are deleted is removed. If the directory vanishes, cannot be read or has no
     * pair any more, everything is served on, since that is how a lost mount looks.
     *
     * @param directory the directory
     * @param levels how many levels of sub-directories are read, from 0 to 32
     * @return the source
     * @throws IllegalArgumentException if {@code levels} is out of range
     */
    public static CertificateSource directory(Path directory, int levels) {
        if (levels < 0 || levels > MAX_DEPTH) {
            throw new IllegalArgumentException("levels: " + levels + " (expected: 0 to " + MAX_DEPTH + ")");
        }
        return of(
                directory.toString(),
                (password, clock) -> new DirectoryReader(directory, levels, new PemParser(password), clock));
    }

    /**
     * A key store file: PKCS #12, JKS or JCEKS, told by content. All its private keys are taken.
     *
     * @param file the file
     * @param password gives the password of the store and of its keys, each time that it is read; the array is neither
     *     changed nor kept
     * @return the source
     */
    public static CertificateSource keyStore(Path file, Supplier<char[]> password) {
        return keyStore(file, password, password);
    }

    /**
     * A key store file whose keys have a password of their own.
     *
     * @param file the file
     * @param password gives the password of the store
     * @param keyPassword gives the password of its keys
     * @return the source
     */
    public static CertificateSource keyStore(Path file, Supplier<char[]> password, Supplier<char[]> keyPassword) {
        KeyStoreFile.Format format = new KeyStoreFile.Format(password, keyPassword);
        return new CertificateSource(
                file.toString(),
                (unused, clock) -> new KeyStoreReader(file, format, clock),
                Coverage.of(Set.of()),
                password);
    }

    /**
     * PEM text with a certificate chain and its private key.
     *
     * @param text the text
     * @return the source
     */
    public static CertificateSource pem(String text) {
        return of("PEM text", (password, clock) -> new TextReader("PEM text", () -> text, new PemParser(password)));
    }

    /**
     * PEM text of a certificate chain, and that of its private key.
     *
     * @param certificateChain the leaf and its intermediates
     * @param privateKey the key of the leaf
     * @return the source
     */
    public static CertificateSource pem(String certificateChain, String privateKey) {
        return pem(certificateChain + '\n' + privateKey);
    }

    /**
     * Variables of the environment that together have a certificate chain and its private key: one variable with both, or
     * one for each. Besides PEM as it is, they may have it in one line, with {@code \n} for the ends of lines, or as base64.
     *
     * @param variable the name of a variable
     * @param more the names of others
     * @return the source
     */
    public static CertificateSource environment(String variable, String... more) {
        return environment(EnvironmentText.of(System::getenv, variable, more));
    }

    static CertificateSource environment(EnvironmentText text) {
        return of(text.toString(), (password, clock) -> new TextReader(text.toString(), text, new PemParser(password)));
    }

    /**
     * Demands that the certificates cover names. At the start, an uncovered name is an error; later, a change that leaves
     * one uncovered is refused.
     *
     * @param names server names and wildcard names that have to be covered, by one certificate of this source or by several
     * @return a source that demands it
     * @throws IllegalStateException if names were demanded already
     * @throws dev.gatehouse.tls.InvalidNameException if one is no name
     */
    public CertificateSource covering(String... names) {
        if (!required.isEmpty()) {
            throw new IllegalStateException(name + ": covering was already set to " + required);
        }
        return new CertificateSource(name, opener, Coverage.of(List.of(names)), password);
    }

    /**
     * Gives the password of encrypted private keys.
     *
     * @param password is asked whenever an encrypted key is read, perhaps by several threads at once; the array is neither
     *     changed nor kept
     * @return a source that has it
     * @throws IllegalStateException if there is a password already
     */
    public CertificateSource password(Supplier<char[]> password) {
        if (this.password != null) {
            throw new IllegalStateException(name + ": the password was already set");
        }
        return new CertificateSource(name, opener, required, password);
    }

    /** {@return the word for this source in log lines, such as its path} */
    public String name() {
        return name;
    }

    Coverage required() {
        return required;
    }

    SourceReader open(InstantSource clock) {
        return opener.open(password, clock);
    }

    /**
     * Reads the source once. What is wrong with single pairs of a directory is logged, as long as there is a good one.
     * Blocks while files are read; directories with very many are read by several threads.
     *
     * @return the credentials, at least one
     * @throws CredentialException if it cannot be read, has no usable pair or does not cover what it should; the message
     *     names the source, the problem and the remedy
     */
    public List<Credential> load() {
        try (SourceState state = new SourceState(this, InstantSource.system())) {
            state.load();
            return state.credentials();
        }
    }

    /** {@return the {@linkplain #name() name}} */
    @Override
    public String toString() {
        return name;
    }
}
