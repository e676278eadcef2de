package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.internal.budget.RateLimitNotice.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How pauses are stored: a line for each, with the moment, the scope, the subject and the reason, between tabs. */
final class PauseText {

    private static final int MAX_PAUSES = 500;

    private PauseText() {}

    private record Key(Scope scope, String subject) {}

    static byte[] format(List<Pause> pauses) {
        return pauses.stream()
                .map(pause -> String.join(
                        "\t",
                        pause.until().toString(),
                        pause.scope().name(),
                        Pause.oneLine(pause.subject()),
                        Pause.oneLine(pause.reason())))
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Lines that cannot be read are left out. */
    static List<Pause> parse(StoredRecord record) {
        return new String(record.content(), StandardCharsets.UTF_8)
                .lines()
                .flatMap(line -> parse(line).stream())
                .toList();
    }

    private static Optional<Pause> parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Pause(Scope.valueOf(fields[1]), fields[2], Instant.parse(fields[0]), fields[3]));
        } catch (RuntimeException damaged) {
            return Optional.empty();
        }
    }

    /** The newer pause of the same scope and subject counts; those that are over go, and the shortest if there are many. */
    static List<Pause> merge(List<Pause> older, List<Pause> newer, Instant now) {
        Map<Key, Pause> pauses = new LinkedHashMap<>();
        Stream.concat(older.stream(), newer.stream())
                .filter(pause -> now.isBefore(pause.until()))
                .forEach(pause -> pauses.put(new Key(pause.scope(), pause.subject()), pause));
        return pauses.values().stream()
                .sorted(Comparator.comparing(Pause::until).reversed())
                .limit(MAX_PAUSES)
                .toList();
    }
}
