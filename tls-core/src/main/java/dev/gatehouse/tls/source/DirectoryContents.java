package dev.gatehouse.tls.source;

import dev.gatehouse.tls.source.Look.Reading;
import dev.gatehouse.tls.source.WatchedFiles.Seen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The pairs among the files of a folder, and what is left over. */
final class DirectoryContents {

    private final Path folder;
    private final Map<Path, Seen<PemFile>> seen;
    private final List<Trouble> troubles = new ArrayList<>();

    private DirectoryContents(Path folder, Map<Path, Seen<PemFile>> seen) {
        this.folder = folder;
        this.seen = seen;
    }

    static Reading reading(Path folder, Map<Path, Seen<PemFile>> seen, Map<Path, String> unreadable) {
        return new DirectoryContents(folder, seen).reading(unreadable);
    }

    private Reading reading(Map<Path, String> unreadable) {
        unreadable.forEach((path, problem) -> troubles.add(new Trouble(path.toString(), problem, problem, path)));
        List<PemFile> contents = new ArrayList<>(seen.size());
        seen.forEach((path, file) -> {
            contents.add(file.content());
            String problem = file.content().problem();
            if (problem != null) {
                troubles.add(new Trouble(path.toString(), problem, file.digest(), path));
            }
        });
        Pairing pairing = Pairing.of(contents);
        pairing.lonely().forEach(lone -> troubles.add(trouble(lone)));
        List<Found> found = BulkWork.map(List.copyOf(pairing.pairs()), DirectoryContents::found);
        return new Reading(found, troubles, Collections.unmodifiableSet(seen.keySet()));
    }

    private Trouble trouble(Pairing.Lone lone) {
        Path path = lone.file().place().path();
        Seen<PemFile> file = path == null ? null : seen.get(path);
        return new Trouble(
                lone.file().name(),
                lone.isKey()
                        ? "The private key belongs to no certificate in " + folder + ". Put its certificate there."
                        : "The " + lone.description() + " has no private key in " + folder + ". Put its key there.",
                file == null ? "" : file.digest(),
                path);
    }

    private static Found found(Pairing.Pair pair) {
        Path certificate = pair.file().place().path();
        Path key = pair.key().path();
        Found.Files files = certificate == null || key == null ? null : new Found.Files(certificate, key);
        return new Found(pair.place(), pair.digest(), files, pair::credential);
    }
}
