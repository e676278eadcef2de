package dev.gatehouse.acme.migration;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects what a reader finds. Not safe for use by several threads. */
final class Findings {

    private final List<ImportedCertificate> certificates = new ArrayList<>();
    private final List<ImportedAccount> accounts = new ArrayList<>();
    private final List<ImportProblem> problems = new ArrayList<>();
    private final Optional<URI> givenDirectory;

    Findings(Optional<URI> givenDirectory) {
        this.givenDirectory = givenDirectory;
    }

    /** The directory that the user says is meant where the folder does not tell. */
    Optional<URI> givenDirectory() {
        return givenDirectory;
    }

    void add(ImportedCertificate certificate) {
        certificates.add(certificate);
    }

    void add(ImportedAccount account) {
        accounts.add(account);
    }

    void problem(Path source, ImportOutcome outcome, String explanation) {
        problems.add(new ImportProblem(source, outcome, explanation));
    }

    void problem(UnusableSourceException unusable) {
        problems.add(unusable.problem());
    }

    boolean isEmpty() {
        return certificates.isEmpty() && accounts.isEmpty() && problems.isEmpty();
    }

    ImportContents contents(ImportLayout layout) {
        certificates.sort(Comparator.comparing(ImportedCertificate::source));
        return new ImportContents(layout, certificates, accounts, problems);
    }
}
