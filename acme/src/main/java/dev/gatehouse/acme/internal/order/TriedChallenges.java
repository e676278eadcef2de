package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of the challenges of one request, over all its orders: an authorization that has failed once is invalid, so
 * another type of challenge needs another order. Safe for use by several threads.
 */
final class TriedChallenges {

    /** One for each type. */
    static final int MOST_ORDERS = ChallengeType.values().length;

    private final Map<SubjectName, Outcomes> byName = new TreeMap<>();
    private int orders;
    private @Nullable Duration retryAfter;
    private @Nullable String problem;

    private static final class Outcomes {

        private final Map<ChallengeType, String> failed = new LinkedHashMap<>();
        private Map<ChallengeType, String> leftOut = Map.of();
        private boolean isHopeless;
    }

    /** Notes that a type did not work; the outcome is one or two sentences. */
    synchronized void failed(SubjectName name, ChallengeType type, String outcome) {
        outcomes(name).failed.put(type, outcome);
    }

    /** Notes that nothing is left to try for a name, and why types were left out. */
    synchronized void exhausted(SubjectName name, Map<ChallengeType, String> leftOut) {
        Outcomes outcomes = outcomes(name);
        outcomes.leftOut = leftOut;
        outcomes.isHopeless = true;
    }

    synchronized void askedToWait(Optional<Duration> wait) {
        wait.ifPresent(
                longer -> retryAfter = retryAfter == null || longer.compareTo(retryAfter) > 0 ? longer : retryAfter);
    }

    /** Notes which type of problem the authority has named. */
    synchronized void named(String problemType) {
        problem = problemType;
    }

    synchronized Set<ChallengeType> failedFor(SubjectName name) {
        Outcomes outcomes = byName.get(name);
        Set<ChallengeType> failed = EnumSet.noneOf(ChallengeType.class);
        if (outcomes != null) {
            failed.addAll(outcomes.failed.keySet());
        }
        return failed;
    }

    synchronized void orderBegins() {
        orders++;
    }

    /** Whether another order may succeed with other types. */
    synchronized boolean isAnotherOrderWorthwhile() {
        return orders < MOST_ORDERS && byName.values().stream().noneMatch(outcomes -> outcomes.isHopeless);
    }

    /** The end, which names each type with what became of it, for each name that failed. */
    synchronized IssuanceException failure(boolean isForSeveralNames) {
        StringJoiner text = new StringJoiner(" ");
        boolean tried = false;
        for (Map.Entry<SubjectName, Outcomes> entry : byName.entrySet()) {
            Outcomes outcomes = entry.getValue();
            if (outcomes.failed.isEmpty() && !outcomes.isHopeless) {
                continue;
            }
            tried |= !outcomes.failed.isEmpty();
            text.add((isForSeveralNames ? entry.getKey() + ": " : "") + describe(outcomes));
        }
        IssuanceException failure =
                new IssuanceException(tried ? Kind.VALIDATION_FAILED : Kind.REFUSED, text.toString(), null, retryAfter);
        IssuanceException named = problem == null ? failure : failure.withProblem(problem);
        return isForSeveralNames ? atFault().map(named::about).orElse(named) : named;
    }

    /** Of several names one, so that the others can do without it. */
    private Optional<SubjectName> atFault() {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue().isHopeless)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String describe(Outcomes outcomes) {
        StringJoiner text = new StringJoiner(" ");
        if (outcomes.failed.isEmpty()) {
            text.add("No challenge can be answered.");
        }
        outcomes.failed.values().forEach(text::add);
        for (ChallengeType type : ChallengeType.values()) {
            String reason = outcomes.leftOut.get(type);
            if (reason != null) {
                text.add("The " + type + " challenge is not used: " + reason + ".");
            }
        }
        return text.toString();
    }

    private Outcomes outcomes(SubjectName name) {
        return byName.computeIfAbsent(name, first -> new Outcomes());
    }
}
