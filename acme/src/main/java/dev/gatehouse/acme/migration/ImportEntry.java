package dev.gatehouse.acme.migration;

import java.nio.file.Path;

/**
 * One line about one thing that was found.
 *
 * @param subject what it is: the names of a certificate, an account, or a path where neither is known
 * @param source where it was found
 * @param outcome what becomes of it
 * @param explanation one sentence or two: why, and what to do if anything; nothing secret
 */
public record ImportEntry(String subject, Path source, ImportOutcome outcome, String explanation) {

    /** {@return the line: subject and explanation} */
    @Override
    public String toString() {
        return subject + ": " + explanation;
    }
}
