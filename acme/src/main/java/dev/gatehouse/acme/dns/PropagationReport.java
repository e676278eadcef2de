package dev.gatehouse.acme.dns;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What each server said in the last round of a propagation check.
 *
 * @param record what was looked for
 * @param zone the zone it is in; empty if certain servers were asked
 * @param answers one for each server and address, in the order of their names; empty if nothing was checked
 * @param rounds how many rounds there were
 * @param elapsed how long the check took
 */
public record PropagationReport(
        ChallengeRecord record, String zone, List<ServerAnswer> answers, int rounds, Duration elapsed) {

    /**
     * Takes a copy of the answers.
     *
     * @param record what was looked for
     * @param zone the zone it is in
     * @param answers one for each server and address
     * @param rounds how many rounds there were
     * @param elapsed how long the check took
     */
    public PropagationReport {
        answers = List.copyOf(answers);
    }

    /** {@return whether every server shows the value, or nothing was checked} */
    public boolean isComplete() {
        return missing().isEmpty();
    }

    /** {@return whether at least one server shows the value, and those that do not are silent} */
    public boolean isCompleteButForSilentServers() {
        return answers.stream().anyMatch(ServerAnswer::showsValue)
                && missing().stream().allMatch(answer -> answer.verdict().isSilent());
    }

    /**
     * Finds the answers that do not show the value. A server that shows it at one address may be silent at another, as its
     * IPv6 address is where there is no IPv6.
     *
     * @return the answers that must change before the check is complete
     */
    public List<ServerAnswer> missing() {
        Set<String> showing = answers.stream()
                .filter(ServerAnswer::showsValue)
                .map(ServerAnswer::server)
                .collect(Collectors.toSet());
        return answers.stream()
                .filter(answer -> !answer.showsValue())
                .filter(answer -> !answer.verdict().isSilent() || !showing.contains(answer.server()))
                .toList();
    }

    /** {@return how many servers were asked, whatever the number of their addresses} */
    public int serverCount() {
        return count(answers);
    }

    /** {@return how many of them do not show the value, or not at all of their addresses} */
    public int missingServerCount() {
        return count(missing());
    }

    private static int count(List<ServerAnswer> answers) {
        return (int) answers.stream().map(ServerAnswer::server).distinct().count();
    }

    /** {@return one line for each server, each after a line break and two spaces} */
    @Override
    public String toString() {
        return answers.stream().map(answer -> "\n  " + answer).collect(Collectors.joining());
    }
}
