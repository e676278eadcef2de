package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.acme.internal.preflight.PreflightFinding.Severity;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What all checks have found.
 *
 * @param findings in the order of the checks; none if nothing is wrong
 */
public record PreflightReport(List<PreflightFinding> findings) {

    public PreflightReport {
        findings = List.copyOf(findings);
    }

    /** Whether an order would fail. */
    public boolean isBlocking() {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.BLOCKING);
    }

    /** All sentences, for the message of a failure; empty if there are none. */
    public String text() {
        return findings.stream().map(PreflightFinding::sentence).collect(Collectors.joining(" "));
    }
}
