package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CleaningProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of files that are being written. A writer that crashes leaves its file there. */
final class TemporaryFiles {

    private static final Logger log = LoggerFactory.getLogger(TemporaryFiles.class);

    /** No write takes so long. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path folder;

    TemporaryFiles(Path storage) throws IOException {
        this.folder = storage.resolve("temporary");
        PrivateFiles.createOwnFolder(folder);
    }

    Path folder() {
        return folder;
    }

    /** Removes what was abandoned. Times of files are the system's, whatever clock the storage was given. */
    CleaningProgress sweep(int limit) throws IOException {
        Instant abandonedBefore = InstantSource.system().instant().minus(ABANDONED);
        int removed = 0;
        for (String name : PrivateFiles.sortedNames(folder)) {
            if (removed == limit) {
                return new CleaningProgress(removed, false);
            }
            Path file = folder.resolve(name);
            if (isOlder(file, abandonedBefore) && Files.deleteIfExists(file)) {
                log.info("{}: left by a writer that crashed; removed.", file);
                removed++;
            }
        }
        return new CleaningProgress(removed, true);
    }

    private static boolean isOlder(Path file, Instant moment) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(moment);
        } catch (NoSuchFileException written) {
            return false;
        }
    }
}
