package dev.gatehouse.acme.migration;

import java.nio.file.Path;

/**
 * A part of a folder that could not be taken.
 *
 * @param source the file or folder
 * @param outcome what kind of problem it is
 * @param explanation what is wrong, and what to do
 */
public record ImportProblem(Path source, ImportOutcome outcome, String explanation) {

    /** {@return path and explanation} */
    @Override
    public String toString() {
        return source + ": " + explanation;
    }
}
