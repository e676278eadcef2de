package dev.gatehouse.tls.source;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.source.Look.Unchanged;
import dev.gatehouse.tls.source.Look.Unusable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder with any number of pairs. Scanning takes at most a tenth of the time; of folders so large that this would make
 * changes wait, the operating system's hints are heard in between.
 */
final class DirectoryReader implements SourceReader {

    private static final int REST_PER_SCAN = 9;
    private static final Duration LONG_REST = Duration.ofMillis(900);

    private final Path folder;
    private final int maxDepth;
    private final InstantSource clock;
    private final WatchedFiles<PemFile> files;
    private Map<Path, String> unreadable = Map.of();
    private @Nullable FolderHints hints;
    private Instant nextScan = Instant.MIN;
    private Instant nextHintedScan = Instant.MIN;
    private boolean mustShow = true;

    DirectoryReader(Path folder, int maxDepth, PemParser parser, InstantSource clock) {
        this.folder = folder;
        this.maxDepth = maxDepth;
        this.clock = clock;
        this.files = new WatchedFiles<>(parser, clock);
    }

    @Override
    public Look look() {
        boolean changed;
        try {
            changed = isScanDue() ? scan() : lookAtHinted();
        } catch (IOException | CredentialException unusable) {
            mustShow = true;
            String problem = describe(unusable);
            return new Unusable(problem, problem);
        }
        if (!changed && !mustShow) {
            return Unchanged.UNCHANGED;
        }
        mustShow = false;
        return DirectoryContents.reading(folder, files.seen(), unreadable);
    }

    @Override
    public void distrust() {
        files.distrust();
        nextScan = Instant.MIN;
        mustShow = true;
    }

    @Override
    public void close() {
        if (hints != null) {
            hints.close();
        }
    }

    private boolean isScanDue() {
        Instant now = clock.instant();
        if (hints != null) {
            hints.drain();
            boolean isUrgent = hints.mustScan() || hints.changed().stream().anyMatch(Files::isDirectory);
            nextScan = isUrgent && nextHintedScan.isBefore(nextScan) ? nextHintedScan : nextScan;
        }
        return !now.isBefore(nextScan);
    }

    private boolean lookAtHinted() {
        List<Path> hinted = hints == null
                ? List.of()
                : hints.changed().stream()
                        .filter(path ->
                                Files.isRegularFile(path) || files.seen().containsKey(path))
                        .toList();
        return files.updateOnly(hinted);
    }

    private boolean scan() throws IOException {
        Instant start = clock.instant();
        FolderScan scan = FolderScan.of(folder, maxDepth);
        Instant end = clock.instant();
        listenIfLarge(Duration.between(start, end), scan.folders());
        boolean changed = !unreadable.equals(scan.unreadable());
        unreadable = scan.unreadable();
        changed |= files.update(withThoseBehindUnreadable(scan.files()));
        rest(Duration.between(start, end));
        return changed;
    }

    private void rest(Duration scanned) {
        Instant now = clock.instant();
        nextScan = now.plus(scanned.multipliedBy(REST_PER_SCAN));
        nextHintedScan = now.plus(scanned);
    }

    private void listenIfLarge(Duration scanned, List<Path> folders) {
        if (hints == null && scanned.multipliedBy(REST_PER_SCAN).compareTo(LONG_REST) > 0) {
            hints = FolderHints.open(folder.getFileSystem());
        }
        if (hints != null) {
            hints.watch(folders);
        }
    }

    /** What cannot be seen has not gone. */
    private Map<Path, FileSignature> withThoseBehindUnreadable(Map<Path, FileSignature> present) {
        if (unreadable.isEmpty()) {
            return present;
        }
        Map<Path, FileSignature> all = new HashMap<>(present);
        files.seen().forEach((file, seen) -> {
            if (unreadable.keySet().stream().anyMatch(file::startsWith)) {
                all.putIfAbsent(file, seen.signature());
            }
        });
        return all;
    }

    private static String describe(Exception cause) {
        if (cause instanceof NoSuchFileException) {
            return "The directory does not exist. Check the path, and that it is mounted.";
        }
        if (cause instanceof NotDirectoryException) {
            return "This is not a directory. Name the directory that has the certificates.";
        }
        return cause instanceof CredentialException
                ? String.valueOf(cause.getMessage())
                : "The directory cannot be read (" + cause + "). Check its permissions.";
    }
}
