package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads small files. One that is too large is not read into memory, however large it is and wherever it comes from. */
public final class BoundedFile {

    /** Chains have a few kilobytes; a file beyond this is something else. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int PIPE_BYTES = 1 << 14;

    private BoundedFile() {}

    /**
     * Reads a file, as far as it goes at the beginning: what is written to it meanwhile may be left out.
     *
     * @param file the file
     * @return its content
     * @throws CredentialException if it has more than {@link #MAX_BYTES}
     * @throws IOException if it cannot be read
     */
    public static byte[] read(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            boolean isSizeKnown = size > 0 && size <= MAX_BYTES;
            ByteBuffer content = ByteBuffer.allocate(isSizeKnown ? (int) size : PIPE_BYTES);
            while (size <= MAX_BYTES && content.hasRemaining() && channel.read(content) >= 0) {
                content = content.hasRemaining() || isSizeKnown ? content : larger(content);
                size = Math.max(size, content.position());
            }
            if (size > MAX_BYTES) {
                throw new CredentialException(file + ": too large (more than 1 MiB). Is it the right file?");
            }
            return Arrays.copyOf(content.array(), content.position());
        }
    }

    private static ByteBuffer larger(ByteBuffer full) {
        return ByteBuffer.allocate(full.capacity() * 2).put(full.flip());
    }
}
