package dev.gatehouse.acme.internal.storage;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What expires when, as empty files: {@code expiry/<kind>/<hour>/<millisecond>-<name>}. A marker is made before the record
 * that it is for and removed after it, so a crash may leave a marker too many, never one too few.
 */
final class ExpiryIndex {

    private static final Logger log = LoggerFactory.getLogger(ExpiryIndex.class);

    /** The last moment that a certificate can name, and the last that a marker can. */
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH").withZone(ZoneOffset.UTC);
    private static final Pattern HOUR_NAME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}");
    private static final int MILLIS_DIGITS = 15;

    /** A folder is only remembered when it has been left alone for so long that its time of change says everything. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final int WORTH_REMEMBERING = 1_000;

    private final Path root;
    private final AtomicReference<@Nullable Listing> lastLarge = new AtomicReference<>();

    private record Listing(Path hour, FileTime modified, List<String> markers) {}

    /**
     * A marker.
     *
     * @param expiresAt the moment
     * @param fileName the file of the record, without extension
     */
    record Marker(Instant expiresAt, String fileName) {

        static Marker of(Instant expiresAt, String name) {
            return new Marker(expiresAt, FileNames.of(name));
        }

        private static Optional<Marker> parse(String text) {
            if (text.length() < MILLIS_DIGITS + 2 || text.charAt(MILLIS_DIGITS) != '-') {
                return Optional.empty();
            }
            try {
                Instant expiresAt = Instant.ofEpochMilli(Long.parseLong(text.substring(0, MILLIS_DIGITS)));
                return Optional.of(new Marker(expiresAt, text.substring(MILLIS_DIGITS + 1)));
            } catch (NumberFormatException notOurs) {
                return Optional.empty();
            }
        }

        private String text() {
            return String.format(Locale.ROOT, "%0" + MILLIS_DIGITS + "d-%s", expiresAt.toEpochMilli(), fileName);
        }
    }

    ExpiryIndex(Path storage) throws IOException {
        this.root = storage.resolve("expiry");
        PrivateFiles.createOwnFolder(root);
    }

    void add(ShardedFolder kind, Marker marker) throws IOException {
        PrivateFiles.createMarker(fileOf(kind, marker), kind.durability());
    }

    boolean contains(ShardedFolder kind, Marker marker) {
        return Files.exists(fileOf(kind, marker));
    }

    void remove(ShardedFolder kind, Marker marker) throws IOException {
        Files.deleteIfExists(fileOf(kind, marker));
    }

    /** Finds the first markers before a moment and after another marker, in their order. */
    List<Marker> list(ShardedFolder kind, Instant before, int limit, @Nullable Marker after) throws IOException {
        if (!before.isAfter(Instant.EPOCH)) {
            return List.of();
        }
        Path folder = root.resolve(kind.kind());
        Instant end = before.isAfter(LATEST) ? LATEST.plusMillis(1) : before;
        String lastHour = HOUR.format(end);
        String firstHour = after == null ? "" : HOUR.format(after.expiresAt);
        List<Marker> found = new ArrayList<>();
        for (String hour : hours(folder)) {
            boolean outside = hour.compareTo(lastHour) > 0 && !end.isAfter(LATEST) || hour.compareTo(firstHour) < 0;
            if (outside) {
                continue;
            }
            for (String text : markersOf(folder.resolve(hour), after)) {
                Optional<Marker> marker = Marker.parse(text).filter(parsed -> parsed.expiresAt.isBefore(end));
                marker.ifPresent(found::add);
                if (found.size() == limit) {
                    return found;
                }
            }
        }
        return found;
    }

    private List<String> markersOf(Path hour, @Nullable Marker after) throws IOException {
        List<String> all = listing(hour);
        if (after == null) {
            return all;
        }
        int position = Collections.binarySearch(all, after.text());
        return all.subList(position >= 0 ? position + 1 : -position - 1, all.size());
    }

    private List<String> listing(Path hour) throws IOException {
        FileTime modified;
        try {
            modified = Files.getLastModifiedTime(hour);
        } catch (NoSuchFileException removed) {
            return List.of();
        }
        Listing remembered = lastLarge.get();
        if (remembered != null && remembered.hour.equals(hour) && remembered.modified.equals(modified)) {
            return remembered.markers;
        }
        // The time of change is the system's, whatever clock the storage was given.
        Instant quietSince = InstantSource.system().instant().minus(QUIET);
        List<String> markers = PrivateFiles.sortedNames(hour);
        if (markers.size() >= WORTH_REMEMBERING && modified.toInstant().isBefore(quietSince)) {
            lastLarge.set(new Listing(hour, modified, markers));
        }
        return markers;
    }

    /** Removes the folders of hours up to a moment that have become empty. */
    void removeEmptyHours(ShardedFolder kind, Instant until) throws IOException {
        if (until.isBefore(Instant.EPOCH)) {
            return;
        }
        Path folder = root.resolve(kind.kind());
        String thisHour = HOUR.format(until.isAfter(LATEST) ? LATEST : until);
        for (String hour : hours(folder)) {
            if (hour.compareTo(thisHour) > 0) {
                return;
            }
            try {
                Files.deleteIfExists(folder.resolve(hour));
            } catch (DirectoryNotEmptyException inUse) {
                log.trace("{}: in use, {}", hour, inUse.getMessage());
            }
        }
    }

    private static List<String> hours(Path folder) throws IOException {
        return PrivateFiles.sortedNames(folder).stream()
                .filter(name -> HOUR_NAME.matcher(name).matches())
                .toList();
    }

    private Path fileOf(ShardedFolder kind, Marker marker) {
        return root.resolve(kind.kind()).resolve(HOUR.format(marker.expiresAt)).resolve(marker.text());
    }
}
