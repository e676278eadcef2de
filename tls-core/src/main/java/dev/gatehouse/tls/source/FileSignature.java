package dev.gatehouse.tls.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What changes about a file when its content does, as cheap to get as a file system allows. Symbolic links are followed,
 * so exchanging one changes the identity.
 *
 * @param size in bytes
 * @param modifiedNanos when it was written, since the epoch
 * @param identity which file it is, or null on file systems that do not tell
 */
record FileSignature(
        long size, long modifiedNanos, @Nullable Object identity) {

    /** File systems tell the time of writing in steps of up to two seconds. */
    static final Duration COARSEST_STEP = Duration.ofSeconds(2);

    static FileSignature of(Path file) throws IOException {
        return of(Files.readAttributes(file, BasicFileAttributes.class));
    }

    static FileSignature of(BasicFileAttributes attributes) {
        return new FileSignature(
                attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.fileKey());
    }

    /** Whether a file that was read at an instant cannot have been written after that without a change of this. */
    boolean isSettledAt(Instant readAt) {
        long readNanos = TimeUnit.SECONDS.toNanos(readAt.getEpochSecond()) + readAt.getNano();
        return Math.abs(readNanos - modifiedNanos) > COARSEST_STEP.toNanos();
    }
}
