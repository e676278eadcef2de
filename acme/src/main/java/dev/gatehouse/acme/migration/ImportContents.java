package dev.gatehouse.acme.migration;

import java.util.List;

/**
 * What a folder has.
 *
 * @param layout how it is laid out
 * @param certificates the certificates with their keys, sorted by path, expired ones included
 * @param accounts the accounts; of several at one authority, the preferred one first
 * @param problems the parts that could not be taken
 */
public record ImportContents(
        ImportLayout layout,
        List<ImportedCertificate> certificates,
        List<ImportedAccount> accounts,
        List<ImportProblem> problems) {

    /**
     * Keeps copies of the lists.
     *
     * @param layout how it is laid out
     * @param certificates the certificates
     * @param accounts the accounts
     * @param problems the problems
     */
    public ImportContents {
        certificates = List.copyOf(certificates);
        accounts = List.copyOf(accounts);
        problems = List.copyOf(problems);
    }
}
