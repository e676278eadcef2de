package dev.gatehouse.tls.source;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operating system says about changes in folders: hints that come early, not a full account. Changes on other
 * machines, behind symbolic links and beyond the system's limits are found by scanning alone. Confined to one thread.
 */
final class FolderHints implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WatchedCertificates.class);

    private static final int MAX_FOLDERS = 4096;

    private final WatchService service;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    private final Set<Path> changed = new HashSet<>();
    private boolean mustScan;

    private FolderHints(WatchService service) {
        this.service = service;
    }

    /** Null where the system gives no hints. */
    static @Nullable FolderHints open(FileSystem fileSystem) {
        try {
            return new FolderHints(fileSystem.newWatchService());
        } catch (IOException | UnsupportedOperationException none) {
            log.info(
                    "Watching folders: the system gives no hints ({}), so changes are found by scanning.",
                    none.toString());
            return null;
        }
    }

    void watch(Collection<Path> current) {
        Set<Path> known = new HashSet<>(folders.values());
        try {
            for (Path folder : current) {
                if (folders.size() < MAX_FOLDERS && !known.contains(folder)) {
                    folders.put(
                            folder.register(
                                    service,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_MODIFY,
                                    StandardWatchEventKinds.ENTRY_DELETE),
                            folder);
                }
            }
        } catch (IOException limit) {
            log.info(
                    "Watching folders: hints for {} of {} only ({}).",
                    folders.size(),
                    current.size(),
                    limit.toString());
        }
    }

    /** Takes what was said since the last call. */
    void drain() {
        changed.clear();
        mustScan = false;
        for (WatchKey key = service.poll(); key != null; key = service.poll()) {
            Path folder = folders.get(key);
            for (WatchEvent<?> event : key.pollEvents()) {
                note(folder, event);
            }
            if (!key.reset()) {
                folders.remove(key);
                mustScan = true;
            }
        }
    }

    private void note(@Nullable Path folder, WatchEvent<?> event) {
        if (folder == null || !(event.context() instanceof Path name) || FolderScan.isHidden(name)) {
            mustScan = true;
        } else {
            changed.add(folder.resolve(name));
        }
    }

    /** The files and folders that have changed. */
    Set<Path> changed() {
        return changed;
    }

    /** Whether something has changed that the names do not tell. */
    boolean mustScan() {
        return mustScan;
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException ignored) {
            log.debug("Watching folders: the system's hints could not be closed ({}).", ignored.toString());
        }
    }
}
