package dev.gatehouse.routing.internal.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file that only the owner of the process can read. Where the system allows it, its name is removed as soon as
 * it is open, so that nothing is left behind whatever happens; elsewhere when it is closed.
 *
 * <p>Its methods block and are called by the workers only; safe for use by several of them.
 */
final class SpoolFile implements AutoCloseable {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final FileAttribute<?>[] OWNER_ONLY = POSIX
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];

    private final FileChannel channel;
    private final @Nullable Path leftOver;

    private SpoolFile(FileChannel channel, @Nullable Path leftOver) {
        this.channel = channel;
        this.leftOver = leftOver;
    }

    static SpoolFile open(Path folder) throws IOException {
        Path path = folder.resolve("gatehouse-" + UUID.randomUUID());
        FileChannel channel = create(path);
        return new SpoolFile(channel, unlink(path) ? null : path);
    }

    static FileChannel create(Path path) throws IOException {
        Set<StandardOpenOption> options =
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return FileChannel.open(path, options, OWNER_ONLY);
    }

    private static boolean unlink(Path path) {
        try {
            Files.delete(path);
            return true;
        } catch (IOException openFilesStay) {
            return false;
        }
    }

    /** Appends all bytes of a buffer. */
    synchronized void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads from a position until the buffer is full or the file ends. */
    synchronized void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
        if (leftOver != null) {
            Files.deleteIfExists(leftOver);
        }
    }
}
