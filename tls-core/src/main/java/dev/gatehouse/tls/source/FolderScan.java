package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The regular files of a folder and of its sub-folders, down to a depth. Symbolic links are followed. Names that begin
 * with a dot are passed over: they are hidden, or the versions behind a mounted secret of Kubernetes.
 */
final class FolderScan {

    static final int MAX_FILES = 1_000_000;

    private final int maxDepth;
    private final Map<Path, FileSignature> files = new HashMap<>();
    private final List<Path> folders = new ArrayList<>();
    private final Map<Path, String> unreadable = new HashMap<>();

    private FolderScan(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /**
     * Scans a folder.
     *
     * @throws IOException if the folder itself cannot be read
     * @throws CredentialException if there are too many files
     */
    static FolderScan of(Path folder, int maxDepth) throws IOException {
        FolderScan scan = new FolderScan(maxDepth);
        scan.list(folder, 0);
        return scan;
    }

    Map<Path, FileSignature> files() {
        return files;
    }

    /** The folder and its sub-folders. */
    List<Path> folders() {
        return folders;
    }

    /** Sub-folders that could not be read, and why. */
    Map<Path, String> unreadable() {
        return unreadable;
    }

    static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private void list(Path folder, int depth) throws IOException {
        List<Entry> entries = entriesOf(folder);
        BulkWork.forEach(entries, Entry::look);
        entries.stream().filter(Entry::isFile).forEach(file -> files.put(file.path, file.signature()));
        requireNotTooMany(files.size());
        folders.add(folder);
        if (depth < maxDepth) {
            entries.stream().filter(Entry::isFolder).forEach(subFolder -> listSubFolder(subFolder.path, depth + 1));
        }
    }

    private static List<Entry> entriesOf(Path folder) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                if (!isHidden(path)) {
                    entries.add(new Entry(path));
                    requireNotTooMany(entries.size());
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        return entries;
    }

    private static void requireNotTooMany(int files) {
        if (files > MAX_FILES) {
            throw new CredentialException("There are more than " + MAX_FILES
                    + " files. Name the folder that has the certificates, or divide them among several.");
        }
    }

    private void listSubFolder(Path folder, int depth) {
        try {
            list(folder, depth);
        } catch (NoSuchFileException gone) {
            // Deleted since the folder above was listed, so it is simply not there.
        } catch (IOException problem) {
            unreadable.put(folder, "cannot be read (" + problem + "). Check its permissions.");
        }
    }

    /** Something in a folder. Looking at it is what takes time, so many are looked at by several threads. */
    private static final class Entry {

        private final Path path;
        private @Nullable BasicFileAttributes attributes;

        Entry(Path path) {
            this.path = path;
        }

        /** Leaves no attributes of what has just gone, or is a link to nothing. */
        void look() {
            try {
                attributes = Files.readAttributes(path, BasicFileAttributes.class);
            } catch (IOException gone) {
                attributes = null;
            }
        }

        boolean isFile() {
            return attributes != null && attributes.isRegularFile();
        }

        boolean isFolder() {
            return attributes != null && attributes.isDirectory();
        }

        FileSignature signature() {
            return FileSignature.of(Objects.requireNonNull(attributes, "attributes"));
        }
    }
}
