package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.PropagationCheck;
import dev.gatehouse.acme.dns.PropagationReport;
import dev.gatehouse.acme.dns.ServerAnswer;
import dev.gatehouse.acme.dns.ServerAnswer.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/** Says in a sentence what a propagation check ended with, and what to do. */
final class PropagationRemedy {

    private PropagationRemedy() {}

    static String explain(PropagationReport report, PropagationCheck check) {
        int all = report.serverCount();
        String servers = all
                + (all == 1 ? " server" : " servers")
                + (report.zone().isEmpty() ? "" : " of the zone " + report.zone());
        return report.record().domain() + ": after " + Texts.show(report.elapsed()) + ", "
                + report.missingServerCount() + " of " + servers + " did not show the value of "
                + report.record().name() + ". " + remedy(report, check) + " They said:";
    }

    static String listed(List<ServerAnswer> answers) {
        return answers.stream().map(ServerAnswer::toString).collect(Collectors.joining("; "));
    }

    private static String remedy(PropagationReport report, PropagationCheck check) {
        List<ServerAnswer> missing = report.missing();
        if (missing.stream().anyMatch(answer -> answer.verdict() == Verdict.ALIAS)) {
            return "A CNAME record stands in the way of the TXT record: remove it, or let aliases be followed.";
        }
        if (missing.stream().anyMatch(answer -> answer.verdict() == Verdict.NOT_AUTHORITATIVE)) {
            return "Load the zone on every server that its NS records name, or remove the others from them.";
        }
        if (missing.stream().anyMatch(answer -> answer.verdict() == Verdict.FAILURE)) {
            return "Look into the log of the server that fails.";
        }
        if (missing.stream().allMatch(answer -> answer.verdict().isSilent())) {
            return missing.size() == report.answers().size()
                    ? "Let this machine reach port 53 of these servers by UDP and TCP, or have others asked by"
                            + " PropagationCheck.onServers(…)."
                    : "Mend the silent servers, or let them be ignored by PropagationCheck.ignoringSilentServers().";
        }
        if (missing.size() == report.answers().size()) {
            return "Check that the DNS provider writes into the zone that these servers serve.";
        }
        return "Check that the zone reaches all of its servers (NOTIFY, zone transfer), or wait longer than "
                + Texts.show(check.timeout()) + ".";
    }
}
