package dev.gatehouse.acme.migration;

import java.nio.file.Path;

/** A file, or a pair of them, cannot be used. */
final class UnusableSourceException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient ImportProblem problem;

    UnusableSourceException(Path source, ImportOutcome outcome, String explanation) {
        super(source + ": " + explanation);
        this.problem = new ImportProblem(source, outcome, explanation);
    }

    ImportProblem problem() {
        return problem;
    }
}
