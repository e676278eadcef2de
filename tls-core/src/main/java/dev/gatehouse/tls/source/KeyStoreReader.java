package dev.gatehouse.tls.source;

import dev.gatehouse.tls.source.Look.Reading;
import dev.gatehouse.tls.source.Look.Unchanged;
import dev.gatehouse.tls.source.Look.Unusable;
import dev.gatehouse.tls.source.WatchedFiles.Seen;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** A key store in a file. */
final class KeyStoreReader implements SourceReader {

    private final Path path;
    private final WatchedFiles<KeyStoreFile> files;
    private boolean shown;

    KeyStoreReader(Path path, KeyStoreFile.Format format, InstantSource clock) {
        this.path = path;
        this.files = new WatchedFiles<>(format, clock);
    }

    @Override
    public Look look() {
        boolean changed = files.updateOnly(List.of(path));
        if (!changed && shown) {
            return Unchanged.UNCHANGED;
        }
        shown = true;
        Seen<KeyStoreFile> file = files.seen().get(path);
        if (file == null) {
            return new Unusable("The file does not exist. Check the path, and that it is mounted.", "absent");
        }
        String problem = file.content().problem();
        return problem == null
                ? new Reading(file.content().found(), List.of(), Set.of(path))
                : new Unusable(problem, file.digest());
    }

    @Override
    public void distrust() {
        files.distrust();
        shown = false;
    }
}
