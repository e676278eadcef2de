package dev.gatehouse.acme.migration;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something that was found, with what is decided about it.
 *
 * @param subject what the user calls it
 * @param source where it was found
 * @param target the record that may be written; empty if that is out of the question
 * @param decision what becomes of it
 */
record PlannedImport(String subject, Path source, Optional<ImportTarget> target, Decision decision) {

    static PlannedImport of(ImportTarget target, Decision decision) {
        return new PlannedImport(target.subject(), target.source(), Optional.of(target), decision);
    }

    static PlannedImport refused(String subject, Path source, ImportOutcome outcome, String explanation) {
        return new PlannedImport(subject, source, Optional.empty(), new Decision(outcome, explanation, 0));
    }

    PlannedImport applied(TargetStorage storage) {
        return target.filter(written -> decision.outcome().isWritten())
                .map(written -> of(written, storage.write(written, decision)))
                .orElse(this);
    }

    /** One line for all names of a certificate of which the same is to be said. */
    static List<ImportEntry> entries(List<PlannedImport> imports) {
        return imports.stream()
                .collect(Collectors.groupingBy(PlannedImport::line, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(group -> new ImportEntry(
                        group.getValue().stream()
                                .map(PlannedImport::subject)
                                .distinct()
                                .collect(Collectors.joining(", ")),
                        group.getKey().source(),
                        group.getKey().outcome(),
                        group.getKey().explanation()))
                .toList();
    }

    private Line line() {
        return new Line(source, decision.outcome(), decision.explanation());
    }

    private record Line(Path source, ImportOutcome outcome, String explanation) {}
}
