package dev.gatehouse.acme.migration;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an import would do, decided by what folder and storage had when they were read.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ImportPlan {

    private static final Logger log = LoggerFactory.getLogger(ImportPlan.class);

    private final ImportLayout layout;
    private final List<PlannedImport> imports;
    private final TargetStorage storage;

    private ImportPlan(ImportLayout layout, List<PlannedImport> imports, TargetStorage storage) {
        this.layout = layout;
        this.imports = imports;
        this.storage = storage;
    }

    static ImportPlan of(
            ImportContents contents,
            CertificateDecisions certificates,
            AccountDecisions accounts,
            TargetStorage storage) {
        List<PlannedImport> imports = new ArrayList<>(certificates.decide(contents.certificates()));
        imports.addAll(accounts.decide(contents.accounts()));
        contents.problems()
                .forEach(problem -> imports.add(PlannedImport.refused(
                        problem.source().toString(), problem.source(), problem.outcome(), problem.explanation())));
        return new ImportPlan(contents.layout(), List.copyOf(imports), storage);
    }

    /** {@return how the folder is laid out} */
    public ImportLayout layout() {
        return layout;
    }

    /**
     * {@return one entry for each thing that was found: certificates, accounts, then problems. The names of a certificate
     * have one entry, unless different things become of them}
     */
    public List<ImportEntry> entries() {
        return PlannedImport.entries(imports);
    }

    /**
     * Writes what is to be written. What somebody else has written since is looked at again, and not replaced if it is as
     * good. Each entry of the report is logged. Blocks.
     *
     * @return what became of each thing; a record that could not be written is {@link ImportOutcome#FAILED} and keeps no
     *     other from being written
     */
    public ImportReport apply() {
        ImportReport report = new ImportReport(
                layout,
                PlannedImport.entries(imports.stream()
                        .map(planned -> planned.applied(storage))
                        .toList()));
        report.entries().forEach(entry -> {
            if (entry.outcome().isProblem()) {
                log.warn("{}", entry);
            } else {
                log.info("{}", entry);
            }
        });
        return report;
    }

    /** {@return all entries, one a line} */
    @Override
    public String toString() {
        return new ImportReport(layout, entries()).toString();
    }
}
