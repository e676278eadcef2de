package dev.gatehouse.acme.internal.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/**
 * Damaged files, for a person to look at: {@code damaged/<when>-<what>-<why>-<random>}. The oldest go when there are too
 * many.
 */
final class Quarantine {

    static final int MAX_KEPT = 100;

    private static final int MAX_LABEL = 150;
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final InstantSource clock;

    Quarantine(Path storage, InstantSource clock) throws IOException {
        this.folder = storage.resolve("damaged");
        this.clock = clock;
        PrivateFiles.createOwnFolder(folder);
    }

    Path setAside(Path file, String label, Damage damage) throws IOException {
        String shortLabel = label.substring(0, Math.min(label.length(), MAX_LABEL));
        String random = UUID.randomUUID().toString().substring(0, 8);
        Path kept =
                folder.resolve(MOMENT.format(clock.instant()) + "-" + shortLabel + "-" + damage.slug() + "-" + random);
        Files.move(file, kept);
        forgetOldest();
        return kept;
    }

    private void forgetOldest() throws IOException {
        List<String> kept = PrivateFiles.sortedNames(folder);
        for (String oldest : kept.subList(0, Math.max(0, kept.size() - MAX_KEPT))) {
            Files.deleteIfExists(folder.resolve(oldest));
        }
    }
}
