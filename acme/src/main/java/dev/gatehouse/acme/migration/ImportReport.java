package dev.gatehouse.acme.migration;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What an import has done.
 *
 * @param layout how the folder is laid out
 * @param entries one for each thing that was found
 */
public record ImportReport(ImportLayout layout, List<ImportEntry> entries) {

    /**
     * Keeps a copy of the entries.
     *
     * @param layout how the folder is laid out
     * @param entries the entries
     */
    public ImportReport {
        entries = List.copyOf(entries);
    }

    /** {@return the entries that somebody should look into} */
    public List<ImportEntry> problems() {
        return entries.stream().filter(entry -> entry.outcome().isProblem()).toList();
    }

    /** {@return all entries with their outcomes, one a line} */
    @Override
    public String toString() {
        return entries.stream()
                .map(entry -> entry.outcome() + "  " + entry)
                .collect(Collectors.joining("\n", layout + "\n", ""));
    }
}
