package dev.gatehouse.tls.source;

import dev.gatehouse.tls.source.Look.Unchanged;
import dev.gatehouse.tls.source.Look.Unusable;
import dev.gatehouse.tls.source.WatchedFiles.Seen;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PEM files that were named one by one. */
final class PemFilesReader implements SourceReader {

    private final String name;
    private final List<Path> paths;
    private final WatchedFiles<PemFile> files;
    private boolean shown;

    PemFilesReader(String name, List<Path> paths, PemParser parser, InstantSource clock) {
        this.name = name;
        this.paths = paths;
        this.files = new WatchedFiles<>(parser, clock);
    }

    @Override
    public Look look() {
        boolean changed = files.updateOnly(paths);
        if (!changed && shown) {
            return Unchanged.UNCHANGED;
        }
        shown = true;
        Map<Path, Seen<PemFile>> seen = files.seen();
        List<PemFile> contents = new ArrayList<>();
        List<Object> digests = new ArrayList<>();
        for (Path path : paths) {
            Seen<PemFile> file = seen.get(path);
            if (file == null) {
                return new Unusable(
                        path + " does not exist. Check the path, and that it is mounted.", "absent " + path);
            }
            contents.add(file.content());
            digests.add(file.digest());
        }
        return PairedFiles.look(name, contents, Set.copyOf(paths), digests);
    }

    @Override
    public void distrust() {
        files.distrust();
        shown = false;
    }
}
