package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.internal.der.Digest;
import dev.gatehouse.tls.source.Look.Reading;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What would be held after a reading, worked out before anything is touched. Pairs that have not changed keep their
 * credential; pairs that are not good keep the previous one.
 */
final class Plan {

    private static final int MANY = 1000;

    private final Map<String, Held> before;
    private final Map<String, Held> after = new HashMap<>();
    private final List<Trouble> troubles = new ArrayList<>();
    private @Nullable Instant retryAt;

    private Plan(Map<String, Held> before) {
        this.before = before;
    }

    static Plan of(Map<String, Held> before, Reading reading, Instant now) {
        Plan plan = new Plan(before);
        List<Opening> openings = plan.keepUnchanged(reading, now);
        BulkWork.forEach(openings, Opening::open);
        openings.forEach(plan::take);
        Set<Path> explained = plan.keepHalfWritten(reading);
        reading.troubles().stream()
                .filter(trouble -> trouble.file() == null || !explained.contains(trouble.file()))
                .forEach(plan.troubles::add);
        return plan;
    }

    /** By place. */
    Map<String, Held> after() {
        return after;
    }

    List<Trouble> troubles() {
        return troubles;
    }

    /** When a certificate that was refused becomes valid, or null. */
    @Nullable
    Instant retryAt() {
        return retryAt;
    }

    private List<Opening> keepUnchanged(Reading reading, Instant now) {
        Map<Digest, Credential> known = new HashMap<>();
        before.values().forEach(held -> known.put(held.found().digest(), held.credential()));
        List<Opening> openings = new ArrayList<>();
        boolean areMany = reading.found().size() - before.size() > MANY;
        for (Found found : reading.found()) {
            Credential credential = known.get(found.digest());
            if (credential == null) {
                openings.add(new Opening(found, before.get(found.place()), areMany, now));
            } else {
                after.put(found.place(), new Held(found, credential));
            }
        }
        return openings;
    }

    private void take(Opening opening) {
        Found found = opening.found();
        Credential credential = opening.credential();
        if (credential != null) {
            after.put(found.place(), new Held(found, credential));
            return;
        }
        troubles.add(new Trouble(found.place(), opening.problem(), found.digest()));
        retryAt = earlier(retryAt, opening.retryAt());
        Held previous = opening.previous();
        if (previous != null) {
            after.put(found.place(), previous);
        }
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }

    /** Returns the files whose troubles are told by the places that they belong to. */
    private Set<Path> keepHalfWritten(Reading reading) {
        Set<Path> yielding = new HashSet<>();
        for (Found found : reading.found()) {
            if (found.files() != null) {
                yielding.add(found.files().certificate());
            }
        }
        Set<Path> explained = new HashSet<>();
        before.forEach((place, held) -> {
            Found.Files files = held.found().files();
            if (files != null && !after.containsKey(place) && !yielding.contains(files.certificate())) {
                keepWhileFilesExist(held, files, reading, explained);
            }
        });
        return explained;
    }

    private void keepWhileFilesExist(Held held, Found.Files files, Reading reading, Set<Path> explained) {
        boolean certificateExists = reading.files().contains(files.certificate());
        if (!certificateExists && !reading.files().contains(files.key())) {
            return;
        }
        String place = held.found().place();
        after.put(place, held);
        List<Trouble> own = reading.troubles().stream()
                .filter(trouble -> files.contain(trouble.file()))
                .toList();
        List<Object> contents = new ArrayList<>(List.of(certificateExists));
        own.forEach(trouble -> contents.add(trouble.content()));
        troubles.add(new Trouble(place, reason(own, place), contents));
        explained.add(files.certificate());
        explained.add(files.key());
    }

    private static String reason(List<Trouble> own, String place) {
        return own.stream()
                .sorted((one, other) ->
                        Boolean.compare(other.place().equals(place), one.place().equals(place)))
                .map(trouble ->
                        trouble.place().equals(place) ? trouble.reason() : trouble.place() + ": " + trouble.reason())
                .findFirst()
                .orElse("It has no certificate with its private key any more. Write both, or delete the file.");
    }
}
