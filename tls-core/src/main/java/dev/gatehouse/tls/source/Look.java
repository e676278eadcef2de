package dev.gatehouse.tls.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What a look at a source shows. */
sealed interface Look {

    /** Nothing new since the last look. */
    enum Unchanged implements Look {
        UNCHANGED
    }

    /**
     * The source as a whole cannot be used.
     *
     * @param problem what is wrong, and what to do
     * @param content tells contents apart; the same problem of the same content is reported once
     */
    record Unusable(String problem, Object content) implements Look {}

    /**
     * What the source has now.
     *
     * @param found its pairs of key and certificates
     * @param troubles what is wrong with the rest
     * @param files all its files, of use or not
     */
    record Reading(List<Found> found, List<Trouble> troubles, Set<Path> files) implements Look {}
}
