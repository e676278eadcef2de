package dev.gatehouse.acme.migration;

import dev.gatehouse.acme.CertificateStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An import of certificates and accounts from the folder of another program. Making one reads nothing; nothing is ever
 * written to the folder.
 *
 * <p>The folder may be hostile or damaged: files are read up to 1 MiB each, at most a million of them, and links only where
 * the layout has them and they stay within the folder. Which parts could not be taken is part of the result.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class CertificateImport {

    private final Path folder;
    private final @Nullable ImportLayout layout;
    private final @Nullable URI directory;
    private final boolean overwriting;
    private final InstantSource clock;

    private CertificateImport(
            Path folder,
            @Nullable ImportLayout layout,
            @Nullable URI directory,
            boolean overwriting,
            InstantSource clock) {
        this.folder = folder;
        this.layout = layout;
        this.directory = directory;
        this.overwriting = overwriting;
        this.clock = clock;
    }

    /**
     * Names the folder: that of the program, such as {@code /etc/letsencrypt} or {@code ~/.acme.sh}, or the home or volume
     * that it is in, or a folder or file with PEM.
     *
     * @param folder the folder
     * @return an import that recognises the layout
     */
    public static CertificateImport from(Path folder) {
        return new CertificateImport(
                Objects.requireNonNull(folder, "folder"), null, null, false, InstantSource.system());
    }

    /**
     * Says how the folder is laid out, in place of recognising it.
     *
     * @param layout the layout
     * @return an import with this layout
     * @throws IllegalStateException if it was set already
     */
    public CertificateImport layout(ImportLayout layout) {
        requireUnset(this.layout, "layout");
        return new CertificateImport(folder, layout, directory, overwriting, clock);
    }

    /**
     * Says which ACME directory is meant where the folder does not tell, as the cache of autocert never does: usually that
     * of the issuer which is to renew. Certificates of a staging service are imported only if this is its directory.
     *
     * @param directory the URL of the directory
     * @return an import that knows it
     * @throws IllegalArgumentException if it is not an absolute http or https URI
     * @throws IllegalStateException if it was set already
     */
    public CertificateImport directory(URI directory) {
        requireUnset(this.directory, "directory");
        if (AcmeDirectories.parse(directory.toString()).isEmpty()) {
            throw new IllegalArgumentException("ACME directory '" + directory
                    + "' is not an absolute https URI. Write it as https://host/directory.");
        }
        return new CertificateImport(folder, layout, directory, overwriting, clock);
    }

    /** {@return an import that also replaces certificates which live longer, and accounts that are in use} */
    public CertificateImport overwriting() {
        return new CertificateImport(folder, layout, directory, true, clock);
    }

    /**
     * Sets the clock by which validity is judged. Default: the system's.
     *
     * @param clock tells the time
     * @return an import with this clock
     */
    public CertificateImport clock(InstantSource clock) {
        return new CertificateImport(folder, layout, directory, overwriting, clock);
    }

    /**
     * Reads the folder. Blocks.
     *
     * @return what it has
     * @throws IOException if there is no such folder, or it cannot be read at all
     */
    public ImportContents read() throws IOException {
        RecognizedFolder recognized =
                layout == null ? RecognizedFolder.at(folder) : RecognizedFolder.as(folder, layout);
        Findings findings = new Findings(Optional.ofNullable(directory));
        ImportLayout found = recognized.layout();
        found.reader().read(new SourceFolder(recognized.root(), found.hasLinks(), findings), findings);
        if (findings.isEmpty()) {
            findings.problem(
                    folder,
                    ImportOutcome.INCOMPLETE,
                    "Nothing was found; it was read as a folder of " + found
                            + ". Name the folder that has the certificates and their keys, or its layout.");
        }
        return findings.contents(found);
    }

    /**
     * Reads the folder and the storage, and says what would be done. Blocks, and changes nothing.
     *
     * @param storage where the certificates are to go; it is not closed
     * @return the plan
     * @throws IOException if there is no such folder, or it cannot be read at all
     */
    public ImportPlan plan(CertificateStorage storage) throws IOException {
        TargetStorage target = new TargetStorage(storage);
        return ImportPlan.of(
                read(),
                new CertificateDecisions(target, clock, overwriting, Optional.ofNullable(directory)),
                new AccountDecisions(target, overwriting),
                target);
    }

    private void requireUnset(@Nullable Object value, String setting) {
        if (value != null) {
            throw new IllegalStateException(folder + ": " + setting + " was already set to " + value);
        }
    }

    /** {@return the folder} */
    @Override
    public String toString() {
        return folder.toString();
    }
}
