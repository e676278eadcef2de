package dev.gatehouse.acme.internal.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that only their owner can read, replaced in one step and forced to the disk. A thread that is interrupted finishes
 * what it has begun, and stays interrupted.
 */
final class PrivateFiles {

    private static final Logger log = LoggerFactory.getLogger(PrivateFiles.class);

    private static final Set<PosixFilePermission> OWNER_ENTERS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_READS = PosixFilePermissions.fromString("rw-------");

    private final Path temporaryFolder;

    /** Temporary files go to a folder of the same file system. */
    PrivateFiles(Path temporaryFolder) {
        this.temporaryFolder = temporaryFolder;
    }

    /** Makes a folder, and those above it, that only its owner can enter; one that is there keeps its permissions. */
    static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes(folder, OWNER_ENTERS));
        }
    }

    /** Makes a folder that only its owner can enter; one that is open to others is closed to them. */
    static void createOwnFolder(Path folder) throws IOException {
        createFolder(folder);
        if (!isPosix(folder)) {
            return;
        }
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(folder);
        if (!OWNER_ENTERS.containsAll(found)) {
            String before = PosixFilePermissions.toString(found);
            try {
                Files.setPosixFilePermissions(folder, OWNER_ENTERS);
                log.warn("{}: was open to others ({}) and holds private keys; it is closed now.", folder, before);
            } catch (IOException notOurs) {
                log.warn(
                        "{}: is open to others ({}) and holds private keys; it could not be closed ({})."
                                + " Run: chmod 700 {}",
                        folder,
                        before,
                        notOurs.toString(),
                        folder);
            }
        }
    }

    /** Says so if others could move folders in and out of this one. */
    static void warnIfOthersMayWrite(Path folder) throws IOException {
        if (!isPosix(folder)) {
            return;
        }
        Set<PosixFilePermission> others = EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(folder);
        others.retainAll(found);
        if (!others.isEmpty()) {
            log.warn(
                    "{}: others may write to it ({}), so they can replace certificates and keys. Run: chmod go-w {}",
                    folder,
                    PosixFilePermissions.toString(found),
                    folder);
        }
    }

    /** Reads a file with one opening of it; of a large one, one byte more than the limit. */
    static Optional<byte[]> read(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(limit + 1));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** {@return the names in a folder, in order; none if there is no such folder} */
    static List<String> sortedNames(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        Collections.sort(names);
        return names;
    }

    /** Puts bytes in the place of a file in one step. */
    void replace(Path file, byte[] bytes, Durability durability) throws IOException {
        Path folder = folderOf(file);
        createDurably(folder);
        Path temporary = temporaryFolder.resolve(UUID.randomUUID() + ".tmp");
        try {
            uninterrupted(() -> writeNew(temporary, bytes, durability != Durability.OF_THE_SYSTEM));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        if (durability == Durability.FORCED) {
            forceFolder(folder);
        }
    }

    private static void createDurably(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            createFolder(folder);
            forceFolder(folderOf(folder));
        }
    }

    private static void writeNew(Path file, byte[] bytes, boolean forced) throws IOException {
        Files.deleteIfExists(file);
        Set<StandardOpenOption> anew = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, anew, attributes(file, OWNER_READS))) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            if (forced) {
                channel.force(true);
            }
        }
    }

    /** Makes an empty file, and its folder if that is missing or vanishes meanwhile. */
    static void createMarker(Path file, Durability durability) throws IOException {
        Path folder = folderOf(file);
        while (true) {
            createDurably(folder);
            try {
                Files.createFile(file, attributes(file, OWNER_READS));
                break;
            } catch (FileAlreadyExistsException present) {
                return;
            } catch (NoSuchFileException folderWasRemoved) {
                log.trace("{}: removed while it was used", folder);
            }
        }
        if (durability == Durability.FORCED) {
            forceFolder(folder);
        }
    }

    /** Makes changes of a folder survive a power failure, where folders can be opened. */
    static void forceFolder(Path folder) throws IOException {
        if (isPosix(folder)) {
            uninterrupted(() -> {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                } catch (NoSuchFileException gone) {
                    log.trace("{}: removed while it was used", folder);
                }
            });
        }
    }

    static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static void uninterrupted(Action action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    action.run();
                    return;
                } catch (ClosedByInterruptException again) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static FileAttribute<?>[] ownerReads(Path path) {
        return attributes(path, OWNER_READS);
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
