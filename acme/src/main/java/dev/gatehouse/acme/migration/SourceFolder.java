package dev.gatehouse.acme.migration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder that is imported, as if somebody hostile had made it: files and their number are bounded, only regular files
 * are opened, and no link leads out of it. Nothing is ever written.
 */
final class SourceFolder {

    static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_ENTRIES = 1_000_000;

    private final Path root;
    private final Path realRoot;
    private final boolean hasLinks;
    private final Findings findings;
    private final int maxEntries;
    private int entries;

    SourceFolder(Path root, boolean hasLinks, Findings findings) throws IOException {
        this(root, hasLinks, findings, MAX_ENTRIES);
    }

    SourceFolder(Path root, boolean hasLinks, Findings findings, int maxEntries) throws IOException {
        this.root = root;
        this.realRoot = root.toRealPath();
        this.hasLinks = hasLinks;
        this.findings = findings;
        this.maxEntries = maxEntries;
    }

    Path root() {
        return root;
    }

    /** What is in a folder, sorted by name; nothing if there is no such folder. One that cannot be read is a problem. */
    List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(real(folder))) {
            for (Path child : stream) {
                if (!count(folder)) {
                    break;
                }
                children.add(folder.resolve(child.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            findings.problem(folder, ImportOutcome.UNREADABLE, describe(unreadable));
        } catch (UnusableSourceException refused) {
            findings.problem(refused);
        }
        children.sort(null);
        return children;
    }

    /** The folders in a folder. */
    List<Path> folders(Path folder) {
        return list(folder).stream().filter(Files::isDirectory).toList();
    }

    boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The text of a file. What is not ASCII in it does not matter to anyone here. */
    String text(Path file) throws UnusableSourceException {
        Path real = real(file);
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnusableSourceException(
                    file, ImportOutcome.UNREADABLE, "This is not a regular file. It was passed over.");
        }
        try (InputStream input = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = input.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw new UnusableSourceException(
                        file, ImportOutcome.UNREADABLE, "The file is larger than 1 MiB. Is it the right one?");
            }
            return new String(content, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UnusableSourceException(file, ImportOutcome.UNREADABLE, describe(unreadable));
        }
    }

    Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException unknown) {
            return Instant.EPOCH;
        }
    }

    private Path real(Path path) throws UnusableSourceException {
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException unreadable) {
            String problem = Files.isSymbolicLink(path) && unreadable instanceof NoSuchFileException
                    ? "The link leads to nothing. Import the folder as its program left it."
                    : describe(unreadable);
            throw new UnusableSourceException(path, ImportOutcome.UNREADABLE, problem);
        }
        if (!real.startsWith(realRoot)) {
            throw new UnusableSourceException(
                    path,
                    ImportOutcome.UNREADABLE,
                    "The link leads out of " + root + ". Import the folder that it leads to, or a copy without links.");
        }
        if (!hasLinks && !real.equals(realRoot.resolve(root.relativize(path)))) {
            throw new UnusableSourceException(
                    path,
                    ImportOutcome.UNREADABLE,
                    "This is a link, which the layout does not have. Put the file itself there.");
        }
        return real;
    }

    private boolean count(Path folder) {
        entries++;
        if (entries == maxEntries + 1) {
            findings.problem(
                    folder,
                    ImportOutcome.UNREADABLE,
                    "There are more than " + maxEntries
                            + " files; what follows was not read. Import its folders one after the other.");
        }
        return entries <= maxEntries;
    }

    static String describe(Exception unreadable) {
        if (unreadable instanceof NoSuchFileException) {
            return "There is no such file. Check the path.";
        }
        return unreadable instanceof AccessDeniedException
                ? "This process may not read it. Run the import as the user who owns it."
                : "It cannot be read (" + unreadable + "). Check the disk and the permissions.";
    }
}
