package dev.gatehouse.acme.internal.storage;

import dev.gatehouse.acme.CleaningProgress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A walk over all files of a kind in bounded steps. It remembers where it is; a new one begins at the first file. */
final class FolderWalk {

    private static final Logger log = LoggerFactory.getLogger(FolderWalk.class);

    private static final int SHARDS = 256;

    private final ShardedFolder folder;
    private int shard;
    private String after = "";

    /** What is done with each name; says whether it did anything. */
    @FunctionalInterface
    interface Visit {
        boolean visit(String name) throws IOException;
    }

    FolderWalk(ShardedFolder folder) {
        this.folder = folder;
    }

    /** Goes on by a number of files. What fails is logged and left for the next walk. */
    synchronized CleaningProgress step(int limit, Visit visit) throws IOException {
        int seen = 0;
        int done = 0;
        while (shard < SHARDS) {
            List<String> names = folder.fileNames(shard);
            for (String fileName : names) {
                if (fileName.compareTo(after) <= 0) {
                    continue;
                }
                if (seen++ == limit) {
                    return new CleaningProgress(done, false);
                }
                after = fileName;
                done += visit(fileName, visit) ? 1 : 0;
            }
            shard++;
            after = "";
        }
        shard = 0;
        return new CleaningProgress(done, true);
    }

    private boolean visit(String fileName, Visit visit) {
        try {
            Optional<String> name = folder.nameOf(fileName);
            return name.isPresent() && visit.visit(name.get());
        } catch (IOException | IllegalArgumentException unusable) {
            log.warn("{} {}: left as it is, {}", folder.kind(), fileName, unusable.getMessage());
            return false;
        }
    }
}
